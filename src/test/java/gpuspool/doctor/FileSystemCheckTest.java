package gpuspool.doctor;

import static gpuspool.doctor.Said.assertSays;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.posix.Mount;
import gpuspool.spool.DiskFs;
import gpuspool.spool.Layout;
import gpuspool.spool.Removal;
import gpuspool.spool.SpoolMaker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FileSystemCheckTest {
    private static final FileProbe.Result FINE =
            new FileProbe.Result(List.of(), Optional.of(true), Optional.of(true), 3, 0);

    @TempDir
    private Path temp;

    @ParameterizedTest
    @CsvSource({
        "ext4, rw, 'ok: ext4, mounted on /data'",
        "xfs, rw, ok: xfs",
        "nfs4, 'rw hard', note: with hard; whether its server exports it with sync",
        "overlay, rw, note: container",
        "tmpfs, rw, note: memory",
        "fuse.sshfs, rw, note: not tested",
        "9p, rw, note: not tested",
        "exfat, rw, problem: no permissions",
    })
    void type_tellsWhatToExpect(String type, String options, String expected) {
        assertSays(FileSystemCheck.judge(mount(type, options)), expected);
    }

    @ParameterizedTest
    @CsvSource({
        "ext4, ro, problem: can only be read",
        "nfs, soft, problem: with soft",
        "nfs4, softerr, problem: with soft",
        "ext4, nobarrier, problem: nobarrier",
        "btrfs, barrier=0, problem: nobarrier",
    })
    void options_thatBreakPromises(String type, String option, String expected) {
        List<Finding> findings = FileSystemCheck.judge(mount(type, option));
        assertEquals(2, findings.size());
        assertSays(findings.subList(0, 1), expected);
    }

    private static Mount mount(String type, String options) {
        return new Mount(Path.of("/data"), type, Set.of(options.split(" ", -1)));
    }

    @Test
    void probe_tells() {
        assertSays(FileSystemCheck.judge(FINE, true), "ok: renames without replacing, gives leases; fsync took 3 ms");
        assertSays(
                FileSystemCheck.judge(
                        new FileProbe.Result(List.of(), Optional.of(false), Optional.of(false), 3, 0), false),
                "ok: it makes files once, links and renames; fsync");
        assertSays(
                FileSystemCheck.judge(
                        new FileProbe.Result(List.of(), Optional.of(true), Optional.of(false), 3, 0), true),
                "note: no read leases");
        assertSays(
                FileSystemCheck.judge(
                        new FileProbe.Result(List.of(), Optional.empty(), Optional.empty(), 1200, 0), true),
                "note: took 1200 ms");
        assertSays(
                FileSystemCheck.judge(
                        new FileProbe.Result(List.of("made it twice"), Optional.of(true), Optional.of(true), 3, 0),
                        true),
                "problem: it made it twice");
    }

    @ParameterizedTest
    @CsvSource({
        "0, ok: this machine's time",
        "5000, ok: this machine's time",
        "61000, note: 61 s ahead of",
        "-7000, note: 7 s behind",
    })
    void clock_thatIsAnother_isNoted(long ahead, String expected) {
        assertSays(ClockCheck.judge(ahead), expected);
    }

    @Test
    void aRealProbe_findsNothingAndLeavesNothing() throws Exception {
        Layout places = SpoolMaker.make(temp.resolve("spool"), new DiskFs()).places();
        FileProbe.Result result = FileProbe.tryOut(places, new DiskFs(), true);
        assertEquals(List.of(), result.failures());
        assertTrue(Math.abs(result.aheadMillis()) < 1000, result.toString());
        assertEquals(List.of(), new DiskFs().list(places.tmp()));
    }

    @Test
    void probeThatBreaksOff_leavesNothing() throws Exception {
        Layout places = SpoolMaker.make(temp.resolve("spool"), new DiskFs()).places();
        DiskFs full = new DiskFs() {
            @Override
            public void sync(Path path) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        assertThrows(IOException.class, () -> FileProbe.tryOut(places, full, true));
        assertEquals(List.of(), full.list(places.tmp()));
    }

    @Test
    void probeSweptByAWatcherThatStarts_isMadeAgain() throws Exception {
        Layout places = SpoolMaker.make(temp.resolve("spool"), new DiskFs()).places();
        AtomicBoolean swept = new AtomicBoolean();
        DiskFs sweeping = new DiskFs() {
            @Override
            public void link(Path from, Path to) throws IOException {
                if (!swept.getAndSet(true)) {
                    Removal.sweepTmp(places, this);
                }
                super.link(from, to);
            }
        };
        assertEquals(List.of(), FileProbe.tryOut(places, sweeping, true).failures());
        assertTrue(swept.get());
        assertEquals(List.of(), sweeping.list(places.tmp()));
    }

    @Test
    void fileSystemThatMakesAFileTwice_isFoundOut() throws Exception {
        Layout places = SpoolMaker.make(temp.resolve("spool"), new DiskFs()).places();
        DiskFs liar = new DiskFs() {
            @Override
            public void create(Path file, byte[] content) throws IOException {
                Files.deleteIfExists(file);
                super.create(file, content);
            }

            @Override
            public void link(Path from, Path to) {
                // Says nothing.
            }
        };
        assertEquals(2, FileProbe.tryOut(places, liar, true).failures().size());
    }
}
