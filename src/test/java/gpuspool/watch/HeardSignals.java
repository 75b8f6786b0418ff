package gpuspool.watch;

import gpuspool.posix.JobProcess;
import gpuspool.posix.Processes;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The world's processes, but what becomes of a signal is up to the test. */
abstract class HeardSignals implements Processes {
    final Processes real;

    HeardSignals(Processes real) {
        this.real = real;
    }

    @Override
    public List<JobProcess> ofJob(String cookie, int session) throws IOException {
        return real.ofJob(cookie, session);
    }

    @Override
    public List<JobProcess> holding(String lockName) throws IOException {
        return real.holding(lockName);
    }

    @Override
    public Optional<JobProcess> process(int pid, long startTicks) throws IOException {
        return real.process(pid, startTicks);
    }

    @Override
    public Optional<Belonging> belonging(int pid) {
        return real.belonging(pid);
    }
}
