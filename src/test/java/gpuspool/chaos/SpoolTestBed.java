package gpuspool.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A spool, a lock directory and a ledger of their own, and what is submitted there. All its processes carry a mark of
 * this bed in their environment, so that they can be found without asking the spool.
 */
final class SpoolTestBed implements AutoCloseable {
    private final Path root;
    private final Path disk;
    private final Map<String, String> environment = new HashMap<>();
    private final List<TestJob> jobs = new ArrayList<>();
    private final Map<String, SpoolChecker.Harm> harmed = new HashMap<>();
    private final Ledger ledger;
    private final JobScripts scripts;
    private final Random random;
    private String format;
    private int watchers;
    private boolean keep = true;

    private SpoolTestBed(Path root, Path disk, long seed) {
        this.root = root;
        this.disk = disk;
        this.random = new Random(seed);
        this.ledger = new Ledger(root.resolve("ledger"));
        this.scripts = new JobScripts(ledger, random, Long.toString(seed & 0xffffff, 36));
        this.environment.put(WatcherProcess.BED, root.toString());
        this.environment.put("GPUSPOOL_MIN_FREE_DISK", "0B");
    }

    /** A bed with a spool that a watcher made. */
    static SpoolTestBed create(long seed) throws IOException, InterruptedException {
        Path root = Files.createTempDirectory("gpuspool-chaos-");
        return create(root, root, seed);
    }

    /** The same with the spool on a disk of its own; locks and ledger stay in {@code root}. */
    static SpoolTestBed create(Path root, Path disk, long seed) throws IOException, InterruptedException {
        SpoolTestBed bed = new SpoolTestBed(root, disk, seed);
        Files.createDirectory(bed.disk.resolve("staging"));
        Files.createDirectory(bed.lockDir());
        int exit = bed.once(Duration.ofSeconds(30));
        if (exit != 0) {
            throw new AssertionError("no spool was made: watch --once ended with " + exit + "; see " + bed.root);
        }
        bed.format = Files.readString(bed.spool().resolve("format"), StandardCharsets.ISO_8859_1);
        return bed;
    }

    Path root() {
        return root;
    }

    Path spool() {
        return disk.resolve("spool");
    }

    Path lockDir() {
        return root.resolve("locks");
    }

    Ledger ledger() {
        return ledger;
    }

    JobScripts scripts() {
        return scripts;
    }

    synchronized List<TestJob> jobs() {
        return List.copyOf(jobs);
    }

    /** From now on watchers believe that the machine was started anew. */
    void bootId(String id) {
        environment.put("GPUSPOOL_TEST_BOOT_ID", id);
    }

    /** The test did this to a job. The worst that was done to it counts. */
    void harm(String token, SpoolChecker.Harm what) {
        harmed.merge(token, what, (a, b) -> a.compareTo(b) > 0 ? a : b);
    }

    /** By rename: there at once, whole. False where that name still waits: nothing is overwritten. */
    boolean drop(TestJob job) throws IOException {
        Path target = Tree.rawPath(spool().resolve("incoming"), job.name());
        if (Files.exists(target)) {
            return false;
        }
        Path draft = Tree.rawPath(disk.resolve("staging"), job.name());
        Files.writeString(draft, job.text());
        add(job);
        Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        return true;
    }

    /** As {@code echo >} would, but slowly: the file has its name long before it has its text. */
    boolean dropSlowly(TestJob job) throws IOException, InterruptedException {
        Path target = spool().resolve("incoming").resolve(job.name());
        if (Files.exists(target)) {
            return false;
        }
        int cut = 1 + random.nextInt(job.text().length() - 1);
        add(job);
        ProcessBuilder writer = new ProcessBuilder(
                "/bin/sh",
                "-c",
                "exec >\"$1\"; sleep 0.0$4; printf %s \"$2\"; sleep 0.0$4; printf %s \"$3\"",
                "sh",
                target.toString(),
                job.text().substring(0, cut),
                job.text().substring(cut),
                Integer.toString(1 + random.nextInt(9)));
        int exit = writer.redirectErrorStream(true).start().waitFor();
        if (exit != 0) {
            throw new AssertionError("could not write " + target);
        }
        return true;
    }

    /** Some way or other, some job or other. */
    boolean dropAny() throws IOException, InterruptedException {
        TestJob job = scripts.any();
        return random.nextInt(4) == 0 ? dropSlowly(job) : drop(job);
    }

    List<TestJob> submit(int count, JobScripts.Kind kind) throws IOException {
        List<TestJob> made = new ArrayList<>();
        while (made.size() < count) {
            TestJob job = scripts.make(kind);
            if (drop(job)) {
                made.add(job);
            }
        }
        return made;
    }

    private synchronized void add(TestJob job) {
        jobs.add(job);
    }

    WatcherProcess watch(String... options) throws IOException {
        Path output;
        synchronized (this) {
            output = root.resolve("watcher-" + ++watchers + ".out");
        }
        return WatcherProcess.start(spool(), lockDir(), output, environment, List.of(options));
    }

    /** Drains what is there; the exit status. */
    int once(Duration limit) throws IOException, InterruptedException {
        try (WatcherProcess watcher = watch("--once")) {
            return watcher.awaitExit(limit);
        }
    }

    int waiting() throws IOException {
        return Tree.list(spool().resolve("incoming")).size();
    }

    boolean allFiled() throws IOException {
        return waiting() == 0 && Tree.list(spool().resolve("running")).isEmpty();
    }

    void awaitAllFiled(Duration limit) {
        Awaitility.await("everything is filed in " + spool())
                .atMost(limit)
                .pollInterval(Duration.ofMillis(50))
                .until(this::allFiled);
    }

    SpoolChecker checker() {
        return new SpoolChecker(spool(), jobs(), ledger).format(format).harmed(harmed);
    }

    /** Job directories in running/, by the token of the job in each, where one is in it. */
    Map<String, Path> running() throws IOException {
        Map<String, Path> found = new HashMap<>();
        for (Path directory : Tree.list(spool().resolve("running"))) {
            for (Path file : Tree.list(directory)) {
                if (Tree.isDrop(Tree.rawName(file))) {
                    String text = textOf(file);
                    jobs().stream()
                            .filter(job -> job.text().equals(text))
                            .forEach(job -> found.put(job.token(), directory));
                }
            }
        }
        return found;
    }

    /** No job's text where it was filed since it was listed. */
    private static String textOf(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    /** Every process that was started here, watchers included. */
    List<ProcTable.Proc> processes() throws IOException {
        return ProcTable.all().stream()
                .filter(p -> p.has(WatcherProcess.BED + "=" + root))
                .toList();
    }

    /**
     * Kills everything of this bed as a power cut would: all at one moment, so that no supervisor lives to write down
     * how its job died. Stopped first, then killed.
     */
    void cutPower() throws IOException, InterruptedException {
        int before = -1;
        for (List<ProcTable.Proc> found = processes(); found.size() != before; found = processes()) {
            before = found.size();
            signal("STOP", found);
        }
        signal("KILL", processes());
        Awaitility.await("all is dead")
                .atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> processes().isEmpty());
    }

    static void signal(String name, List<ProcTable.Proc> processes) throws IOException, InterruptedException {
        if (processes.isEmpty()) {
            return;
        }
        List<String> command =
                new ArrayList<>(List.of("/bin/sh", "-c", "kill -" + name + " \"$@\" 2>/dev/null; :", "sh"));
        processes.forEach(p -> command.add(Long.toString(p.pid())));
        Process kill = new ProcessBuilder(command).inheritIO().start();
        if (!kill.waitFor(10, TimeUnit.SECONDS)) {
            throw new AssertionError("kill hangs");
        }
    }

    /** The test went well: nothing of it need be kept. */
    void passed() {
        keep = false;
    }

    @Override
    public void close() throws IOException {
        try {
            signal("KILL", processes());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (keep) {
            System.out.println("chaos: kept for a look: " + root);
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attrs) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, IOException e) throws IOException {
                Files.delete(dir);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
