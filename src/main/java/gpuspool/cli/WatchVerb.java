package gpuspool.cli;

import gpuspool.config.SettingKey;
import gpuspool.config.SettingOption;
import gpuspool.gpu.BadDeviceListException;
import gpuspool.gpu.CardSource;
import gpuspool.gpu.Discovery;
import gpuspool.gpu.Inventory;
import gpuspool.gpu.Roster;
import gpuspool.posix.Interrupts;
import gpuspool.posix.LockPlace;
import gpuspool.spool.HostFiles;
import gpuspool.spool.Layout;
import gpuspool.spool.Spool;
import gpuspool.spool.SpoolMaker;
import gpuspool.watch.AlreadyWatchedException;
import gpuspool.watch.JobNews;
import gpuspool.watch.ReplacedException;
import gpuspool.watch.Watcher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** {@code gpuspool watch}: the service that starts jobs and files them. */
final class WatchVerb extends Verb {
    private static final Duration LAST_STEP = Duration.ofSeconds(5);
    /** A GPU that nobody keeps awake may take seconds to answer. */
    private static final Duration FIRST_LOOK = Duration.ofSeconds(20);

    private static final Duration FOR_EVER = Duration.ofDays(3650);

    @Option(
            names = "--devices",
            paramLabel = "LIST",
            description =
                    "which GPUs: 0,1 or UUIDs, or sim:4 for four simulated ones (default: $$GPUSPOOL_DEVICES, else $$CUDA_VISIBLE_DEVICES, else as spool.toml says)")
    private String devices;

    @Option(
            names = "--lock-dir",
            paramLabel = "DIR",
            description =
                    "where locks live, on this host (default: $$GPUSPOOL_LOCK_DIR, else as spool.toml says, else /run/lock/gpuspool)")
    private Path lockDir;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            completionCandidates = Candidates.Settings.class,
            description = "a setting of spool.toml, such as grace=1m; may be given several times")
    private List<String> set = List.of();

    @Option(names = "--once", description = "run what is there, then exit")
    private boolean once;

    @Option(
            names = "--stop-jobs",
            description =
                    "when told to leave (SIGTERM, Ctrl-C), stop the running jobs first; told again, leave at once")
    private boolean stopJobs;

    @Option(names = "--detach", description = "run in the background, with a log in hosts/HOST/watcher.log")
    private boolean detach;

    @Option(names = "--log", hidden = true, description = "write the log to hosts/HOST/watcher.log")
    private boolean inBackground;

    WatchVerb(Invocation call) {
        super(call);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        SpoolSettings begun = SpoolSettings.of(new Layout(place()), call.environment(), options());
        begun.read().mistakes().forEach(mistake -> say(mistake.text()));
        return begun.read().mistakes().isEmpty() ? watch(begun) : ExitStatus.USAGE.code;
    }

    private List<SettingOption> options() {
        List<SettingOption> options = new ArrayList<>();
        if (devices != null) {
            options.add(new SettingOption("--devices", SettingKey.DEVICES.key(), devices));
        }
        if (lockDir != null) {
            options.add(new SettingOption(
                    "--lock-dir", SettingKey.LOCK_DIR.key(), lockDir().toString()));
        }
        set.forEach(given -> options.add(SettingOption.ofSet(given)));
        return options;
    }

    private Path lockDir() {
        return call.directory().resolve(lockDir);
    }

    private int watch(SpoolSettings begun) throws IOException, InterruptedException {
        Map<String, String> environment = call.environment();
        try {
            CardSource source =
                    Discovery.find(begun.read().namedDevices(), begun.read().origin(SettingKey.DEVICES), environment);
            source.warning().ifPresent(warning -> say("warning: " + warning));
            Roster cards = Roster.of(source, FIRST_LOOK);
            cards.check();
            cards.warning().ifPresent(warning -> say("warning: " + warning));
            if (cards.inventory() instanceof Inventory.Unknown unknown) {
                say("warning: GPUs not known: " + unknown.reason()
                        + ". Jobs that need one wait; their driver is asked again every 10 s");
            }
            Spool opened = SpoolMaker.openOrMake(place(), fs);
            if (detach && fs.look(opened.places().drain()).isPresent()) {
                say(
                        "note: control/drain lies there, so it leaves once no job of its host runs; to go on: gpuspool resume"
                                + spoolOption() + ", then gpuspool watch");
            }
            return detach
                    ? new Detached(call, opened, looker(), this::say).start(arguments())
                    : watch(opened, cards, begun);
        } catch (BadDeviceListException e) {
            say(e.getMessage());
            return ExitStatus.USAGE.code;
        } catch (ReplacedException e) {
            say(e.getMessage());
            return ExitStatus.FAILED.code;
        } catch (AlreadyWatchedException e) {
            say(e.getMessage());
            return ExitStatus.TRY_AGAIN.code;
        }
    }

    /** What the one in the background is told. */
    private List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of(
                "watch", "--log", "--spool", call.directory().resolve(place()).toString()));
        if (devices != null) {
            arguments.addAll(List.of("--devices", devices));
        }
        if (lockDir != null) {
            arguments.addAll(List.of("--lock-dir", lockDir().toString()));
        }
        set.forEach(given -> arguments.addAll(List.of("--set", given)));
        if (once) {
            arguments.add("--once");
        }
        if (stopJobs) {
            arguments.add("--stop-jobs");
        }
        return arguments;
    }

    private int watch(Spool opened, Roster cards, SpoolSettings begun)
            throws IOException, InterruptedException, AlreadyWatchedException, ReplacedException {
        LockPlace.Place locks = LockPlace.find(begun.read().settings().lockDir(), call.environment());
        locks.warning().ifPresent(warning -> say("warning: " + warning));
        ScreenLog screen = new ScreenLog(call.out());
        EventLines log = inBackground ? fileLog(begun) : screen;
        Watcher watcher = Watchers.of(
                call.directory().resolve(place()),
                opened,
                cards,
                locks.directory(),
                begun,
                call.environment(),
                log,
                JobNews.NOBODY);
        if (!once) {
            StartArchive.makeLater(call.environment(), opened.root(), log);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(watcher, screen)));
        try {
            watcher.run(once);
        } finally {
            screen.awaitPrinted();
        }
        return ExitStatus.OK.code;
    }

    private EventLines fileLog(SpoolSettings begun) throws IOException {
        String host = begun.read().settings().host().orElse(looker().host());
        return new WatchLog(HostFiles.log(new Layout(call.directory().resolve(place())).host(host)));
    }

    /** Runs when the process is told to end, and when it ends by itself. */
    private void leave(Watcher watcher, ScreenLog screen) {
        if (watcher.hasLeft()) {
            return;
        }
        Interrupts.endAtOnce();
        if (stopJobs) {
            watcher.stopJobs();
        } else {
            watcher.leave();
        }
        try {
            // Not Thread.join: that thread ends by System.exit, which waits for this one.
            if (!watcher.awaitLeft(stopJobs ? FOR_EVER : LAST_STEP)) {
                say("left without tidying up; the next watcher does it");
            }
            screen.awaitPrinted();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
