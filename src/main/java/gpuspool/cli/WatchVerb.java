package gpuspool.cli;

import gpuspool.config.HostName;
import gpuspool.config.SpoolPlace;
import gpuspool.gpu.BadDeviceListException;
import gpuspool.gpu.Discovery;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.Inventory;
import gpuspool.job.JobDefaults;
import gpuspool.posix.LockPlace;
import gpuspool.posix.ProcFiles;
import gpuspool.spool.DiskFs;
import gpuspool.spool.FileSystemKind;
import gpuspool.spool.Snapshot;
import gpuspool.spool.Spool;
import gpuspool.spool.SpoolMaker;
import gpuspool.supervise.JobEnvironment;
import gpuspool.watch.AlreadyWatchedException;
import gpuspool.watch.Setup;
import gpuspool.watch.Watcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code gpuspool watch}: the service that starts jobs and files them. */
@Command(name = "watch", description = "Starts jobs as GPUs become free, and files them when they end.")
final class WatchVerb implements Callable<Integer> {
    private static final Duration LAST_STEP = Duration.ofSeconds(5);

    @Option(names = "--spool", paramLabel = "DIR", description = "the spool (default: $GPUSPOOL_SPOOL, else ./spool)")
    private Path spool;

    @Option(
            names = "--devices",
            paramLabel = "LIST",
            description = "which GPUs: 0,1 or UUIDs, or sim:4 for four simulated ones")
    private String devices;

    @Option(names = "--lock-dir", paramLabel = "DIR", description = "where locks live, on this host")
    private Path lockDir;

    @Option(names = "--once", description = "run what is there, then exit")
    private boolean once;

    @Option(names = "--stop-jobs", description = "when told to leave (SIGTERM, Ctrl-C), stop the running jobs first")
    private boolean stopJobs;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Map<String, String> environment = System.getenv();
        try {
            Inventory inventory = Discovery.find(Optional.ofNullable(devices), environment, Path.of("/"));
            if (!(inventory instanceof Inventory.Cards cards)) {
                System.err.println("gpuspool watch: " + ((Inventory.Unknown) inventory).reason());
                return ExitStatus.FAILED.code;
            }
            cards.warning().ifPresent(warning -> System.err.println("gpuspool watch: warning: " + warning));
            Path place = SpoolPlace.find(Optional.ofNullable(spool), environment);
            Spool opened = SpoolMaker.openOrMake(place, new DiskFs());
            return watch(opened, cards.gpus(), environment);
        } catch (BadDeviceListException e) {
            System.err.println("gpuspool watch: " + e.getMessage());
            return ExitStatus.USAGE.code;
        } catch (AlreadyWatchedException e) {
            System.err.println("gpuspool watch: " + e.getMessage());
            return ExitStatus.TRY_AGAIN.code;
        }
    }

    private int watch(Spool opened, List<GpuId> cards, Map<String, String> environment)
            throws IOException, InterruptedException, AlreadyWatchedException {
        LockPlace.Place locks = LockPlace.find(Optional.ofNullable(lockDir), environment);
        locks.warning().ifPresent(warning -> System.err.println("gpuspool watch: warning: " + warning));
        FileSystemKind kind = FileSystemKind.of(opened.places().incoming());
        Setup setup = new Setup(
                opened,
                HostName.current(),
                cards,
                Runtime.getRuntime().availableProcessors(),
                new Snapshot(defaults(), kind.hasLeases()),
                FileSystemKind.SETTLE_LEASED,
                kind.settleUnleased(),
                opened.root().getParent(),
                new JobEnvironment(environment),
                System.out::println);
        String boot = environment.getOrDefault("GPUSPOOL_TEST_BOOT_ID", ProcFiles.bootId());
        Watcher watcher = new Watcher(setup, locks.directory(), boot, Main.version());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(watcher)));
        watcher.run(once);
        return ExitStatus.OK.code;
    }

    private void leave(Watcher watcher) {
        if (stopJobs) {
            watcher.stopJobs();
        } else {
            watcher.leave();
        }
        try {
            watcher.awaitLeft(stopJobs ? Duration.ofDays(1) : LAST_STEP);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static JobDefaults defaults() {
        for (String shell : List.of("/bin/bash", "/usr/bin/bash")) {
            if (Files.isExecutable(Path.of(shell))) {
                return new JobDefaults(List.of(shell));
            }
        }
        return new JobDefaults(List.of("/bin/sh"));
    }
}
