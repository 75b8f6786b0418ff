package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.chaos.Ledger;
import gpuspool.chaos.TestJob;
import gpuspool.posix.RawNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a watcher makes of requests: whom they put first, and what becomes of those that ask for nothing there is. */
@Timeout(60)
class ControlDeskTest {
    private FaultBed bed;

    @BeforeEach
    void open() throws IOException {
        bed = FaultBed.simulated(1);
    }

    @AfterEach
    void close() throws IOException {
        bed.close();
    }

    private Path control(String name) {
        return bed.places().control().resolve(name);
    }

    private List<String> inControl() throws IOException {
        return WatcherBed.list(bed.places().control());
    }

    /** Waits until the kernel's clock gives another ctime: what is made from now on is later. */
    private void awaitTick() throws IOException {
        Path probe = bed.spool().resolve("tmp/probe");
        Object before = Files.getAttribute(Files.createFile(probe), "unix:ctime");
        do {
            Files.setAttribute(probe, "unix:mode", 0600);
        } while (Files.getAttribute(probe, "unix:ctime").equals(before));
        Files.delete(probe);
    }

    /** The jobs in the order in which they started. */
    private List<String> started() throws IOException {
        List<String> names = new ArrayList<>();
        for (Ledger.Event event : bed.ledger().read().events()) {
            if (event.what().equals(Ledger.START)) {
                names.add(event.id().substring(0, event.id().indexOf('.')));
            }
        }
        return names;
    }

    private void drop(String... stems) throws IOException {
        for (String stem : stems) {
            TestJob unused = bed.drop(stem + ".job", 1, 0);
            awaitTick();
        }
    }

    @Test
    void first_comesBeforeOlderFiles_theLatestRequestBeforeTheOthers() throws IOException {
        drop("a", "b", "c", "d");
        Files.createFile(control("c.job.first"));
        awaitTick();
        Files.createFile(control("d.job.first"));
        bed.drain();
        assertEquals(List.of("d", "c", "a", "b"), started());
        assertEquals(List.of(), inControl());
    }

    @Test
    void requestTouchedAgain_isTheLatest() throws IOException {
        drop("a", "b", "c");
        Files.createFile(control("b.job.first"));
        awaitTick();
        Files.createFile(control("c.job.first"));
        awaitTick();
        Files.setAttribute(control("b.job.first"), "unix:mode", 0600);
        bed.drain();
        assertEquals(List.of("b", "c", "a"), started());
    }

    @Test
    void firstWithoutCards_countsAmongThoseToo() throws IOException {
        for (String stem : List.of("a", "b", "c", "d")) {
            TestJob unused = bed.drop(stem + ".job", 0, 0);
            awaitTick();
        }
        Files.createFile(control("d.job.first"));
        bed.drain();
        // Two run at once, in the order in which they were launched.
        assertTrue(started().indexOf("d") < started().indexOf("b"), started().toString());
    }

    @Test
    void requestTakenBack_orderIsTheOldOne() throws IOException {
        drop("a", "b");
        Files.createFile(control("pause"));
        Files.createFile(control("b.job.first"));
        try (Life life = bed.life(Meddler.none())) {
            life.recover();
            assertFalse(life.settle(3));
            assertEquals("b.job", life.engine().backlog().queued(1).get(0).name());
            Files.delete(control("b.job.first"));
            Files.delete(control("pause"));
            life.drain();
        }
        assertEquals(List.of("a", "b"), started());
    }

    @Test
    void fileThatChangesOrComesBack_isStillFirst() throws IOException {
        drop("a", "b");
        Files.createFile(control("pause"));
        Files.createFile(control("b.job.first"));
        try (Life life = bed.life(Meddler.none())) {
            life.recover();
            assertFalse(life.settle(1));
            Path file = bed.places().incoming().resolve("b.job");
            Files.setAttribute(file, "unix:mode", 0600);
            life.tell(new Inbox.Changed(file));
            assertFalse(life.settle(1));
            assertEquals("b.job", life.engine().backlog().queued(1).get(0).name());
            Files.delete(control("pause"));
            life.drain();
        }
        assertEquals(List.of("b", "a"), started());
    }

    @Test
    void whatAsksForNothing_isRefusedOnceWithItsReason() throws IOException {
        Files.writeString(control("restart"), "please");
        Files.createFile(control("restart~"));
        Files.createFile(control("x.job.first"));
        bed.drain();
        bed.drain();
        assertEquals(List.of("restart.refused", "restart~", "x.job.first.refused"), inControl());
        assertEquals(
                "please\nrefused: not a request: control/ knows pause, drain, let-go, FILE.first, such as exp1.job.first, and"
                        + " CARD.ok\n",
                Files.readString(control("restart.refused")));
        assertEquals(
                2,
                bed.log().stream().filter(line -> line.startsWith("refused ")).count(),
                bed.log()::toString);
    }

    @Test
    void refusedAgain_nothingIsReplaced() throws IOException {
        for (int i = 1; i <= 11; i++) {
            Files.writeString(control("x"), "no. " + i + "\n");
            bed.drain();
        }
        assertTrue(Files.readString(control("x.refused")).startsWith("no. 1\n"));
        assertTrue(Files.readString(control("x.9.refused")).startsWith("no. 9\n"));
        assertEquals("no. 11\n", Files.readString(control("x")), "left where it is when there are too many");
        assertEquals(10, inControl().size());
    }

    @Test
    void whatIsNoRegularFile_isRenamedAndNotWrittenThrough() throws Exception {
        Path target = Files.writeString(bed.spool().resolve("format.not"), "keep\n");
        Files.createSymbolicLink(control("link"), target);
        Files.createSymbolicLink(control("nowhere"), Path.of("/nonexistent"));
        Files.createLink(control("second-name"), target);
        Files.createDirectory(control("directory"));
        Files.createFile(control("directory").resolve("content"));
        assertEquals(
                0,
                new ProcessBuilder("mkfifo", control("pipe").toString()).start().waitFor());
        bed.drain();
        assertEquals(
                List.of("directory.refused", "link.refused", "nowhere.refused", "pipe.refused", "second-name.refused"),
                inControl());
        assertEquals("keep\n", Files.readString(target));
        assertTrue(Files.isSymbolicLink(control("link.refused")));
        Files.delete(target);
    }

    @Test
    void pauseCountsByItsName_whateverItIs() throws IOException {
        drop("a");
        Files.createSymbolicLink(control("pause"), Path.of("/nonexistent"));
        try (Life life = bed.life(Meddler.none())) {
            life.recover();
            assertFalse(life.settle(5));
            Files.delete(control("pause"));
            Files.createDirectory(control("pause"));
            assertFalse(life.settle(5));
            Files.delete(control("pause"));
            life.drain();
        }
        assertEquals(List.of("a"), started());
    }

    @Test
    void hostileNames_areHandledByTheirBytes() throws IOException {
        Path incoming = bed.places().incoming();
        byte[] hostile = {'a', '\n', (byte) 0xff, (byte) 0x9b, ' ', '%', '.', 'j', 'o', 'b'};
        byte[] twin = hostile.clone();
        twin[2] = (byte) 0xfe;
        drop("first");
        for (byte[] name : List.of(hostile, twin)) {
            Files.writeString(RawNames.entry(incoming, name), "#!/bin/bash\nt=t-1\nexit 0\n");
            awaitTick();
        }
        byte[] request = java.util.Arrays.copyOf(twin, twin.length + 6);
        System.arraycopy(".first".getBytes(StandardCharsets.US_ASCII), 0, request, twin.length, 6);
        Files.createFile(RawNames.entry(bed.places().control(), request));
        Files.createFile(RawNames.entry(bed.places().control(), new byte[] {'x', '\n', (byte) 0xff}));
        try (Life life = bed.life(Meddler.none())) {
            Files.createFile(control("pause"));
            life.recover();
            assertFalse(life.settle(2));
            byte[] head =
                    RawNames.lastName(((Entry) life.engine().backlog().queued(1).get(0)).file.path());
            assertEquals(new String(twin, StandardCharsets.ISO_8859_1), new String(head, StandardCharsets.ISO_8859_1));
            Files.delete(control("pause"));
            life.drain();
        }
        assertEquals(1, inControl().size());
        assertTrue(
                bed.log()
                        .contains("refused control/x\\x0a\\xff: not a request: control/ knows pause, drain,"
                                + " let-go, FILE.first, such as exp1.job.first, and CARD.ok"),
                bed.log()::toString);
    }

    @Test
    void nameTooLongToBeRefused_isLeftAndSaidOnce() throws IOException {
        Path request = Files.createFile(control("y".repeat(250)));
        for (int i = 0; i < 3; i++) {
            bed.drain();
        }
        assertTrue(Files.exists(request, LinkOption.NOFOLLOW_LINKS));
        bed.log().clear();
        drop("a");
        try (Life life = bed.life(Meddler.none())) {
            life.recover();
            life.drain();
            for (int i = 0; i < 5; i++) {
                life.tell(new Inbox.Rescan());
                boolean unused = life.turn();
            }
        }
        assertEquals(
                1,
                bed.log().stream()
                        .filter(line -> line.contains("its name is too long"))
                        .count(),
                bed.log()::toString);
    }

    @Test
    void controlRemoved_nothingIsAskedFor() throws IOException {
        drop("a");
        Files.delete(bed.places().control());
        bed.drain();
        assertEquals(List.of("a"), started());
        Files.createDirectory(bed.places().control());
    }

    @Test
    void servedByAWatcherThatWasKilled_isRemovedWithoutAWord() throws IOException {
        TestJob job = bed.drop("a.job", 1, 0);
        bed.lifeUntilStarted(job);
        Files.createFile(control("a.job.first"));
        try (Life life = bed.life(Meddler.none())) {
            life.recover();
            boolean unused = life.turn();
            assertEquals(List.of(), inControl());
            life.drain();
        }
        assertTrue(bed.log().stream().noneMatch(line -> line.contains("first")), bed.log()::toString);
    }

    @Test
    void draining_leavesWhenNothingRuns_andWhatIsClaimedStays() throws IOException {
        TestJob x = bed.drop("x.job", 1, 3);
        TestJob y = bed.drop("y.job", 1, 0);
        // Claimed and no further: its watcher is killed right after the rename.
        boolean through = bed.life(KillAt.at(Step.Kind.RENAME, 1, true)).run();
        assertFalse(through);
        Files.createFile(control("drain"));
        try (Life life = bed.life(Meddler.none())) {
            life.recover();
            boolean unused = life.turn();
            assertTrue(life.engine().mayLeave(), life.describe()::toString);
        }
        assertEquals(0, bed.starts(x) + bed.starts(y));
        Files.delete(control("drain"));
        bed.drain();
        assertEquals(List.of(), bed.checker().check());
    }

    @Test
    void draining_staysAsLongAsAJobRuns() throws IOException {
        TestJob x = bed.drop("x.job", 1, 0);
        TestJob y = bed.drop("y.job", 1, 0);
        try (Life life = bed.life(Meddler.none())) {
            life.recover();
            bed.turnUntilStarted(life, x);
            Files.createFile(control("drain"));
            long due = life.engine().turn();
            assertTrue(due > 0 && !life.engine().mayLeave());
            for (int i = 0; i < 100 && !life.engine().mayLeave(); i++) {
                boolean unused = life.turn();
            }
            assertTrue(life.engine().mayLeave());
            assertTrue(Files.exists(bed.places().done().resolve("x.1." + FaultBed.HOST)));
        }
        assertEquals(0, bed.starts(y));
    }
}
