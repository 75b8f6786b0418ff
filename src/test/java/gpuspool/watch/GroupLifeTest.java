package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.chaos.Ledger;
import gpuspool.chaos.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sweeps under the hands of people: members held, removed, run again, in each other's way. */
class GroupLifeTest {
    private FaultBed bed;

    @BeforeEach
    void makeBed() throws IOException {
        bed = FaultBed.simulated(1);
    }

    @AfterEach
    void removeBed() throws IOException {
        bed.close();
    }

    private static String text(String options, String code) {
        return "#GPUSPOOL " + options + "\nt=t-{n}\nexit " + code + "\n";
    }

    private void drop(String name, String text) throws IOException {
        Path draft = bed.spool().resolveSibling(name);
        Files.writeString(draft, text);
        Files.move(draft, bed.places().incoming().resolve(name));
    }

    private List<String> names(Path place) throws IOException {
        return Tree.list(place).stream()
                .map(path -> path.getFileName().toString())
                .toList();
    }

    private void turns(Life life, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            long unused = life.engine().turn();
        }
    }

    @Test
    void allSucceed_groupIsDoneWithoutACode() throws IOException {
        drop("a.job", text("sweep.n=1..3", "0"));
        bed.drain();
        assertEquals(
                List.of("a-00001.1.box", "a-00002.1.box", "a-00003.1.box", "a.1.box"),
                names(bed.places().done()));
        Path group = bed.places().done().resolve("a.1.box");
        assertEquals(List.of("a.job", "group", "progress", "script", "status"), names(group));
        assertEquals("all done", Tree.status(group).get("ending"));
        assertEquals("made 3, done 3, failed 0 of 3", GroupBed.progress(group));
        assertEquals(
                "2", Tree.status(bed.places().done().resolve("a-00002.1.box")).get("member"));
    }

    @Test
    void membersOutside_areOneMoreThanCards() throws IOException {
        drop("a.job", text("sweep.n=1..9", "0"));
        bed.drain();
        try (Life life = bed.life(Meddler.none())) {
            life.recover();
            Files.createFile(bed.places().pause());
            drop("b.job", text("sweep.n=1..9", "0"));
            life.tell(new Inbox.Rescan());
            turns(life, 5);
            assertEquals(List.of("b.job"), names(bed.places().incoming()), "paused, not even a sweep is claimed");
            Files.delete(bed.places().pause());
            life.tell(new Inbox.Rescan());
            turns(life, 3);
        }
        Path group = bed.places().running().resolve("b.1.box");
        assertTrue(Files.exists(group.resolve("group")), () -> "not open: " + bed.log());
        assertTrue(names(bed.places().running()).contains("b-00001.1.box"));
        assertEquals(List.of("b-00002.toml"), names(bed.places().incoming()));
        assertTrue(names(group).contains("member.00003"), () -> "no more is prepared than one");
        assertFalse(names(group).contains("member.00004"));
    }

    @Test
    void allJobsAreBeingStopped_openSweepIsLeft_andKeepsNobodyBusy() throws IOException {
        drop("a.job", text("sweep.n=1..9", "0"));
        try (Life life = bed.life(Meddler.none())) {
            life.recover();
            turns(life, 3);
            assertTrue(Files.exists(bed.places().running().resolve("a.1.box/group")), () -> "not open: " + bed.log());
            life.tell(new Inbox.StopJobs());
            life.tell(new Inbox.Rescan());
            turns(life, 1);
            long due = life.engine().turn();
            assertTrue(due > bed.world().clocks().nanos(), "it is to be called again at once, and again");
        }
    }

    @Test
    void maxParallel_isNeverExceeded() throws IOException {
        try (FaultBed wide = FaultBed.simulated(4)) {
            Path draft = wide.spool().resolveSibling("a.job");
            Files.writeString(draft, text("sweep.n=1..5 sweep.max_parallel=2", "0"));
            Files.move(draft, wide.places().incoming().resolve("a.job"));
            try (Life life = wide.life(Meddler.none())) {
                life.recover();
                for (int i = 0; i < 500 && !life.engine().isDrained(); i++) {
                    boolean unused = life.turn();
                    long outside = Tree.list(wide.places().running()).stream()
                                    .filter(path ->
                                            path.getFileName().toString().startsWith("a-"))
                                    .count()
                            + Tree.list(wide.places().incoming()).size();
                    // One may lie ended and not be filed yet, but it is not followed before.
                    assertTrue(outside <= 2, () -> outside + " outside");
                }
            }
            assertEquals(6, Tree.list(wide.places().done()).size());
        }
    }

    @Test
    void memberTakenOutOfTheQueue_countsAsFailed() throws IOException {
        drop("a.job", text("sweep.n=1..3", "0"));
        try (Life life = bed.life(Meddler.none())) {
            life.recover();
            turns(life, 3);
            Path second = bed.places().incoming().resolve("a-00002.toml");
            Files.delete(second);
            life.tell(new Inbox.Changed(second));
            life.drain();
        }
        Path group = bed.places().failed().resolve("a.1.box");
        assertEquals("some failed", Tree.status(group).get("ending"));
        assertEquals("made 3, done 2, failed 1 of 3", GroupBed.progress(group));
    }

    @Test
    void heldMember_isWaitedForByTheGroup_butByNobodyElse() throws IOException {
        drop("a.job", text("sweep.n=1..2", "0"));
        try (Life life = bed.life(Meddler.none())) {
            life.recover();
            turns(life, 3);
            Path second = bed.places().incoming().resolve("a-00002.toml");
            Files.move(second, bed.places().held().resolve("a-00002.toml"));
            life.tell(new Inbox.Changed(second));
            life.drain();
        }
        Path group = bed.places().running().resolve("a.1.box");
        assertEquals("made 2, done 1, failed 0 of 2", GroupBed.progress(group));
        Files.move(
                bed.places().held().resolve("a-00002.toml"),
                bed.places().incoming().resolve("a-00002.toml"));
        bed.drain();
        assertEquals(
                "made 2, done 2, failed 0 of 2",
                GroupBed.progress(bed.places().done().resolve("a.1.box")));
    }

    @Test
    void nameTakenInTheQueue_isWaitedForAndNeverReplaced() throws IOException {
        Path taken = bed.places().incoming().resolve("a-00001.toml");
        Files.writeString(taken, "# being written\n");
        Files.createFile(bed.places().incoming().resolve(".a-00001.toml.swp"));
        drop("a.job", text("sweep.n=1..2", "0"));
        try (Life life = bed.life(Meddler.none())) {
            life.recover();
            turns(life, 5);
            assertEquals(
                    List.of(
                            "its next member cannot be released: the name a-00001.toml is taken in incoming/; tried again until that one is gone"),
                    life.engine().jobs().all().stream().map(job -> job.waits).toList());
            assertEquals("# being written\n", Files.readString(taken));
            Files.delete(taken);
            Files.delete(bed.places().incoming().resolve(".a-00001.toml.swp"));
            life.drain();
        }
        assertEquals(3, names(bed.places().done()).size());
    }

    @Test
    void failedMemberRunAgainWhileTheGroupIsOpen_countsByItsLastRun() throws IOException {
        String fails = "[ \"$GPUSPOOL_SWEEP_NUMBER\" = 1 ]";
        drop("a.job", text("sweep.n=1..2 sweep.code=3", "{code}") + fails + "\n");
        try (Life life = bed.life(Meddler.none())) {
            life.recover();
            for (int i = 0; i < 500 && names(bed.places().failed()).isEmpty(); i++) {
                boolean unused = life.turn();
            }
            Path failed = bed.places().failed().resolve("a-00001.1.box").resolve("a-00001.toml");
            String mended = Files.readString(failed).replace("exit 3", "exit 0");
            Path draft = bed.spool().resolveSibling("draft");
            Files.writeString(draft, mended);
            Files.move(draft, bed.places().incoming().resolve("a-00001.toml"));
            life.tell(new Inbox.Rescan());
            life.drain();
        }
        Path group = bed.places().failed().resolve("a.1.box");
        assertEquals("made 2, done 1, failed 1 of 2", GroupBed.progress(group));
        assertTrue(
                Files.exists(bed.places().done().resolve("a-00001.2.box")),
                () -> bed.log().toString());
    }

    @Test
    void memberThatIsRefused_isCountedAtOnce() throws IOException {
        drop("a.toml", "command = 'true'\ncwd = '{d}/x'\n[sweep]\nd = ['/nowhere', '/neither']\n");
        bed.drain();
        Path group = bed.places().failed().resolve("a.1.box");
        assertEquals("made 2, done 0, failed 2 of 2", GroupBed.progress(group));
        Path member = bed.places().failed().resolve("a-00001.1.box");
        assertEquals("a.1.box", Tree.status(member).get("group"));
        assertEquals("refused", Tree.status(member).get("ending"));
    }

    @Test
    void twoSweepsOfOneName_countTheirOwnMembers() throws IOException {
        drop("a.job", text("sweep.n=1..2", "0"));
        bed.drain();
        drop("a.job", text("sweep.n=1..3", "3"));
        bed.drain();
        Path second = bed.places().failed().resolve("a.2.box");
        assertEquals("made 3, done 0, failed 3 of 3", GroupBed.progress(second));
    }

    @Test
    void recordsThrownAwayMeanwhile_countByWhatProgressSaid() throws IOException {
        drop("a.job", text("sweep.n=1..3", "0"));
        try (Life life = bed.life(Meddler.none())) {
            life.recover();
            for (int i = 0; i < 500 && bed.ledger().read().events().isEmpty(); i++) {
                boolean unused = life.turn();
            }
            Files.createFile(bed.places().pause());
            life.tell(new Inbox.Rescan());
            for (int i = 0; i < 50; i++) {
                boolean unused = life.turn();
            }
            Path group = bed.places().running().resolve("a.1.box");
            assertTrue(GroupBed.isAt(group, "done 1"), () -> bed.log().toString());
        }
        Files.delete(bed.places().pause());
        for (Path record : Tree.list(bed.places().done())) {
            FaultBed.delete(record);
        }
        bed.drain();
        assertEquals(
                "made 3, done 3, failed 0 of 3",
                GroupBed.progress(bed.places().done().resolve("a.1.box")));
    }

    @Test
    void cancelledWhileAMemberIsHeld_takesThatAlongToo() throws IOException {
        drop("a.job", text("sweep.n=1..5", "0"));
        try (Life life = bed.life(Meddler.none())) {
            life.recover();
            turns(life, 3);
            Files.move(
                    bed.places().incoming().resolve("a-00002.toml"),
                    bed.places().held().resolve("a-00002.toml"));
            Files.createFile(bed.places().running().resolve("a.1.box").resolve("cancel"));
            bed.scanAt(life);
            life.drain();
        }
        assertEquals(
                "cancelled",
                Tree.status(bed.places().failed().resolve("a.1.box")).get("ending"));
        assertTrue(Files.exists(bed.places().failed().resolve("a-00002.1.box").resolve("a-00002.toml")));
        assertEquals(List.of(), names(bed.places().held()));
        assertTrue(names(bed.places().failed().resolve("a.1.box")).contains("member.00003"));
    }

    @Test
    void jobThatWaitsForASweep_startsWhenAllOfItHasSucceeded() throws IOException {
        drop("a.job", text("sweep.n=1..4", "0"));
        drop("b.job", "#GPUSPOOL after=a gpus=0\nt=t-b\nexit 0\n");
        bed.drain();
        List<String> order = bed.ledger().read().events().stream()
                .filter(event -> event.what().equals(Ledger.START))
                .map(Ledger.Event::token)
                .toList();
        assertEquals(
                List.of("t-1", "t-2", "t-3", "t-4", "t-b"),
                order,
                () -> bed.log().toString());
    }

    @Test
    void sweepThatWaitsForAJob_isOpenedAfterIt() throws IOException {
        drop("a.job", text("sweep.n=1..2 after=b", "0"));
        drop("b.job", "t=t-b\nexit 0\n");
        bed.drain();
        assertEquals("t-b", bed.ledger().read().events().get(0).token());
        assertEquals(4, names(bed.places().done()).size());
    }

    @Test
    void sweepThatWaitsForAFailedJob_isRefusedWithoutAMember() throws IOException {
        drop("b.job", "t=t-b\nexit 3\n");
        bed.drain();
        drop("a.job", text("sweep.n=1..2 after=b", "0"));
        bed.drain();
        assertEquals(
                "refused", Tree.status(bed.places().failed().resolve("a.1.box")).get("ending"));
        assertEquals(2, names(bed.places().failed()).size());
    }

    @Test
    void memberThatIsRetried_countsWhenItsLastRunEnded() throws IOException {
        drop("a.job", text("sweep.n=1..2 retries=1", "3"));
        bed.drain();
        assertEquals(
                4,
                bed.ledger().read().events().stream()
                        .filter(event -> event.what().equals(Ledger.START))
                        .count(),
                () -> bed.log().toString());
        assertEquals(
                "made 2, done 0, failed 2 of 2",
                GroupBed.progress(bed.places().failed().resolve("a.1.box")));
    }

    @Test
    void arrayOfAScriptForSlurm_isASweep() throws IOException {
        drop("a.job", "#!/bin/sh\n#SBATCH --array=3,5-6%2\nt=t-$SLURM_ARRAY_TASK_ID\nexit 0\n");
        bed.drain();
        Path group = bed.places().done().resolve("a.1.box");
        assertEquals("made 3, done 3, failed 0 of 3", GroupBed.progress(group));
        Path second = bed.places().done().resolve("a-00002.1.box").resolve("a-00002.toml");
        assertTrue(Files.readString(second).contains("SLURM_ARRAY_TASK_ID = \"5\""));
    }

    @Test
    void sweepThatIsTooLarge_isRefusedWithItsCount() throws IOException {
        drop("a.job", text("sweep.n=1..100000", "0"));
        bed.drain();
        assertEquals(
                "a.job:1:11: sweep is 100000 jobs; at most 10000 are allowed (max_sweep);"
                        + " shorten a list, or write sample = 100 for so many at random\n",
                Files.readString(bed.places().failed().resolve("a.1.box").resolve("reason")));
    }
}
