package gpuspool.cli;

import gpuspool.config.HostName;
import gpuspool.config.Settings;
import gpuspool.gpu.GpuId;
import gpuspool.posix.LockDirectory;
import gpuspool.posix.OwnEnvironment;
import gpuspool.posix.ProcFiles;
import gpuspool.spool.FileSystemKind;
import gpuspool.spool.SettingsFile;
import gpuspool.spool.Snapshot;
import gpuspool.spool.Spool;
import gpuspool.supervise.JobEnvironment;
import gpuspool.watch.Attention;
import gpuspool.watch.LiveSettings;
import gpuspool.watch.SettingsReload;
import gpuspool.watch.Setup;
import gpuspool.watch.Watcher;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Puts a watcher together from what the machine, the settings and the caller's environment say. */
final class Watchers {
    /** For tests that play a reboot: what to take for the kernel's boot id. */
    private static final String PLAYED_BOOT_ID = "GPUSPOOL_TEST_BOOT_ID";

    private Watchers() {}

    /** @param log takes one line per event */
    static Watcher of(
            Spool spool,
            List<GpuId> cards,
            LockDirectory locks,
            SpoolSettings begun,
            Map<String, String> environment,
            Consumer<String> log)
            throws IOException {
        FileSystemKind kind = FileSystemKind.of(spool.places().incoming());
        Attention attention = new Attention(log);
        Settings start = begun.read().settings();
        LiveSettings settings = new SettingsReload(
                new SettingsFile(spool.places(), Settings.LARGEST_FILE, kind.hasLeases()),
                begun.reader(),
                start,
                begun.file(),
                attention,
                log);
        Setup setup = new Setup(
                spool,
                start.host().orElse(HostName.current()),
                cards,
                Runtime.getRuntime().availableProcessors(),
                new Snapshot(
                        () -> Defaults.of(settings.now()),
                        () -> (int) settings.now().maxFileSize(),
                        kind.hasLeases()),
                kind.isNfs(),
                spool.root().getParent(),
                new JobEnvironment(OwnEnvironment.exact(environment)),
                settings,
                attention,
                log);
        String played = environment.get(PLAYED_BOOT_ID);
        return new Watcher(setup, locks, played == null ? ProcFiles.bootId() : played, Main.version());
    }
}
