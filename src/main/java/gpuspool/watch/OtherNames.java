package gpuspool.watch;

import gpuspool.job.JobId;
import gpuspool.spool.DiskFs;
import gpuspool.spool.Fs;
import gpuspool.spool.HostNote;
import gpuspool.spool.Looker;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Notices that names and machines do not go together any more: a machine that was renamed has left jobs under its old name, which
 * this watcher does not look after; and two machines of one name would take each other's jobs for their own.
 */
final class OtherNames {
    private static final String OLD = "old name";
    private static final String SAME = "same name";
    private static final long AGAIN = Duration.ofMinutes(1).toNanos();

    private final Setup setup;
    private final Looker looker;
    private final Optional<String> machine;
    private final Fs fs = new DiskFs();
    private boolean looked;
    private boolean noted;
    private long next;

    /** @param machine what this machine is called whatever its name; empty: nothing can be noticed */
    OtherNames(Setup setup, String bootId, Optional<String> machine) {
        this.setup = setup;
        this.looker = new Looker(setup.host(), bootId);
        this.machine = machine;
    }

    /** Looks at the start, and once a minute while there is something to tell. */
    void look(long now) {
        if (machine.isEmpty() || looked && !(noted && now - next >= 0)) {
            return;
        }
        next = now + AGAIN;
        try {
            boolean left = false;
            for (HostNote note : HostNote.readAll(setup.spool().places(), looker)) {
                if (!note.host().equals(setup.host())) {
                    left |= compare(note);
                } else if (!looked) {
                    compareOwn(note);
                }
            }
            if (!left && noted) {
                setup.attention().clear(OLD);
            }
            noted = left;
        } catch (IOException e) {
            setup.say("attention: cannot look whether this machine watched here under another name: " + e.getMessage());
        }
        looked = true;
    }

    /** Whether jobs of that name are this machine's, and nobody looks after them. */
    private boolean compare(HostNote note) throws IOException {
        String old = note.host();
        if (!note.machine().equals(machine) || note.livesIn(looker.boot())) {
            return false;
        }
        long jobs = fs.list(setup.spool().places().running()).stream()
                .flatMap(name -> JobId.parse(name).stream())
                .filter(id -> id.host().equals(old))
                .count();
        if (jobs > 0) {
            setup.attention()
                    .set(
                            OLD,
                            "this machine watched here as " + old
                                    + " before, and jobs of that name lie in running/, which"
                                    + " nobody looks after. To have them looked after, and to go on under that name: write [hosts."
                                    + setup.host() + "] and, in the line below, host = \"" + old
                                    + "\" into spool.toml, and start the watcher anew (if " + old
                                    + " is another machine, a copy of the same"
                                    + " disk: give one of them an /etc/machine-id of its own)");
        }
        return jobs > 0;
    }

    private void compareOwn(HostNote note) throws IOException {
        Optional<String> before = note.machine();
        if (before.isPresent() && !before.equals(machine)) {
            setup.attention()
                    .set(
                            SAME,
                            "another machine watched here as " + setup.host()
                                    + " before. If it still does, each takes the"
                                    + " other's jobs for its own: give one of them another name: GPUSPOOL_HOST=NAME in"
                                    + " its environment, for all commands");
        }
    }
}
