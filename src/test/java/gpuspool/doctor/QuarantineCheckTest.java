package gpuspool.doctor;

import static gpuspool.doctor.Said.assertSays;

import gpuspool.config.Settings;
import gpuspool.spool.DiskFs;
import gpuspool.spool.HostNote;
import gpuspool.spool.Layout;
import gpuspool.spool.Looker;
import gpuspool.spool.StatusFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class QuarantineCheckTest {
    private static final WatcherCheck.Here HERE = new WatcherCheck.Here(
            new Patient(Path.of("/data/spool"), Map.of(), 1001, new Looker("box", "boot"), "1.0", Settings.DEFAULTS),
            Optional.empty(),
            Path.of("/run/lock/gpuspool"));

    @TempDir
    private Path spool;

    private WatcherCheck.Host host(String name, boolean lives, String quarantine) throws IOException {
        Path directory = Files.createDirectories(spool.resolve("hosts").resolve(name));
        Files.writeString(directory.resolve("quarantine"), quarantine);
        StatusFile facts = StatusFile.parse((lives ? "pid = 7\n" : "").getBytes(StandardCharsets.UTF_8));
        HostNote note = new HostNote(name, directory, facts, lives ? HostNote.Life.ALIVE : HostNote.Life.GONE);
        return new WatcherCheck.Host(note, lives, List.of(), Optional.empty());
    }

    @Test
    void cardsOfWatchersThatAreGone_areTold() throws IOException {
        List<WatcherCheck.Host> hosts = List.of(
                host("box", false, "GPU-5f0c\t2026-01-01T00:00:00.000Z\tXID 79 (fallen off the bus)\nMIG-GPU-1/2/0\n"),
                host("far", true, "GPU-77\t\tlost\n"));
        assertSays(
                QuarantineCheck.judge(
                        QuarantineCheck.of(new Layout(spool), hosts, HERE, new DiskFs()), Path.of("/data/spool")),
                "problem: GPU GPU-5f0c of box is in quarantine, and gets no job: XID 79 (fallen off the bus)"
                        + " | when it is repaired: touch /data/spool/control/GPU-5f0c.ok",
                "problem: GPU MIG-GPU-1/2/0 of box is in quarantine, and gets no job: no reason is noted"
                        + " | when it is repaired: touch /data/spool/control/MIG-GPU-1_2_0.ok");
    }
}
