package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.posix.Flock;
import gpuspool.posix.Lock;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another program that picks GPUs under a lock of its own. */
final class PickLockTest {
    @TempDir
    private Path temp;

    private WatcherBed bed;
    private Path file;

    @BeforeEach
    void makeBed() throws IOException {
        bed = new WatcherBed(temp);
        file = temp.toRealPath().resolve("other-picker.lock");
        bed.environment.put("GPUSPOOL_PICK_LOCK", file.toString());
    }

    @AfterEach
    void end() throws IOException {
        bed.close();
    }

    @Test
    void otherProgramPicks_nothingStartsOnACard_untilItHas() throws Exception {
        Lock others = Flock.tryLock(file).orElseThrow();
        try {
            bed.watch("sim:1");
            bed.drop("gpu.job", "echo ran\n");
            bed.drop("cpu.job", "#GPUSPOOL gpus=0\necho ran\n");
            bed.awaitFiled("cpu.1");
            bed.await(
                    "it is said why",
                    () -> bed.waiting().contains("another program is picking GPUs: it has " + file + " locked"));
            assertNull(bed.filed("gpu.1"));
        } finally {
            others.close();
        }
        bed.awaitFiled("gpu.1");
    }

    @Test
    void jobRuns_theLockIsFreeForOthers() throws Exception {
        bed.watch("sim:1");
        bed.drop("long.job", "echo up; sleep 600\n");
        bed.awaitOutput("long.1", "up");
        bed.await("the lock is not handed down", () -> {
            var lock = Flock.tryLock(file);
            lock.ifPresent(Lock::close);
            return lock.isPresent();
        });
        assertTrue(bed.names("running").size() == 1);
    }
}
