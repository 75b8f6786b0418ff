package gpuspool.watch;

import gpuspool.gpu.Device;
import gpuspool.job.Sizes;
import gpuspool.plan.Sharing;
import gpuspool.spool.StatusFile;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Tells of jobs that use more of a card that they share than they declared. Nothing is done to them. */
final class OverrunWatch {
    private final Setup setup;
    private final Edges edges;
    private final JobBook jobs;
    private final CardDesk desk;
    private final CardShares shares;
    /** Topics that are shown to the operator. */
    private final Set<String> shown = new HashSet<>();

    OverrunWatch(Setup setup, Edges edges, JobBook jobs, CardDesk desk, CardShares shares) {
        this.setup = setup;
        this.edges = edges;
        this.jobs = jobs;
        this.desk = desk;
        this.shares = shares;
    }

    /** The cards were looked at. */
    void look() throws IOException {
        for (Job job : jobs.all()) {
            if (job.phase == Job.Phase.LIVE && job.memory.isPresent() && job.overrun.isEmpty()) {
                look(job);
            }
        }
    }

    private void look(Job job) throws IOException {
        long declared = job.memory.orElseThrow();
        for (Device device : desk.describe(job.cards.keySet())) {
            long used = shares.used(job, device.id());
            if (used > declared + Sharing.TOLERATED) {
                String what = "uses " + Sizes.about(used) + " of GPU " + device.label() + ", and declared "
                        + Sizes.about(declared) + " (gpu_mem)";
                job.overrun = Optional.of(what);
                shown.add(topic(job));
                setup.attention()
                        .set(
                                topic(job),
                                "overrun " + job.name() + ": it " + what
                                        + "; it runs on, but jobs that share the card may run out of memory");
                job.dir.append(edges.fs(), new StatusFile.Lines().add("overrun", what));
                return;
            }
        }
    }

    /** What is shown of jobs that have ended is shown no more. */
    void tidy() {
        Set<String> over = new HashSet<>(shown);
        jobs.all().stream().filter(job -> job.phase == Job.Phase.LIVE).forEach(job -> over.remove(topic(job)));
        over.forEach(setup.attention()::clear);
        shown.removeAll(over);
    }

    private static String topic(Job job) {
        return "overrun " + job.name();
    }
}
