package gpuspool.supervise;

import gpuspool.posix.JobProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Brings down processes of one job: TERM, then after a grace time KILL, in rounds that first stop everything so that nothing can
 * fork away. Driven by calls of {@link #step}; it never waits itself.
 */
public final class Stopping {
    private static final int SIGKILL = 9;
    private static final int SIGTERM = 15;
    private static final int SIGCONT = 18;
    private static final int SIGSTOP = 19;
    private static final int KILL_ROUNDS = 20;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);
    private static final Duration WHEN_STUCK = Duration.ofSeconds(1);

    private final JobProcesses job;
    private final Target target;
    private final long graceNanos;
    private long termAt;
    private boolean begun;
    private final Set<Integer> asked = new HashSet<>();
    private int rounds;

    /** Which processes are to go, found anew at each step. */
    public interface Target {
        List<JobProcess> living() throws IOException;
    }

    public Stopping(JobProcesses job, Target target, Duration grace) {
        this.job = job;
        this.target = target;
        this.graceNanos = grace.toNanos();
    }

    /**
     * What is left after a step.
     *
     * @param alive processes not gone yet; empty = all gone
     * @param stuck whether they survived KILL: they wait in the kernel, and only an operator can help
     * @param lookAgain when the next step is worth it
     */
    public record Rest(List<JobProcess> alive, boolean stuck, Duration lookAgain) {
        public boolean isGone() {
            return alive.isEmpty();
        }
    }

    /** Does what is due at {@code now} (monotonic, in nanoseconds). */
    public Rest step(long now) throws IOException {
        List<JobProcess> alive = target.living();
        if (alive.isEmpty()) {
            return new Rest(alive, false, Duration.ZERO);
        }
        if (!begun) {
            begun = true;
            termAt = now;
        }
        if (now - termAt < graceNanos || asked.isEmpty()) {
            askToEnd(alive);
            return new Rest(alive, false, BETWEEN_LOOKS);
        }
        kill(alive);
        rounds++;
        boolean stuck = rounds > KILL_ROUNDS;
        return new Rest(alive, stuck, stuck ? WHEN_STUCK : BETWEEN_LOOKS);
    }

    /** TERM, once to each; some only come to light when others are gone. */
    private void askToEnd(List<JobProcess> alive) throws IOException {
        for (JobProcess process : alive) {
            if (asked.add(process.pid())) {
                job.signal(process, SIGTERM);
                // A stopped process would never see it.
                job.signal(process, SIGCONT);
            }
        }
    }

    private void kill(List<JobProcess> alive) throws IOException {
        List<JobProcess> before = alive;
        // Stopped until no new one turns up, then killed: a fork bomb is no quicker than this.
        for (int i = 0; i < KILL_ROUNDS; i++) {
            for (JobProcess process : before) {
                job.signal(process, SIGSTOP);
            }
            List<JobProcess> after = target.living();
            boolean stable = ids(before).containsAll(ids(after));
            before = after;
            if (stable) {
                break;
            }
        }
        for (JobProcess process : before) {
            job.signal(process, SIGKILL);
        }
    }

    private static List<Integer> ids(List<JobProcess> processes) {
        return processes.stream().map(JobProcess::pid).toList();
    }
}
