package gpuspool.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobRefsTest {
    @TempDir
    Path directory;

    private Spool spool;

    @BeforeEach
    void makeSpool() throws IOException {
        spool = SpoolMaker.make(directory, new DiskFs());
        for (String run : List.of("done/exp1.1.box", "failed/exp1.2.box", "running/exp1.10.box", "done/exp2.1.box")) {
            Files.createDirectory(directory.resolve(run));
        }
    }

    private List<String> find(String text) throws IOException {
        return new JobRefs(spool.places())
                .find(text).stream()
                        .map(job -> job instanceof JobRefs.Run run
                                ? run.where().word() + "/" + run.id()
                                : ((JobRefs.Queued) job).where().word() + "/" + ((JobRefs.Queued) job).fileName())
                        .toList();
    }

    private void queue(String name) throws IOException {
        Files.writeString(directory.resolve(name), "true\n");
    }

    @Test
    void stem_newestRunFirst() throws IOException {
        assertEquals(List.of("running/exp1.10.box", "failed/exp1.2.box", "done/exp1.1.box"), find("exp1"));
    }

    @Test
    void stem_queuedFileBeforeAllRuns() throws IOException {
        queue("incoming/exp1.job");
        assertEquals("incoming/exp1.job", find("exp1").get(0));
        assertEquals(4, find("exp1").size());
    }

    @Test
    void stemOfHeldFile_isFound() throws IOException {
        queue("held/odd name.toml");
        assertEquals(List.of("held/odd name.toml"), find("odd_name"));
    }

    @Test
    void runNumberOrFullId_meansThatRun() throws IOException {
        assertEquals(List.of("done/exp1.1.box"), find("exp1.1"));
        assertEquals(List.of("failed/exp1.2.box"), find("exp1.2.box"));
        assertEquals(List.of(), find("exp1.3"));
        assertEquals(List.of(), find("exp1.2.other"));
    }

    @Test
    void fileName_meansTheFileAndOnceTakenItsRuns() throws IOException {
        assertEquals("running/exp1.10.box", find("exp1.job").get(0));
        queue("incoming/exp1.job");
        queue("incoming/exp1.toml");
        assertEquals(List.of("incoming/exp1.job"), find("exp1.job"));
    }

    @Test
    void nameThatIsStemAndRun_findsBoth() throws IOException {
        queue("incoming/exp1.2.job");
        assertEquals(List.of("incoming/exp1.2.job", "failed/exp1.2.box"), find("exp1.2"));
    }

    @Test
    void nameAsItWasDroppedOrIsShown_meansItsRuns() throws IOException {
        for (String run : List.of("a_b", "gr____e", "caf_", "job-rf", "job")) {
            Files.createDirectory(directory.resolve("done/" + run + ".1.box"));
        }
        assertEquals(List.of("done/a_b.1.box"), find("a b"));
        assertEquals(List.of("done/gr____e.1.box"), find("größe"));
        assertEquals(List.of("done/caf_.1.box"), find("caf\\xe9.job"));
        assertEquals(List.of("done/caf_.1.box"), find("caf\\xe9"));
        // As a byte that is no UTF-8 comes in by the command line.
        assertEquals(List.of("done/caf_.1.box"), find("caf\ufffd"));
        assertEquals(List.of("done/job-rf.1.box"), find("-rf"));
        queue("incoming/new\nline.job");
        assertEquals(List.of("incoming/new\\x0aline.job"), find("new\\x0aline.job"));
        queue("incoming/exe\u202etob.job");
        assertEquals(List.of("incoming/exe\u202etob.job"), find("exe\\u{202e}tob.job"));
    }

    @Test
    void partsOfNames_meanNothing() throws IOException {
        assertEquals(List.of(), find("exp"));
        assertEquals(List.of(), find(""));
        assertEquals(List.of(), find("../done"));
    }

    @Test
    void highestRun_isTakenFromAllThree() throws IOException {
        assertEquals(10, new JobRefs(spool.places()).highestRun("exp1"));
        assertEquals(0, new JobRefs(spool.places()).highestRun("new"));
    }
}
