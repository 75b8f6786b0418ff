package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.config.Settings;
import gpuspool.gpu.Roster;
import gpuspool.job.JobDefaults;
import gpuspool.spool.DiskFs;
import gpuspool.spool.DropReader;
import gpuspool.spool.Fs;
import gpuspool.spool.Spool;
import gpuspool.spool.SpoolMaker;
import gpuspool.spool.Times;
import gpuspool.supervise.JobEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpiryTest {
    private static final long HOUR = Duration.ofHours(1).toNanos();

    @TempDir
    Path temp;

    private final StandingClock clock = new StandingClock();
    private final List<String> log = new ArrayList<>();
    private final Attention attention = new Attention(log::add);
    private final Deque<Runnable> handed = new ArrayDeque<>();
    private final Inbox inbox = new Inbox();
    private Optional<Duration> keep = Optional.of(Duration.ofDays(30));
    private Spool spool;

    private static final class StandingClock implements Clocks {
        private long now = -5;

        @Override
        public long nanos() {
            return now;
        }

        @Override
        public long uptimeMillis() {
            return 0;
        }

        @Override
        public InstantSource calendar() {
            return InstantSource.system();
        }

        void advanceTo(long nanos) {
            now = nanos;
        }
    }

    @BeforeEach
    void makeSpool() throws IOException {
        spool = SpoolMaker.make(temp.resolve("spool"), new DiskFs());
    }

    private static Settings with(Optional<Duration> keep) {
        Settings all = Settings.DEFAULTS;
        return new Settings(
                all.devices(),
                all.gpus(),
                all.queue(),
                all.settle(),
                all.settleNoLease(),
                all.settleNfs(),
                all.maxFileSize(),
                all.durability(),
                all.shell(),
                all.cwd(),
                all.dropEnv(),
                all.output(),
                all.grace(),
                all.minFreeDisk(),
                keep,
                all.logSize(),
                all.logKeep(),
                all.historySize(),
                all.lockDir(),
                all.host());
    }

    private Expiry expiry(Fs fs) {
        Setup setup = new Setup(
                spool,
                "box",
                Roster.onTrust(List.of()),
                1,
                new DropReader(() -> new JobDefaults(List.of("/bin/sh")), () -> 1 << 20, false),
                false,
                temp,
                new JobEnvironment(Map.of()),
                new Setup.HolderProgram(List.of("/bin/false"), Map.of()),
                () -> with(keep),
                attention,
                log::add,
                JobNews.NOBODY);
        return new Expiry(setup, fs, clock, handed::add, inbox);
    }

    private Path record(String name, int daysAgo) throws IOException {
        Path dir = Files.createDirectory(spool.places().done().resolve(name + ".box"));
        Instant ended = Instant.ofEpochMilli(clock.calendar().millis()).minus(Duration.ofDays(daysAgo));
        Files.writeString(dir.resolve("status"), "ended = " + Times.format(ended) + "\n");
        return dir;
    }

    private void work() {
        while (!handed.isEmpty()) {
            handed.remove().run();
        }
    }

    @Test
    void oldRecords_goAtTheStartAndEveryHour() throws IOException {
        Path old = record("a.1", 31);
        Path young = record("b.1", 29);
        Expiry expiry = expiry(new DiskFs());
        long start = clock.nanos();
        assertEquals(start + HOUR, expiry.update());
        assertTrue(Files.exists(old), "not on the engine's thread");
        work();
        assertFalse(Files.exists(old));
        assertTrue(Files.exists(young));
        assertEquals(List.of("removed 1 record of jobs that ended 30d00h ago or earlier (keep)"), log);
        Path next = record("c.1", 31);
        clock.advanceTo(start + HOUR - 1);
        assertEquals(start + HOUR, expiry.update());
        assertEquals(List.of(), List.copyOf(handed));
        clock.advanceTo(start + HOUR);
        assertEquals(start + 2 * HOUR, expiry.update());
        work();
        assertFalse(Files.exists(next));
    }

    @Test
    void withoutTheSetting_nothingIsEverDue() throws IOException {
        Path old = record("a.1", 9999);
        keep = Optional.empty();
        Expiry expiry = expiry(new DiskFs());
        assertEquals(Engine.NEVER, expiry.update());
        assertTrue(handed.isEmpty());
        keep = Optional.of(Duration.ofDays(1));
        assertEquals(clock.nanos() + HOUR, expiry.update(), "set later, it counts at once");
        work();
        assertFalse(Files.exists(old));
        keep = Optional.empty();
        assertEquals(Engine.NEVER, expiry.update());
    }

    @Test
    void whileItIsBusy_noSecondOneBegins() {
        Expiry expiry = expiry(new DiskFs());
        expiry.update();
        clock.advanceTo(clock.nanos() + HOUR);
        expiry.update();
        assertEquals(1, handed.size());
        assertTrue(expiry.isBusy());
        work();
        assertFalse(expiry.isBusy());
        assertEquals(List.of(new Inbox.Wake()), inbox.drain(), "who waits for it to be over is told");
    }

    @Test
    void trouble_isShownUntilItIsOver() throws IOException {
        Path old = record("a.1", 31);
        boolean[] broken = {true};
        Meddler disk = (step, call) -> {
            if (broken[0] && step.kind() == Step.Kind.RENAME) {
                throw new IOException("Read-only file system");
            }
            return call.run();
        };
        Expiry expiry = expiry(Seams.fs(new DiskFs(), disk));
        expiry.update();
        work();
        String line =
                "old records cannot be removed: done/a.1.box: Read-only file system. Next try in an hour (setting keep)";
        assertEquals(List.of(line), attention.lines());
        assertEquals(List.of("attention: " + line), log);
        assertTrue(Files.exists(old));
        broken[0] = false;
        clock.advanceTo(clock.nanos() + HOUR);
        expiry.update();
        work();
        assertEquals(List.of(), attention.lines());
        assertFalse(Files.exists(old));
    }

    @Test
    void leaving_stopsBeforeTheNextRecord() throws IOException {
        for (int i = 1; i <= 200; i++) {
            record("a." + i, 31);
        }
        Expiry expiry = expiry(new DiskFs());
        expiry.update();
        expiry.leave();
        work();
        assertTrue(WatcherBed.list(spool.places().done()).size() > 100);
    }
}
