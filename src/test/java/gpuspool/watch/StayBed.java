package gpuspool.watch;

import gpuspool.config.Settings;
import gpuspool.gpu.Roster;
import gpuspool.job.JobDefaults;
import gpuspool.posix.LockDirectory;
import gpuspool.posix.ProcFiles;
import gpuspool.spool.DiskFs;
import gpuspool.spool.DropReader;
import gpuspool.spool.Spool;
import gpuspool.spool.SpoolMaker;
import gpuspool.supervise.JobEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Watchers in this process, one after the other, on a machine whose GPU driver is played. */
final class StayBed implements AutoCloseable {
    static final String HOST = "box";

    final FakeBackend driver;
    final List<String> log = new CopyOnWriteArrayList<>();
    private final Path root;
    private final Spool spool;
    private Roster roster;
    private volatile boolean leaving;
    private Inbox inbox;
    private Thread watcher;
    private volatile Throwable failure;

    StayBed(Path temp, int cards) throws IOException {
        root = temp;
        driver = new FakeBackend(cards);
        spool = SpoolMaker.make(temp.resolve("spool"), new DiskFs());
    }

    Path host(String file) {
        return spool.places().host(HOST).resolve(file);
    }

    Path control(String name) {
        return spool.places().control().resolve(name);
    }

    /** By rename: whole, and there at once. */
    void drop(String name, String text) throws IOException {
        Path draft = Files.writeString(root.resolve("draft"), text);
        Files.move(draft, spool.places().incoming().resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    void start() throws IOException, InterruptedException {
        leaving = false;
        inbox = new Inbox();
        roster = driver.roster();
        Settings settings = FaultBed.settings(Settings.Durability.FULL, 0);
        Attention attention = new Attention(log::add);
        Setup setup = new Setup(
                spool,
                HOST,
                roster,
                2,
                new DropReader(() -> new JobDefaults(List.of("/bin/sh")), () -> 1 << 20, false),
                false,
                root,
                new JobEnvironment(System.getenv()),
                new Setup.HolderProgram(List.of(), Map.of()),
                () -> settings,
                attention,
                log::add,
                JobNews.NOBODY);
        Stay stay = new Stay(
                spool.root(),
                setup,
                LockDirectory.open(root.resolve("locks")),
                ProcFiles.bootId(),
                inbox,
                () -> leaving);
        Introduction self = new Introduction("test", java.time.Instant.now(), Optional.empty());
        watcher = new Thread(
                () -> {
                    try {
                        stay.watch(self, false).ifPresent(lost -> failure = new AssertionError(lost));
                    } catch (Throwable e) {
                        failure = e;
                    }
                },
                "watcher");
        watcher.start();
        await("it watches", () -> log.stream().anyMatch(line -> line.startsWith("watching ")));
    }

    /** It leaves as if it had been told to; its jobs run on. */
    void stop() throws InterruptedException {
        leaving = true;
        inbox.put(new Inbox.Wake());
        watcher.join();
        roster.gauge().ifPresent(gauge -> gauge.close());
        log.clear();
    }

    void await(String what, Callable<Boolean> condition) {
        try {
            Awaitility.await(what)
                    .atMost(Duration.ofSeconds(25))
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> failure != null || condition.call());
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(what + " never; log: " + log, e);
        }
        if (failure != null) {
            throw new AssertionError(failure);
        }
    }

    /** Waits until this file of the host holds this. */
    void awaitHost(String file, String text) {
        await(file + " holds " + text, () -> read(file).contains(text));
    }

    /** What a file of the host holds; empty text where there is none. */
    String read(String file) throws IOException {
        return Files.exists(host(file)) ? Files.readString(host(file)) : "";
    }

    boolean isDone(String job) {
        return Files.isDirectory(spool.places().done().resolve(job + ".1." + HOST));
    }

    boolean runs(String job) {
        return Files.exists(spool.places().running().resolve(job + ".1." + HOST).resolve("output.log"));
    }

    void cancel(String job) throws IOException {
        Files.createFile(spool.places().running().resolve(job + ".1." + HOST).resolve("cancel"));
    }

    @Override
    public void close() {
        try {
            if (watcher != null && watcher.isAlive()) {
                stop();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
