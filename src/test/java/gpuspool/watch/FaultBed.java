package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import gpuspool.chaos.JobScripts;
import gpuspool.chaos.Ledger;
import gpuspool.chaos.SpoolChecker;
import gpuspool.chaos.TestJob;
import gpuspool.chaos.Tree;
import gpuspool.config.SettingOption;
import gpuspool.config.Settings;
import gpuspool.config.SettingsReader;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.Roster;
import gpuspool.job.JobDefaults;
import gpuspool.posix.JobProcess;
import gpuspool.posix.Processes;
import gpuspool.spool.DiskFs;
import gpuspool.spool.DropReader;
import gpuspool.spool.JobDir;
import gpuspool.spool.Layout;
import gpuspool.spool.Spool;
import gpuspool.spool.SpoolMaker;
import gpuspool.supervise.JobEnvironment;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** A spool, its world and the jobs dropped there, for engines to meet one after the other. */
final class FaultBed implements AutoCloseable {
    /** Files are taken as soon as they are seen: nothing here is ever half written. */
    static final String HOST = "box";

    /** In a job's text, before a code: the first run ends with that. */
    static final String FIRST_FAILURE = "# the first time ";

    /** In a job's text: the first run never ends. */
    static final String FIRST_RUN = "sleep infinity # the first time";

    static final String BOOT = "11111111-boot";

    private final Path root;
    private final Spool spool;
    private final Ledger ledger;
    private final World world;
    private final int cards;
    private final String format;
    private final List<TestJob> jobs = new ArrayList<>();
    private final List<SimTaker> takers = new ArrayList<>();
    private final Map<String, SpoolChecker.Harm> harmed = new HashMap<>();
    private final List<String> log = new ArrayList<>();
    private final Attention attention = new Attention(log::add);
    private Settings settings = settings(Settings.Durability.FULL, 0);

    private FaultBed(Path root, Spool spool, Ledger ledger, World world, int cards) throws IOException {
        this.root = root;
        this.spool = spool;
        this.ledger = ledger;
        this.world = world;
        this.cards = cards;
        this.format = Files.readString(spool.places().format());
    }

    /** With real children. */
    static FaultBed real(int cards) throws IOException {
        Path root = newRoot();
        return new FaultBed(
                root, newSpool(root), new Ledger(root.resolve("ledger")), new RealWorld(root.resolve("locks")), cards);
    }

    /** With children that live one instruction at a time, when told to. */
    static FaultBed simulated(int cards) throws IOException {
        Path root = newRoot();
        Ledger ledger = new Ledger(root.resolve("ledger"));
        return new FaultBed(root, newSpool(root), ledger, new SimWorld(ledger), cards);
    }

    /** A spool that is there already, on a machine that was just started. */
    static FaultBed after(Path root, int cards, List<TestJob> jobs) throws IOException {
        Ledger ledger = new Ledger(root.resolve("ledger"));
        FaultBed bed = new FaultBed(root, Spool.open(root.resolve("spool")), ledger, new SimWorld(ledger), cards);
        bed.jobs.addAll(jobs);
        return bed;
    }

    /** In memory where there is such a place: nothing here is to survive. */
    static Path newRoot() throws IOException {
        Path memory = Path.of("/dev/shm");
        return (Files.isWritable(memory)
                        ? Files.createTempDirectory(memory, "gpuspool-faults-")
                        : Files.createTempDirectory("gpuspool-faults-"))
                .toRealPath();
    }

    private static Spool newSpool(Path root) throws IOException {
        return SpoolMaker.make(root.resolve("spool"), Seams.fs(new DiskFs(), UNFORCED));
    }

    /** No power is cut where this is used: what the kernel holds is as good as what the disk holds. */
    static final Meddler UNFORCED = (step, call) -> {
        if (!step.is(Step.Kind.SYNC)) {
            return call.run();
        }
        if (!Files.exists(step.path())) {
            throw new java.nio.file.NoSuchFileException(step.path().toString());
        }
        return null;
    };

    /** What is unchanged is taken at once; else as a user would set it. */
    static Settings settings(Settings.Durability durability, long minFreeDisk) {
        String word = durability.name().toLowerCase(Locale.ROOT);
        return new SettingsReader(
                        Map.of(),
                        List.of(
                                SettingOption.ofSet("settle=0s"),
                                SettingOption.ofSet("settle_no_lease=0s"),
                                SettingOption.ofSet("durability=" + word),
                                SettingOption.ofSet("min_free_disk=" + minFreeDisk + "B")),
                        "fault")
                .read(new byte[0])
                .settings();
    }

    /** Changed under the watcher's feet. */
    void set(Settings now) {
        settings = now;
    }

    Attention attention() {
        return attention;
    }

    Path spool() {
        return spool.root();
    }

    Layout places() {
        return spool.places();
    }

    World world() {
        return world;
    }

    SimWorld sim() {
        return (SimWorld) world;
    }

    Ledger ledger() {
        return ledger;
    }

    List<TestJob> jobs() {
        return jobs;
    }

    List<String> log() {
        return log;
    }

    /** A job that takes a moment on so many cards and ends with this code. */
    TestJob drop(String name, int gpus, int code) throws IOException {
        return drop(name, gpus, code, 0.005);
    }

    TestJob drop(String name, int gpus, int code, double seconds) throws IOException {
        return drop(name, gpus, code, "sleep " + seconds + "\n");
    }

    /** A job that shares one card with others, and ends with code 0. */
    TestJob dropSharing(String name, int gib) throws IOException {
        return drop(name, "gpus=1 gpu_mem=" + gib + "GiB", 1, 0, "sleep 0.005\n");
    }

    /** A job that does this on one card, between its first and its last words. */
    TestJob dropText(String name, String text) throws IOException {
        return drop(name, 1, 0, text);
    }

    /** A job with these options, such as {@code after=a}, that ends with this code. */
    TestJob dropWith(String options, String name, int code) throws IOException {
        return dropWith(options, name, code, true);
    }

    /** A job with these options that is to be refused. */
    TestJob dropInVain(String options, String name) throws IOException {
        return dropWith(options, name, 0, false);
    }

    private TestJob dropWith(String options, String name, int code, boolean runs) throws IOException {
        String token = "t-" + (jobs.size() + 1);
        String text = "#!/bin/bash\n#GPUSPOOL gpus=1 " + options + "\nt=" + token + "\n"
                + "say() { echo \"$1 $GPUSPOOL_ID ${GPUSPOOL_GPUS:--} ${EPOCHREALTIME/[.,]/}000 $t\" >>'"
                + ledger.file() + "'; }\nsay start\necho \"hello $t\"\nsay end\nexit " + code + "\n";
        return drop(
                runs
                        ? new TestJob(
                                name,
                                token,
                                JobScripts.Kind.NAP,
                                text,
                                1,
                                TestJob.EXITED,
                                code,
                                "hello " + token + "\n",
                                "",
                                true)
                        : new TestJob(
                                name, token, JobScripts.Kind.REFUSED, text, 1, TestJob.REFUSED, 0, "", "", false));
    }

    /** A job that ends with this code each time it runs, with these options. */
    TestJob dropFailing(String name, String options, int code) throws IOException {
        return drop(name, "gpus=1 " + options, 1, code, "sleep 0.005\n");
    }

    /** A job that ends with this code the first time, and with 0 afterwards. */
    TestJob dropFailingOnce(String name, String options, int code) throws IOException {
        String middle = "[ \"$(grep -c \"^start .* $t\\$\" '" + ledger.file() + "')\" -gt 1 ] || " + failure(code);
        return drop(name, "gpus=1 " + options, 1, 0, middle);
    }

    /** In a job's text: how it ends the first time, if it does so by itself. */
    private static String failure(int code) {
        return "{ say end; exit " + code + "; } " + FIRST_FAILURE + code + "\n";
    }

    /** A job with these options that works for ever the first time, and ends with this code when it runs again. */
    TestJob dropStuck(String name, String options, int code) throws IOException {
        String again = "[ \"$(grep -c \"^start .* $t\\$\" '" + ledger.file() + "')\" -gt 1 ] || ";
        return drop(name, "gpus=1 " + options, 1, code, again + FIRST_RUN + "\n");
    }

    /** A job with these options that never ends. */
    TestJob dropForEver(String name, String options) throws IOException {
        return drop(name, "gpus=1 " + options, 1, 0, "sleep infinity\n");
    }

    private TestJob drop(String name, int gpus, int code, String middle) throws IOException {
        return drop(name, "gpus=" + gpus, gpus, code, middle);
    }

    private TestJob drop(String name, String options, int gpus, int code, String middle) throws IOException {
        String token = "t-" + (jobs.size() + 1);
        String text = "#!/bin/bash\n#GPUSPOOL " + options + "\nt=" + token + "\n"
                + "say() { echo \"$1 $GPUSPOOL_ID ${GPUSPOOL_GPUS:--} ${EPOCHREALTIME/[.,]/}000 $t\" >>'"
                + ledger.file()
                + "'; }\nsay start\necho \"hello $t\"\n" + middle + "say end\nexit " + code + "\n";
        return drop(new TestJob(
                name, token, JobScripts.Kind.NAP, text, gpus, TestJob.EXITED, code, "hello " + token + "\n", "", true));
    }

    /** A job that works for ever the first time, and ends with this code when it runs again. */
    TestJob dropStuck(String name, int gpus, int code) throws IOException {
        String again = "[ \"$(grep -c \"^start .* $t\\$\" '" + ledger.file() + "')\" -gt 1 ] || ";
        return drop(name, gpus, code, again + FIRST_RUN + "\n");
    }

    /** A job that is cancelled, or works for ever. */
    TestJob dropEndless(String name, int gpus) throws IOException {
        TestJob job = drop(name, gpus, 0, "sleep infinity\n");
        jobs.remove(job);
        TestJob cancelled = new TestJob(
                name, job.token(), job.kind(), job.text(), gpus, "cancelled", 0, job.stdout(), job.stderr(), false);
        jobs.add(cancelled);
        return cancelled;
    }

    /** A minute later the watcher looks at everything, as it would at once after an event. */
    void scanAt(Life life) throws IOException {
        world.advanceTo(world.clocks().nanos() + Duration.ofSeconds(61).toNanos());
        long unused = life.engine().turn();
    }

    /** Asks for the job to be stopped. */
    void cancel(TestJob job) throws IOException {
        for (Path directory : Tree.list(spool.places().running())) {
            Path request = directory.resolve(JobDir.CANCEL);
            if (Files.exists(directory.resolve(job.name())) && !Files.exists(request)) {
                Files.createFile(request);
            }
        }
    }

    /** A job that no one can understand. */
    TestJob dropBad(String name) throws IOException {
        String token = "t-" + (jobs.size() + 1);
        String text = "# " + token + "\ngpu = 1\ncommand = \"true\"\n";
        return drop(new TestJob(name, token, JobScripts.Kind.REFUSED, text, 1, TestJob.REFUSED, 0, "", "", false));
    }

    private TestJob drop(TestJob job) throws IOException {
        Path draft = root.resolve(job.name());
        Files.writeString(draft, job.text(), StandardCharsets.UTF_8);
        Files.move(draft, spool.places().incoming().resolve(job.name()), StandardCopyOption.ATOMIC_MOVE);
        jobs.add(job);
        return job;
    }

    /** A process that asks for cards for itself, and takes them when they are granted; what became of it is asked at the end. */
    SimTaker dropTaker(String name, int gpus, boolean endless) throws IOException {
        SimTaker taker = sim().taker(spool(), name, "f-" + (takers.size() + 1), gpus, endless);
        Path draft = root.resolve(name);
        Files.writeString(draft, taker.text(), StandardCharsets.UTF_8);
        Files.move(draft, spool.places().incoming().resolve(name), StandardCopyOption.ATOMIC_MOVE);
        takers.add(taker);
        return taker;
    }

    void harm(TestJob job, SpoolChecker.Harm harm) {
        harmed.put(job.token(), harm);
    }

    Setup setup() {
        return setup(HOST);
    }

    Setup setup(String host) {
        List<GpuId> ids =
                IntStream.range(0, cards).<GpuId>mapToObj(GpuId.Simulated::new).toList();
        return new Setup(
                spool,
                host,
                Roster.onTrust(ids),
                2,
                new DropReader(() -> new JobDefaults(List.of("/bin/bash")), () -> 1 << 20, false),
                false,
                root,
                new JobEnvironment(System.getenv()),
                new Setup.HolderProgram(List.of("/bin/false"), Map.of()),
                () -> settings,
                attention,
                log::add,
                JobNews.NOBODY);
    }

    /**
     * After whatever came before: watchers bring it to its end, no promise is broken, and looking again changes nothing.
     *
     * @param what came before, for people
     */
    void assertKept(String what) throws IOException {
        try {
            drain();
        } catch (AssertionError e) {
            throw new AssertionError(what + ": " + e.getMessage(), e);
        }
        assertEquals(List.of(), checker().check(), () -> what + "; log: " + log());
        if (world instanceof SimWorld sim) {
            assertEquals(List.of(), sim.hurt(), () -> what + "; log: " + log());
        }
        String before = Tree.fingerprint(spool());
        drain();
        assertEquals(before, Tree.fingerprint(spool()), what + ": a look at a settled spool changed it");
    }

    /** A watcher comes; {@code meddler} stands between it and everything. */
    Life life(Meddler meddler) {
        return new Life(this, meddler, BOOT);
    }

    /** The watcher of another host that has the spool, too. */
    Life lifeOf(String host) {
        return new Life(this, Meddler.none(), "33333333-boot", world.processes(), host);
    }

    /** The same after the machine was started anew. */
    Life lifeAfterBoot(Meddler meddler, String boot) {
        return new Life(this, meddler, boot);
    }

    /** A watcher that nothing happens to comes, and stays until all is done. */
    void drain() {
        try (Life life = life(Meddler.none())) {
            life.recover();
            life.drain();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    SpoolChecker checker() {
        List<TestJob> all = new ArrayList<>(jobs);
        takers.forEach(taker -> all.add(taker.job()));
        SpoolChecker checker =
                new SpoolChecker(spool(), all, ledger).format(format).harmed(harmed);
        return world instanceof SimWorld ? checker.withoutProcesses() : checker;
    }

    /** With another look at processes. */
    Life life(Processes processes) {
        return new Life(this, Meddler.none(), BOOT, processes);
    }

    /** A watcher starts the job and is killed when it has begun. */
    void lifeUntilStarted(TestJob job) throws IOException {
        try (Life life = life(Meddler.none())) {
            life.recover();
            turnUntilStarted(life, job);
        }
    }

    void turnUntilStarted(Life life, TestJob job) throws IOException {
        for (int i = 0; i < 5000 && starts(job) == 0; i++) {
            boolean unused = life.turn();
        }
        if (starts(job) == 0) {
            throw new AssertionError(job.name() + " does not start: " + log);
        }
    }

    String cookie(Path directory) throws IOException {
        return Tree.status(directory).get("cookie");
    }

    long supervisor(Path directory) throws IOException {
        return Long.parseLong(Tree.status(directory).get("pid"));
    }

    /** Kills the supervisor first, so that it cannot tell, then all of the job. */
    void killJob(Path directory) throws IOException, InterruptedException {
        String cookie = cookie(directory);
        Process kill = new ProcessBuilder(
                        "sh", "-c", "kill -KILL \"$@\"; :", "sh", Long.toString(supervisor(directory)))
                .inheritIO()
                .start();
        int unused = kill.waitFor();
        for (List<JobProcess> left = world.processes().ofJob(cookie, 0);
                !left.isEmpty();
                left = world.processes().ofJob(cookie, 0)) {
            for (JobProcess process : left) {
                world.processes().signal(process, 9);
            }
        }
    }

    private Path running(TestJob job) {
        return spool.places().running().resolve(job.name().replace(".job", ".1." + HOST));
    }

    boolean isArmed(TestJob job) {
        return Files.exists(running(job).resolve("started"));
    }

    boolean hasCode(TestJob job) throws IOException {
        return Files.readString(running(job).resolve("started")).contains(" end\n");
    }

    long starts(TestJob job) throws IOException {
        return ledger.read().events().stream()
                .filter(event ->
                        event.what().equals(Ledger.START) && event.token().equals(job.token()))
                .count();
    }

    @Override
    public void close() throws IOException {
        world.close();
        delete(root);
    }

    static void delete(Path root) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attrs) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                // A watcher takes its own files away meanwhile.
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, IOException e) throws IOException {
                Files.delete(dir);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
