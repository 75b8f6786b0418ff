package gpuspool.watch;

import gpuspool.config.Settings.Durability;
import gpuspool.spool.FastMark;
import gpuspool.spool.Fs;
import java.io.IOException;

/** What is synced and what is not, by the setting {@code durability}; {@code spool-layout.md}, section 3.1. */
final class Durable {
    private static final String FAST = "fast";
    private static final String FULL = "full";

    private final Setup setup;
    private final FastMark mark;

    Durable(Setup setup, Fs fs) {
        this.setup = setup;
        mark = new FastMark(setup.spool().places(), setup.host(), fs);
    }

    private boolean isFast() {
        return setup.settings().durability() == Durability.FAST;
    }

    /** What a claim that is made now says of itself; empty: nothing. */
    String word() throws IOException {
        if (isFast()) {
            mark.lay();
            return FAST;
        }
        return mark.lies() ? FULL : "";
    }

    /** Whether the job's own files are synced before it starts: whatever holds now, its claim has said which. */
    boolean syncs(Job job) {
        return !(isFast() && job.durability.equals(FAST));
    }

    /** Whether filing is synced. */
    boolean syncsFilings() {
        return !isFast();
    }

    /** Whether a job directory of an earlier boot may lack traces of its start. */
    boolean mayLackTraces(String durability) throws IOException {
        return !durability.equals(FULL) && mark.lies();
    }

    /** Takes the host's mark away when it is no longer needed. To be called when all of running/ has been looked at. */
    void tidy(JobBook jobs) throws IOException {
        boolean allFull = jobs.all().stream().allMatch(job -> job.durability.equals(FULL));
        if (!isFast() && allFull && mark.lies()) {
            mark.lift();
        }
    }
}
