package gpuspool.cli;

import gpuspool.gpu.BadDeviceListException;
import gpuspool.gpu.Discovery;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.Inventory;
import gpuspool.posix.Interrupts;
import gpuspool.posix.LockPlace;
import gpuspool.spool.Spool;
import gpuspool.spool.SpoolMaker;
import gpuspool.watch.AlreadyWatchedException;
import gpuspool.watch.Watcher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** {@code gpuspool watch}: the service that starts jobs and files them. */
final class WatchVerb extends Verb {
    private static final Duration LAST_STEP = Duration.ofSeconds(5);
    private static final Duration FOR_EVER = Duration.ofDays(3650);

    @Option(
            names = "--devices",
            paramLabel = "LIST",
            description =
                    "which GPUs: 0,1 or UUIDs, or sim:4 for four simulated ones (default: $$CUDA_VISIBLE_DEVICES)")
    private String devices;

    @Option(
            names = "--lock-dir",
            paramLabel = "DIR",
            description = "where locks live, on this host (default: $$GPUSPOOL_LOCK_DIR, else /run/lock/gpuspool)")
    private Path lockDir;

    @Option(names = "--once", description = "run what is there, then exit")
    private boolean once;

    @Option(
            names = "--stop-jobs",
            description =
                    "when told to leave (SIGTERM, Ctrl-C), stop the running jobs first; told again, leave at once")
    private boolean stopJobs;

    @Option(names = "--detach", description = "run in the background, with a log in hosts/HOST/watcher.log")
    private boolean detach;

    @Option(names = "--timestamps", hidden = true, description = "begin each line with the time")
    private boolean timestamps;

    WatchVerb(Invocation call) {
        super(call);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Map<String, String> environment = call.environment();
        try {
            Inventory inventory = Discovery.find(Optional.ofNullable(devices), environment, Path.of("/"));
            if (!(inventory instanceof Inventory.Cards cards)) {
                say(((Inventory.Unknown) inventory).reason());
                return ExitStatus.FAILED.code;
            }
            cards.warning().ifPresent(warning -> say("warning: " + warning));
            Spool opened = SpoolMaker.openOrMake(place(), fs);
            return detach
                    ? new Detached(call, opened, this::say).start(arguments(opened))
                    : watch(opened, cards.gpus(), environment);
        } catch (BadDeviceListException e) {
            say(e.getMessage());
            return ExitStatus.USAGE.code;
        } catch (AlreadyWatchedException e) {
            say(e.getMessage());
            return ExitStatus.TRY_AGAIN.code;
        }
    }

    /** What the one in the background is told. */
    private List<String> arguments(Spool opened) {
        List<String> arguments = new ArrayList<>(
                List.of("watch", "--timestamps", "--spool", opened.root().toString()));
        if (devices != null) {
            arguments.addAll(List.of("--devices", devices));
        }
        if (lockDir != null) {
            arguments.addAll(List.of("--lock-dir", lockDir.toAbsolutePath().toString()));
        }
        if (once) {
            arguments.add("--once");
        }
        if (stopJobs) {
            arguments.add("--stop-jobs");
        }
        return arguments;
    }

    private int watch(Spool opened, List<GpuId> cards, Map<String, String> environment)
            throws IOException, InterruptedException, AlreadyWatchedException {
        LockPlace.Place locks = LockPlace.find(Optional.ofNullable(lockDir), environment);
        locks.warning().ifPresent(warning -> say("warning: " + warning));
        Watcher watcher = Watchers.of(opened, cards, locks.directory(), environment, this::tell);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(watcher)));
        watcher.run(once);
        return ExitStatus.OK.code;
    }

    private void tell(String event) {
        String time = timestamps ? LocalDateTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS) + " " : "";
        call.out().println(time + event);
    }

    /** Runs when the process is told to end, and when it ends by itself. */
    private void leave(Watcher watcher) {
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
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
