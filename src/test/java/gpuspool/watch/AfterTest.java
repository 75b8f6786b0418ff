package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.chaos.TestJob;
import gpuspool.chaos.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Jobs that come after others: who starts when, who is refused, what is said meanwhile. */
class AfterTest {
    private FaultBed bed;

    @BeforeEach
    void open() throws IOException {
        bed = FaultBed.simulated(2);
    }

    @AfterEach
    void close() throws IOException {
        bed.close();
    }

    private Life life() throws IOException {
        Life life = bed.life(Meddler.none());
        life.recover();
        return life;
    }

    private static Map<String, String> waiting(Life life) {
        Map<String, String> why = new TreeMap<>();
        life.engine().backlog().waiting().forEach(entry -> why.put(entry.name(), entry.why));
        life.engine().jobs().all().stream()
                .filter(job -> !job.waits.isEmpty())
                .forEach(job -> why.put(job.name(), job.waits));
        return why;
    }

    private Path incoming(String name) {
        return bed.places().incoming().resolve(name);
    }

    private void rename(Path from, Path to) throws IOException {
        Files.move(from, to);
    }

    private List<String> launched() {
        return bed.log().stream()
                .filter(line -> line.startsWith("launch "))
                .map(line -> line.split(" ", -1)[1])
                .toList();
    }

    private String reason(String id) throws IOException {
        return Files.readString(
                        bed.places().failed().resolve(id + "." + FaultBed.HOST).resolve("reason"))
                .replaceAll("at 2[-0-9]*T[0-9:.]*Z", "at TIME");
    }

    private void assertKept() throws IOException {
        assertEquals(List.of(), bed.checker().check(), bed.log()::toString);
    }

    @Test
    void chainDroppedInTheWrongOrder_runsInTheRightOne() throws IOException {
        bed.dropWith("after=b", "c.job", 0);
        bed.dropWith("after=a.job", "b.job", 0);
        bed.drop("a.job", 1, 0);
        try (Life life = life()) {
            life.drain();
        }
        assertEquals(List.of("a.1", "b.1", "c.1"), launched());
        assertKept();
    }

    @Test
    void headFails_theOthersAreRefusedInTurn() throws IOException {
        bed.dropInVain("after=b", "c.job");
        bed.dropInVain("after=a", "b.job");
        bed.dropWith("after_any=c", "d.job", 0);
        bed.drop("a.job", 1, 3);
        try (Life life = life()) {
            life.drain();
        }
        assertEquals(List.of("a.1", "d.1"), launched());
        assertEquals(
                "b.job:2:24: after \"a\": a.1 failed (exit 3) at TIME; retry it and drop this again\n", reason("b.1"));
        assertEquals("c.job:2:24: after \"b\": b.1 was refused at TIME; retry it and drop this again\n", reason("c.1"));
        assertKept();
    }

    @Test
    void jobRunsStill_isWaitedForAndSaid() throws IOException {
        TestJob a = bed.drop("a.job", 1, 0);
        bed.dropWith("after=a", "b.job", 0);
        bed.dropWith("after=a,nobody", "c.job", 0);
        try (Life life = life()) {
            bed.turnUntilStarted(life, a);
            assertEquals(
                    Map.of(
                            "b.job", "waits for a.1, which runs",
                            "c.job", "waits for a.1, which runs, and for 1 more"),
                    waiting(life));
            assertFalse(life.engine().isDrained());
            life.drain();
            assertEquals(Map.of("c.job", "waits for nobody, which nobody has dropped yet"), waiting(life));
            bed.drop("nobody.job", 1, 0);
            bed.scanAt(life);
            life.drain();
        }
        assertEquals(List.of("a.1", "b.1", "nobody.1", "c.1"), launched());
        assertKept();
    }

    @Test
    void jobIsHeldAndReleased_isWaitedFor() throws IOException {
        bed.drop("a.job", 1, 0);
        rename(incoming("a.job"), bed.places().held().resolve("a.job"));
        bed.dropWith("after=a", "b.job", 0);
        try (Life life = life()) {
            life.drain();
            assertEquals(Map.of("b.job", "waits for a, which is held"), waiting(life));
            rename(bed.places().held().resolve("a.job"), incoming("a.job"));
            bed.scanAt(life);
            life.drain();
        }
        assertEquals(List.of("a.1", "b.1"), launched());
        assertKept();
    }

    @Test
    void filesComeAndGoByHand_theEventIsEnough() throws IOException {
        bed.dropWith("after=a", "b.job", 0);
        try (Life life = life()) {
            life.drain();
            bed.drop("a.job", 1, 0);
            Files.createFile(bed.places().pause());
            life.tell(new Inbox.Changed(incoming("a.job")));
            life.work();
            assertEquals(Map.of("b.job", "waits for a, which is queued"), waiting(life));
            rename(incoming("a.job"), bed.places().held().resolve("a.job"));
            life.tell(new Inbox.Changed(incoming("a.job")));
            life.work();
            assertEquals(Map.of("b.job", "waits for a, which is held"), waiting(life));
        }
    }

    @Test
    void jobThatWasDoneBefore_isEnough() throws IOException {
        bed.drop("a.job", 1, 0);
        bed.drain();
        bed.dropWith("after=a", "b.job", 0);
        bed.dropWith("after=a.1", "c.job", 0);
        bed.dropWith("after=a.1.box", "d.job", 0);
        bed.drain();
        assertEquals(4, launched().size());
        assertKept();
    }

    @Test
    void dependantIsReadyWhenAnotherRunIsDropped_waitsForThatOne() throws IOException {
        bed.drop("a.job", 1, 0);
        bed.drain();
        Files.createFile(bed.places().pause());
        bed.dropWith("after=a", "b.job", 0);
        try (Life life = life()) {
            life.work();
            assertTrue(life.engine().backlog().hasReady());
            bed.drop("a.job", 1, 0);
            life.tell(new Inbox.Changed(incoming("a.job")));
            life.work();
            assertEquals(Map.of("b.job", "waits for a, which is queued"), waiting(life));
            Files.delete(bed.places().pause());
            life.drain();
        }
        assertEquals(List.of("a.1", "a.2", "b.1"), launched());
    }

    @Test
    void failedJobIsRetriedWhilePaused_dependantIsNotRefused() throws IOException {
        TestJob failed = bed.drop("a.job", 1, 3);
        bed.drain();
        Files.createFile(bed.places().pause());
        bed.dropWith("after=a", "b.job", 0);
        try (Life life = life()) {
            life.work();
            assertTrue(life.engine().backlog().nextRefused().isPresent());
            bed.drop("a.job", 1, 0);
            life.tell(new Inbox.Changed(incoming("a.job")));
            life.work();
            assertEquals(Map.of("b.job", "waits for a, which is queued"), waiting(life));
            Files.delete(bed.places().pause());
            life.drain();
        }
        assertEquals(1, bed.starts(failed));
        assertEquals(List.of("a.1", "a.2", "b.1"), launched());
    }

    @Test
    void runIsNamedAndRetried_theRunsThatFollowCount() throws IOException {
        bed.dropFailingOnce("a.job", "retries=1", 3);
        bed.dropWith("after=a.1", "b.job", 0);
        bed.dropFailing("c.job", "retries=1", 3);
        bed.dropInVain("after=c.1", "d.job");
        try (Life life = life()) {
            life.drain();
        }
        List<String> order = launched();
        assertTrue(order.contains("b.1") && order.indexOf("b.1") > order.indexOf("a.2"), order::toString);
        assertEquals(
                "d.job:2:24: after \"c.1\": c.2 failed (exit 3) at TIME; retry it and drop this again\n",
                reason("d.1"));
        assertKept();
    }

    @Test
    void jobsInACircle_eachIsToldAllOfIt() throws IOException {
        bed.dropInVain("after=b", "a.job");
        bed.dropInVain("after_any=c", "b.job");
        bed.dropInVain("after=x,a", "c.job");
        bed.dropInVain("after=self", "self.job");
        bed.dropInVain("after=a", "behind.job");
        bed.drain();
        String end = "; correct one of them and drop them again\n";
        String all = "these jobs wait for one another: ";
        assertEquals("a.job:2:24: after \"b\": " + all + "a after b after c after a" + end, reason("a.1"));
        assertEquals("b.job:2:28: after_any \"c\": " + all + "b after c after a after b" + end, reason("b.1"));
        assertEquals("c.job:2:24: after \"a\": " + all + "c after a after b after c" + end, reason("c.1"));
        assertEquals("self.job:2:24: after \"self\": it would wait for itself; name another job\n", reason("self.1"));
        assertEquals(
                "behind.job:2:24: after \"a\": a.1 was refused at TIME; retry it and drop this again\n",
                reason("behind.1"));
        assertEquals(List.of(), launched());
        assertKept();
    }

    /** More of them than are refused in one round. */
    @Test
    void longCircle_eachIsToldOfIt() throws IOException {
        int size = 40;
        for (int i = 0; i < size; i++) {
            bed.dropInVain("after=j" + (i + 1) % size, "j" + i + ".job");
        }
        bed.drain();
        for (int i = 0; i < size; i++) {
            assertTrue(
                    reason("j" + i + ".1").contains("wait for one another: j" + i + " after j"),
                    reason("j" + i + ".1"));
        }
        assertKept();
    }

    @Test
    void circleIsBrokenByHandWhilePaused_theOtherWaitsOnly() throws IOException {
        Files.createFile(bed.places().pause());
        bed.dropWith("after=b", "a.job", 0);
        bed.dropWith("after=a", "b.job", 0);
        try (Life life = life()) {
            life.work();
            assertTrue(life.engine().backlog().nextRefused().isPresent());
            Files.delete(incoming("b.job"));
            life.tell(new Inbox.Changed(incoming("b.job")));
            life.work();
            assertEquals(Map.of("a.job", "waits for b, which nobody has dropped yet"), waiting(life));
            assertTrue(life.engine().backlog().nextRefused().isEmpty());
        }
    }

    @Test
    void fileChangesWhenItIsClaimed_waitsInItsDirectoryAndStartsOnce() throws IOException {
        TestJob a = bed.drop("a.job", 1, 0);
        TestJob b = bed.dropWith("after=a", "b.job", 0);
        String with = Files.readString(incoming("b.job"));
        Files.writeString(incoming("b.job"), with.replace(" after=a", ""));
        bed.cancel(a);
        // Still in the queue when b is claimed: it is first, and its file says again what it said.
        Files.setAttribute(incoming("b.job"), "lastModifiedTime", java.nio.file.attribute.FileTime.fromMillis(0));
        Meddler meddler = (step, call) -> {
            Object result = call.run();
            if (step.is(Step.Kind.RENAME) && Files.exists(bed.places().running().resolve("b.1.box/b.job"))) {
                Files.writeString(bed.places().running().resolve("b.1.box/b.job"), with);
            }
            return result;
        };
        Files.createFile(bed.places().control().resolve("b.job.first"));
        try (Life life = bed.life(meddler)) {
            life.recover();
            life.drain();
        }
        assertEquals(List.of("a.1", "b.1"), launched());
        assertEquals(1, bed.starts(b));
        assertKept();
    }

    @Test
    void runOfAnotherHost_isLookedAtEveryFiveSeconds() throws IOException {
        Path directory = Files.createDirectory(bed.places().running().resolve("a.1.other"));
        Files.createFile(directory.resolve("started"));
        bed.dropWith("after=a", "b.job", 0);
        try (Life life = life()) {
            life.work();
            assertEquals(Map.of("b.job", "waits for a.1, which runs"), waiting(life));
            assertFalse(life.engine().isDrained());
            long due = life.engine().turn() - bed.world().clocks().nanos();
            assertTrue(due > 0 && due <= 5_000_000_000L, due + " ns");
            rename(directory.resolve("started"), directory.resolve("exit.0"));
            rename(directory, bed.places().done().resolve("a.1.other"));
            bed.world().advanceTo(bed.world().clocks().nanos() + 5_000_000_000L);
            life.drain();
        }
        assertEquals(List.of("b.1"), launched());
    }

    @Test
    void manyDependantsOfOneJob_costOneLook() throws IOException {
        int many = 300;
        TestJob a = bed.drop("a.job", 1, 3);
        for (int i = 0; i < many; i++) {
            bed.dropInVain("after=a", "b" + i + ".job");
        }
        List<Path> looks = new ArrayList<>();
        Meddler counts = (step, call) -> {
            if (step.path().toString().contains("/failed/a.1.")) {
                looks.add(step.path());
            }
            return call.run();
        };
        try (Life life = bed.life(counts)) {
            life.recover();
            bed.turnUntilStarted(life, a);
            life.engine().turn();
            assertEquals(many, waiting(life).size());
            // No time passes, so that there is no scan.
            for (int i = 0; i < 1000 && !life.engine().isDrained(); i++) {
                boolean unused = bed.sim().step();
                life.engine().turn();
            }
        }
        assertEquals(
                many,
                IntStream.range(0, many)
                        .filter(i -> Files.exists(bed.places().failed().resolve("b" + i + ".1.box")))
                        .count());
        assertTrue(looks.size() < 10, looks.size() + " looks: " + looks);
        assertKept();
    }

    @Test
    void nobodyWaits_nothingIsDueAndNothingIsKept() throws IOException {
        bed.drop("a.job", 1, 0);
        bed.dropWith("after=a", "b.job", 0);
        try (Life life = life()) {
            life.drain();
            bed.scanAt(life);
            long due = life.engine().turn() - bed.world().clocks().nanos();
            assertTrue(due > 50_000_000_000L, due + " ns");
        }
        assertEquals(List.of(), Tree.list(bed.places().running()));
    }
}
