package gpuspool.cli;

import gpuspool.config.HostName;
import gpuspool.config.Settings;
import gpuspool.gpu.GpuId;
import gpuspool.posix.LockDirectory;
import gpuspool.posix.ProcFiles;
import gpuspool.spool.FileSystemKind;
import gpuspool.spool.Snapshot;
import gpuspool.spool.Spool;
import gpuspool.supervise.JobEnvironment;
import gpuspool.watch.Attention;
import gpuspool.watch.Setup;
import gpuspool.watch.Watcher;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Puts a watcher together from what the machine and the caller's environment say. */
final class Watchers {
    /** For tests that play a reboot: what to take for the kernel's boot id. */
    private static final String PLAYED_BOOT_ID = "GPUSPOOL_TEST_BOOT_ID";

    private Watchers() {}

    /** @param log takes one line per event */
    static Watcher of(
            Spool spool, List<GpuId> cards, LockDirectory locks, Map<String, String> environment, Consumer<String> log)
            throws IOException {
        FileSystemKind kind = FileSystemKind.of(spool.places().incoming());
        Setup setup = new Setup(
                spool,
                HostName.current(),
                cards,
                Runtime.getRuntime().availableProcessors(),
                new Snapshot(Defaults.ofThisMachine(), kind.hasLeases()),
                FileSystemKind.SETTLE_LEASED,
                kind.settleUnleased(),
                spool.root().getParent(),
                new JobEnvironment(environment),
                () -> Settings.DEFAULTS,
                new Attention(log),
                log);
        String played = environment.get(PLAYED_BOOT_ID);
        return new Watcher(setup, locks, played == null ? ProcFiles.bootId() : played, Main.version());
    }
}
