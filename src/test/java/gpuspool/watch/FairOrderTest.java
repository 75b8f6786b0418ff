package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import gpuspool.chaos.TestJob;
import gpuspool.chaos.Tree;
import gpuspool.config.SettingOption;
import gpuspool.config.Settings;
import gpuspool.config.SettingsReader;
import gpuspool.spool.Times;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Files of several users and one card: who goes first, by what the tree says and by what happens. */
class FairOrderTest {
    private static final int ALICE = 1;
    private static final int BOB = 2;
    private static final Duration HOUR = Duration.ofHours(1);

    private FaultBed bed;

    @BeforeAll
    static void mayGiveFilesToOthers() {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root, to give files to others");
    }

    @BeforeEach
    void open() throws IOException {
        bed = FaultBed.simulated(1);
    }

    @AfterEach
    void close() throws IOException {
        bed.close();
    }

    private TestJob drop(String name, int owner) throws IOException {
        return own(bed.drop(name + ".job", 1, 0), owner);
    }

    private TestJob own(TestJob job, int owner) throws IOException {
        Files.setAttribute(bed.places().incoming().resolve(job.name()), "unix:uid", owner);
        return job;
    }

    private void used(String id, int owner, int hours) throws IOException {
        Path directory = Files.createDirectory(bed.places().done().resolve(id));
        Files.writeString(
                directory.resolve("status"),
                "owner = " + owner + "\ndevices = sim:0\nelapsed = " + hours * HOUR.toMillis() + "\nended = "
                        + Times.format(Instant.now()) + "\n");
        Files.createFile(directory.resolve("exit.0"));
    }

    private List<String> launched() {
        List<String> names = new ArrayList<>();
        for (String line : bed.log()) {
            if (line.startsWith("launch ")) {
                names.add(line.substring("launch ".length(), line.indexOf('.')));
            }
        }
        return names;
    }

    private static Settings weights(String... weights) {
        List<SettingOption> options = new ArrayList<>(List.of(
                SettingOption.ofSet("settle=0s"),
                SettingOption.ofSet("settle_no_lease=0s"),
                SettingOption.ofSet("min_free_disk=0B")));
        options.add(SettingOption.ofSet("weights=" + String.join(",", weights)));
        return new SettingsReader(Map.of(), options, "fair").read(new byte[0]).settings();
    }

    @Test
    void whoHasUsedLess_goesFirst_asTheTreeTells() throws IOException {
        used("old.1.box", ALICE, 3);
        used("old.1.otherbox", BOB, 1);
        drop("a1", ALICE);
        drop("a2", ALICE);
        drop("b1", BOB);
        drop("b2", BOB);
        bed.drain();
        assertEquals(List.of("b1", "b2", "a1", "a2"), launched());
    }

    @Test
    void sameUsage_alternates() throws IOException {
        for (String name : List.of("a1", "a2", "a3")) {
            drop(name, ALICE);
        }
        for (String name : List.of("b1", "b2", "b3")) {
            drop(name, BOB);
        }
        try (FaultBed old = bed) {
            bed = FaultBed.after(old.spool().getParent(), 4, old.jobs());
            bed.drain();
        }
        assertEquals(List.of("a1", "b1", "a2", "b2"), launched().subList(0, 4));
    }

    @Test
    void weight_countsUsageLess_byName() throws IOException {
        used("old.1.box", ALICE, 3);
        used("old.2.box", BOB, 2);
        bed.set(weights("daemon 2", "nobody-is-called-so 3"));
        drop("b1", BOB);
        drop("a1", ALICE);
        bed.drain();
        assertEquals(List.of("a1", "b1"), launched());
        assertTrue(
                bed.attention().lines().toString().contains("no user is called nobody-is-called-so"),
                bed.attention().lines().toString());
    }

    @Test
    void runningJob_countsUntilNow_andWhenItHasEnded() throws IOException {
        TestJob long1 = own(bed.dropEndless("a1.job", 1), ALICE);
        drop("a2", ALICE);
        drop("b1", BOB);
        drop("b2", BOB);
        try (Life life = bed.life(Meddler.none())) {
            life.recover();
            bed.turnUntilStarted(life, long1);
            bed.world().advanceTo(bed.world().clocks().nanos() + HOUR.toNanos());
            boolean unused = life.turn();
            assertEquals(List.of("b1.job", "b2.job", "a2.job"), queued(life), "while it runs");
            bed.cancel(long1);
            life.drain();
        }
        assertEquals(List.of("a1", "b1", "b2", "a2"), launched());
    }

    private static List<String> queued(Life life) {
        return life.engine().backlog().queued(100).stream()
                .map(request -> request.name())
                .toList();
    }

    @Test
    void nextWatcher_findsTheSameOrder() throws IOException {
        TestJob first = own(bed.dropEndless("a1.job", 1), ALICE);
        try (Life life = bed.life(Meddler.none())) {
            life.recover();
            bed.turnUntilStarted(life, first);
            bed.world().advanceTo(bed.world().clocks().nanos() + HOUR.toNanos());
            bed.cancel(first);
            life.drain();
        }
        assertTrue(Long.parseLong(
                        Tree.status(bed.places().failed().resolve("a1.1.box")).get("elapsed"))
                >= HOUR.toMillis());
        drop("a2", ALICE);
        drop("b1", BOB);
        drop("b2", BOB);
        bed.drain();
        assertEquals(List.of("a1", "b1", "b2", "a2"), launched());
    }

    @Test
    void jobThatEndedWhileNobodyWatched_counts() throws IOException {
        TestJob first = own(bed.drop("a1.job", 1, 0), ALICE);
        bed.lifeUntilStarted(first);
        // Where no kernel tells.
        Path status = bed.places().running().resolve("a1.1.box/status");
        Files.writeString(status, "pid_start = 1\n", StandardOpenOption.APPEND);
        bed.world().advanceTo(bed.world().clocks().nanos() + HOUR.toNanos());
        drop("a2", ALICE);
        drop("b1", BOB);
        drop("b2", BOB);
        bed.drain();
        assertEquals(List.of("a1", "b1", "b2", "a2"), launched());
    }

    @Test
    void filesThatAWatcherMade_areTheirUsersAllTheSame() throws IOException {
        Path draft = bed.spool().resolveSibling("sweep.job");
        Files.writeString(draft, "#GPUSPOOL retries=1 sweep.n=1..2\nt=t-{n}\nexit 3\n");
        Files.setAttribute(draft, "unix:uid", ALICE);
        Files.move(draft, bed.places().incoming().resolve("sweep.job"));
        bed.drain();
        for (String run : List.of("sweep-00001.1.box", "sweep-00001.2.box", "sweep-00002.2.box", "sweep.1.box")) {
            assertEquals(
                    Integer.toString(ALICE),
                    Tree.status(bed.places().failed().resolve(run)).get("owner"),
                    () -> run + "; log: " + bed.log());
        }
    }

    @Test
    void oneOwner_nothingIsRead() throws IOException {
        used("old.1.box", ALICE, 3);
        drop("a1", ALICE);
        drop("a2", ALICE);
        List<Path> read = new ArrayList<>();
        Meddler witness = (step, call) -> {
            read.add(step.path());
            return call.run();
        };
        try (Life life = bed.life(witness)) {
            life.recover();
            life.drain();
        }
        assertTrue(read.stream().noneMatch(path -> path.toString().contains("old.1.box")), read.toString());
    }

    @Test
    void priority_goesBeforeUsage() throws IOException {
        used("old.1.box", ALICE, 3);
        drop("b1", BOB);
        own(priority("a1.job", 1), ALICE);
        own(priority("a2.job", -1), ALICE);
        own(priority("b2.job", 2), BOB);
        own(priority("asked.job", -1000), ALICE);
        Files.createFile(bed.places().control().resolve("asked.job.first"));
        bed.drain();
        assertEquals(List.of("asked", "b2", "a1", "b1", "a2"), launched());
    }

    private TestJob priority(String name, int priority) throws IOException {
        TestJob job = bed.drop(name, 1, 0);
        Path file = bed.places().incoming().resolve(name);
        Files.writeString(file, job.text().replace("gpus=1", "gpus=1 priority=" + priority));
        return job;
    }
}
