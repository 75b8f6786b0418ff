package gpuspool.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import gpuspool.job.Ending;
import gpuspool.job.JobId;
import gpuspool.job.Outcome;
import gpuspool.posix.RawNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names of jobs, and what lies in the tree under them. */
class OutcomesTest {
    private static final String TIME = "2026-11-21T08:00:00.000Z";

    @TempDir
    Path root;

    private Layout places;
    private Outcomes outcomes;

    @BeforeEach
    void make() throws IOException {
        places = SpoolMaker.make(root.resolve("spool"), new DiskFs()).places();
        outcomes = new Outcomes(places, new DiskFs());
    }

    private void run(Where where, String id, String mark, String status) throws IOException {
        Path directory = Files.createDirectory(where.in(places).resolve(id));
        Files.createFile(directory.resolve(mark));
        Files.writeString(directory.resolve("status"), status + "ended = " + TIME + "\n");
    }

    private void done(String id) throws IOException {
        run(Where.DONE, id, "exit.0", "ending = exited\n");
    }

    private void failed(String id, int code) throws IOException {
        run(Where.FAILED, id, "exit." + code, "ending = exited\n");
    }

    private Outcome of(String name) throws IOException {
        return outcomes.look(Set.of(name)).get(name).outcome();
    }

    private static JobId id(String id) {
        return JobId.parse(id).orElseThrow();
    }

    private static Outcome ended(String id, boolean done, Ending ending) {
        return new Outcome.Ended(id(id), done, ending, TIME);
    }

    @Test
    void nothingOfThatName_isNotHeardOf() throws IOException {
        done("exp10.1.box");
        assertEquals(new Outcome.NotHeardOf(), of("exp1"));
        assertEquals(new Outcome.NotHeardOf(), of("exp10.2"));
    }

    @Test
    void severalRuns_theNewestCounts() throws IOException {
        done("exp1.9.box");
        failed("exp1.10.box", 3);
        assertEquals(ended("exp1.10.box", false, new Ending.Exited(3)), of("exp1"));
        assertEquals(ended("exp1.9.box", true, new Ending.Exited(0)), of("exp1.9"));
        assertEquals(ended("exp1.9.box", true, new Ending.Exited(0)), of("exp1.9.box"));
        run(Where.RUNNING, "exp1.11.other", "started", "");
        assertEquals(new Outcome.Running(id("exp1.11.other")), of("exp1"));
    }

    @Test
    void queuedOrHeld_comesAfterEveryRun() throws IOException {
        done("my_exp.1.box");
        Files.createFile(places.held().resolve("my exp.toml"));
        assertEquals(new Outcome.Held(), of("my_exp"));
        Files.createFile(RawNames.entry(
                places.incoming(), new byte[] {'m', 'y', (byte) 0xff, 'e', 'x', 'p', '.', 'j', 'o', 'b'}));
        assertEquals(new Outcome.Queued(), of("my_exp"));
        assertEquals(ended("my_exp.1.box", true, new Ending.Exited(0)), of("my_exp.1"));
    }

    @Test
    void stemThatLooksLikeARun_isTheStem() throws IOException {
        failed("exp1.2.box", 1);
        assertEquals(ended("exp1.2.box", false, new Ending.Exited(1)), of("exp1.2"));
        done("exp1.2.1.box");
        assertEquals(ended("exp1.2.1.box", true, new Ending.Exited(0)), of("exp1.2"));
    }

    @Test
    void onItsWayBackIntoTheQueue_isNoEnd() throws IOException {
        for (String word : new String[] {"wanted", "made", "handed"}) {
            String id = word + ".1.box";
            run(Where.FAILED, id, "started", "ending = interrupted\nagain = " + word + "\n");
            assertEquals(new Outcome.Returning(id(id)), of(word));
        }
        run(Where.FAILED, "withdrawn.1.box", "started", "ending = interrupted\nagain = withdrawn\n");
        assertEquals(ended("withdrawn.1.box", false, new Ending.Interrupted()), of("withdrawn"));
    }

    @Test
    void runThatWasQueuedAgain_isWhatBecameOfThoseThatFollow() throws IOException {
        String handed = "ending = exited\nagain_for = retry\nagain = handed\n";
        run(Where.FAILED, "exp1.1.box", "exit.3", handed);
        run(Where.FAILED, "exp1.2.box", "exit.4", "ending = exited\n");
        assertEquals(new Outcome.Returning(id("exp1.1.box")), of("exp1.1"));
        run(Where.FAILED, "exp1.3.other", "exit.3", "previous = exp1.1.box\n" + handed);
        assertEquals(new Outcome.Returning(id("exp1.3.other")), of("exp1.1.box"));
        run(Where.RUNNING, "exp1.4.box", "started", "previous = exp1.3.other\n");
        assertEquals(new Outcome.Running(id("exp1.4.box")), of("exp1.1"));
        Files.move(places.running().resolve("exp1.4.box"), places.done().resolve("exp1.4.box"));
        Files.move(places.done().resolve("exp1.4.box/started"), places.done().resolve("exp1.4.box/exit.0"));
        assertEquals(ended("exp1.4.box", true, new Ending.Exited(0)), of("exp1.1"));
        assertEquals(ended("exp1.2.box", false, new Ending.Exited(4)), of("exp1.2"));
        run(Where.FAILED, "exp5.1.box", "exit.3", handed);
        run(Where.DONE, "exp5.1.other", "exit.0", "ending = exited\nprevious = exp5.1.box\n");
        assertEquals(ended("exp5.1.other", true, new Ending.Exited(0)), of("exp5.1.box"));
    }

    @Test
    void endings_areReadFromWordAndMark() throws IOException {
        run(Where.FAILED, "late.1.box", "exit.143", "ending = timed out\n");
        run(Where.FAILED, "blank.1.box", "started", "");
        run(Where.DONE, "shell.1.box", "started", "ending = released\n");
        assertEquals(ended("late.1.box", false, new Ending.TimedOut()), of("late"));
        assertEquals(ended("blank.1.box", false, new Ending.Unknown()), of("blank"));
        assertEquals(ended("shell.1.box", true, new Ending.Released()), of("shell"));
    }

    @Test
    void directoryOfACancelThatWasKilled_isNoRun() throws IOException {
        done("exp1.1.box");
        Files.createDirectory(places.failed().resolve("exp1.2.box"));
        Files.createFile(places.failed().resolve("exp1.3.box"));
        assertEquals(ended("exp1.1.box", true, new Ending.Exited(0)), of("exp1"));
    }

    @Test
    void oneRun_isFoundWhereverItLies() throws IOException {
        assertEquals(Optional.empty(), outcomes.of(id("exp1.1.box")));
        failed("exp1.1.box", 3);
        assertEquals(Optional.of(ended("exp1.1.box", false, new Ending.Exited(3))), outcomes.of(id("exp1.1.box")));
        done("exp2.1.box");
        assertEquals(Optional.of(ended("exp2.1.box", true, new Ending.Exited(0))), outcomes.of(id("exp2.1.box")));
        run(Where.RUNNING, "exp3.1.box", "token", "");
        assertEquals(Optional.of(new Outcome.Running(id("exp3.1.box"))), outcomes.of(id("exp3.1.box")));
    }
}
