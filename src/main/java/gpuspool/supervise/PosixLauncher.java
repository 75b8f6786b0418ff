package gpuspool.supervise;

import gpuspool.posix.Lock;
import gpuspool.posix.Spawn;
import gpuspool.spool.JobDir;
import gpuspool.spool.Mark;
import java.io.IOException;

/** Launches by posix_spawn: step 5 of {@code spool-layout.md}, section 3. */
public final class PosixLauncher implements Launcher {
    private static final int MARK_FD = 3;
    private static final int SPLIT_STDERR_FD = 4;

    @Override
    public int launch(Launch launch) throws IOException {
        try (Spawn spawn = new Spawn()) {
            spawn.chdir(launch.dir().path()).openRead(0, "/dev/null").openWrite(MARK_FD, Mark.STARTED);
            int next = MARK_FD + 1;
            if (launch.split()) {
                spawn.openAppend(SPLIT_STDERR_FD, JobDir.STDERR);
                next++;
            }
            for (Lock lock : launch.locks()) {
                spawn.dup(lock.fd(), next++);
            }
            // What the shell itself has to say goes into the mark. The start mark comes last: made, it proves a whole
            // child.
            spawn.closeFrom(next).dup(MARK_FD, 2).create(1, launch.split() ? JobDir.STDOUT : JobDir.OUTPUT);
            return spawn.start(
                    SupervisorText.arguments(launch.split(), launch.logs(), launch.cwd(), launch.command()),
                    launch.environment());
        }
    }
}
