package gpuspool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.posix.RawNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** hold, release, first, last, and cancel for what is held: on a spool that nobody watches. */
class QueueVerbsTest {
    @TempDir
    Path directory;

    private CliSpool spool;

    @BeforeEach
    void makeSpool() throws IOException {
        spool = new CliSpool(directory);
    }

    private Path at(String path) {
        return spool.root.resolve(path);
    }

    private static CliSpool.Result done(String out) {
        return new CliSpool.Result(0, out, "");
    }

    private static CliSpool.Result not(String err) {
        return new CliSpool.Result(1, "", err);
    }

    private FileTime ctime(String path) throws IOException {
        return (FileTime) Files.getAttribute(at(path), "unix:ctime");
    }

    @Test
    void holdAndRelease_moveTheFile_andSaySoWhenTheyAreTooLate() throws IOException {
        spool.queue("exp1.job", "true\n");
        assertEquals(done("exp1.job: held; to put it back: gpuspool release exp1\n"), spool.run("hold", "exp1"));
        assertTrue(Files.exists(at("held/exp1.job")));
        assertEquals(done("exp1.job is held already\n"), spool.run("hold", "exp1.job"));
        assertEquals(done("exp1.job: back in the queue, at its end\n"), spool.run("release", "exp1"));
        assertTrue(Files.exists(at("incoming/exp1.job")));
        assertEquals(done("exp1.job is in the queue already\n"), spool.run("release", "exp1"));
    }

    @Test
    void hold_takesBackTheRequestToComeFirst() throws IOException {
        spool.queue("exp1.job", "true\n");
        assertEquals(0, spool.run("first", "exp1").status());
        assertEquals(0, spool.run("hold", "exp1").status());
        assertFalse(Files.exists(at("control/exp1.job.first")));
    }

    @Test
    void nameTakenOnTheOtherSide_nothingIsReplaced() throws IOException {
        spool.queue("exp1.job", "new\n");
        Files.writeString(at("held/exp1.job"), "old\n");
        assertEquals(
                not(
                        "gpuspool hold: exp1.job stays in incoming/: another file has its name where it was to go; rename one"
                                + " of the two\n"),
                spool.run("hold", "exp1"));
        assertEquals(1, spool.run("release", "exp1").status());
        assertEquals("new\n", Files.readString(at("incoming/exp1.job")));
        assertEquals("old\n", Files.readString(at("held/exp1.job")));
        assertEquals(
                not("gpuspool cancel: exp1 could be any of incoming/exp1.job, held/exp1.job; name one of them\n"),
                spool.run("cancel", "exp1"));
        assertEquals(0, spool.run("cancel", "held/exp1.job").status());
        assertEquals("new\n", Files.readString(at("incoming/exp1.job")));
    }

    @Test
    void oneFileUnderBothNames_isNotTakenForMoved() throws IOException {
        spool.queue("exp1.job", "true\n");
        Files.createLink(at("held/exp1.job"), at("incoming/exp1.job"));
        assertEquals(1, spool.run("hold", "exp1").status());
        assertTrue(Files.exists(at("incoming/exp1.job")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hold", "first", "last"})
    void ambiguous_isRefusedWithTheList_andTheNameHelps(String verb) throws IOException {
        spool.queue("a.job", "true\n");
        spool.queue("a.toml", "command = \"true\"\n");
        CliSpool.Result result = spool.run(verb, "a");
        assertEquals(1, result.status());
        assertTrue(
                result.err()
                        .matches("gpuspool " + verb + ": a could be any of a.(job, a.toml|toml, a.job); name one of"
                                + " them\n"),
                result.err());
        assertEquals(0, spool.run(verb, "a.toml").status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"hold", "release", "first", "last"})
    void whatHasMovedOn_isSaid(String verb) throws IOException {
        spool.jobDir("running", "r.1", "started", "pid=1\ngo 2\n", "");
        spool.done("e.1");
        String stop = verb.equals("hold") ? "to stop it: gpuspool cancel r.1" : "see: gpuspool show r.1";
        assertEquals(not("gpuspool " + verb + ": r.1 runs already; " + stop + "\n"), spool.run(verb, "r"));
        assertEquals(
                not("gpuspool " + verb + ": e.1 has ended already; see: gpuspool show e.1\n"),
                spool.run(verb, "e.job"));
        assertEquals(not("gpuspool " + verb + ": no job n in SPOOL; see: gpuspool status\n"), spool.run(verb, "n"));
    }

    /** A running job cannot be held, so the queued one of that name is meant. */
    @Test
    void queuedAndRunning_theQueuedOneIsMeant() throws IOException {
        spool.jobDir("running", "exp1.1", "started", "pid=1\ngo 2\n", "");
        spool.queue("exp1.job", "true\n");
        assertEquals(0, spool.run("hold", "exp1").status());
    }

    @Test
    void several_allAreTried() throws IOException {
        spool.queue("a.job", "true\n");
        spool.queue("b.job", "true\n");
        CliSpool.Result result = spool.run("hold", "a", "none", "b");
        assertEquals(1, result.status());
        assertEquals(2, result.out().lines().count());
        assertTrue(Files.exists(at("held/b.job")));
    }

    @Test
    void first_asksInTheOrderNamed() throws IOException {
        for (String name : List.of("a", "b", "c")) {
            spool.queue(name + ".job", "true\n");
        }
        assertEquals(
                done("c.job: comes first now\nb.job: comes first now\na.job: comes first now\n"),
                spool.run("first", "a", "b", "c"));
        assertTrue(ctime("control/a.job.first").compareTo(ctime("control/b.job.first")) > 0);
        assertTrue(ctime("control/b.job.first").compareTo(ctime("control/c.job.first")) > 0);
        // Within one tick of the kernel's clock there is no order.
        Awaitility.await("asked again, it is the latest")
                .until(() -> spool.run("first", "c").status() == 0
                        && ctime("control/c.job.first").compareTo(ctime("control/a.job.first")) > 0);
    }

    @Test
    void last_touchesAndTakesTheRequestBack() throws IOException {
        spool.queue("a.job", "true\n");
        spool.queue("b.job", "true\n");
        assertEquals(0, spool.run("first", "a").status());
        assertEquals(done("b.job: comes last now\na.job: comes last now\n"), spool.run("last", "b", "a"));
        assertTrue(ctime("incoming/a.job").compareTo(ctime("incoming/b.job")) > 0);
        assertFalse(Files.exists(at("control/a.job.first")));
    }

    @Test
    void firstAndLast_ofAHeldJob_sayWhatToDo() throws IOException {
        Files.writeString(at("held/a.job"), "true\n");
        assertEquals(
                not("gpuspool first: a.job is held; put it back first: gpuspool release a\n"), spool.run("first", "a"));
        assertEquals(1, spool.run("last", "a").status());
        assertEquals(List.of(), List.of(at("control").toFile().list()));
    }

    @Test
    void nameTooLongForARequest_isSaid() throws IOException {
        String name = "x".repeat(250) + ".job";
        spool.queue(name, "true\n");
        assertEquals(
                not("gpuspool first: the name of " + name
                        + " is too long for a request in control/; rename it, to 249 bytes at most\n"),
                spool.run("first", name));
        assertEquals(0, spool.run("last", name).status());
        assertEquals(0, spool.run("hold", name).status());
    }

    @Test
    void hostileName_isMovedByItsBytesAndShownEscaped() throws IOException {
        byte[] raw = {'a', 27, (byte) 0xff, '.', 'j', 'o', 'b'};
        Files.writeString(RawNames.entry(at("incoming"), raw), "true\n");
        assertEquals(done("a\\x1b\\xff.job: comes first now\n"), spool.run("first", "a__"));
        assertEquals(done("a\\x1b\\xff.job: held; to put it back: gpuspool release a__\n"), spool.run("hold", "a__"));
        assertTrue(Files.exists(RawNames.entry(at("held"), raw)));
        assertEquals(
                "",
                new String(RawNames.bytes(at("control")), StandardCharsets.UTF_8)
                        .replace(at("control").toString(), ""));
    }

    @Test
    void cancelQueued_takesTheRequestBackToo() throws IOException {
        spool.queue("exp1.job", "true\n");
        assertEquals(0, spool.run("first", "exp1").status());
        assertEquals(0, spool.run("cancel", "exp1").status());
        assertEquals(0, at("control").toFile().list().length);
    }
}
