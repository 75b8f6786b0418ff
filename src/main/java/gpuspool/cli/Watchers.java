package gpuspool.cli;

import gpuspool.config.HostName;
import gpuspool.config.Settings;
import gpuspool.config.SettingsRead;
import gpuspool.gpu.Roster;
import gpuspool.posix.LockDirectory;
import gpuspool.posix.OwnEnvironment;
import gpuspool.posix.ProcFiles;
import gpuspool.spool.DropReader;
import gpuspool.spool.FileSystemKind;
import gpuspool.spool.SettingsFile;
import gpuspool.spool.Spool;
import gpuspool.supervise.JobEnvironment;
import gpuspool.watch.Attention;
import gpuspool.watch.JobNews;
import gpuspool.watch.LiveSettings;
import gpuspool.watch.SettingsReload;
import gpuspool.watch.Setup;
import gpuspool.watch.Watcher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/** Puts a watcher together from what the machine, the settings and the caller's environment say. */
final class Watchers {
    /** For tests that play a reboot: what to take for the kernel's boot id. */
    private static final String PLAYED_BOOT_ID = "GPUSPOOL_TEST_BOOT_ID";

    private Watchers() {}

    /**
     * @param named the spool's root by the name the user gave
     * @param log takes one line per event
     */
    static Watcher of(
            Path named,
            Spool spool,
            Roster cards,
            LockDirectory locks,
            SpoolSettings begun,
            Map<String, String> environment,
            EventLines log,
            JobNews news)
            throws IOException {
        // Asked once: a watcher keeps its name, whatever the host is called meanwhile.
        String host = begun.read().settings().host().orElse(HostName.current());
        String played = environment.get(PLAYED_BOOT_ID);
        return new Watcher(
                named,
                spool,
                there -> setup(there, host, cards, begun, environment, log, news),
                locks,
                played == null ? ProcFiles.bootId() : played,
                Main.version());
    }

    private static Setup setup(
            Spool spool,
            String host,
            Roster cards,
            SpoolSettings begun,
            Map<String, String> environment,
            EventLines log,
            JobNews news)
            throws IOException {
        FileSystemKind kind = FileSystemKind.of(spool.places().incoming());
        Attention attention = new Attention(log);
        LiveSettings settings = settings(
                new SettingsFile(spool.places(), Settings.LARGEST_FILE, kind.hasLeases()), begun, attention, log);
        log.obey(settings::now);
        return new Setup(
                spool,
                host,
                cards,
                Runtime.getRuntime().availableProcessors(),
                new DropReader(
                        () -> Defaults.of(settings.now()),
                        () -> (int) settings.now().maxFileSize(),
                        kind.hasLeases()),
                kind.isNfs(),
                spool.root().getParent(),
                new JobEnvironment(OwnEnvironment.exact(environment)),
                new Setup.HolderProgram(ThisProgram.command(), OwnEnvironment.exact(environment)),
                settings,
                attention,
                log,
                news);
    }

    /** Of the spool that lies there now, which need not be the one the watcher came to; what counts at the start stays. */
    private static LiveSettings settings(
            SettingsFile file, SpoolSettings begun, Attention attention, Consumer<String> log) {
        SettingsFile.Outcome outcome = file.read();
        SettingsRead read = SettingsReload.understand(outcome, begun.reader());
        boolean understood = read.mistakes().isEmpty();
        Settings start = begun.read().settings();
        // One that is not understood is read again at the first look, which tells what is wrong.
        return new SettingsReload(
                file,
                begun.reader(),
                understood ? read.settings().startedWith(start) : start,
                understood ? outcome : new SettingsFile.Absent(),
                attention,
                log);
    }
}
