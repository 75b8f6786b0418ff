package gpuspool.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import gpuspool.posix.FileFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrackedTest {
    @TempDir
    Path directory;

    private Spool spool;
    private Path file;

    @BeforeEach
    void makeSpool() throws IOException {
        spool = SpoolMaker.make(directory, new DiskFs());
        Files.createDirectory(directory.resolve("done/exp1.1.box"));
        file = Files.writeString(directory.resolve("incoming/exp1.job"), "true\n");
    }

    private Tracked track() throws IOException {
        JobRefs.Job found = new JobRefs(spool.places()).find("exp1").get(0);
        return new Tracked(spool.places(), new Looker("box", "boot"), new DiskFs(), found);
    }

    private Path claimed() throws IOException {
        Path run = Files.createDirectory(directory.resolve("running/exp1.2.box"));
        String identity = FileFacts.of(file).orElseThrow().identity();
        Files.writeString(run.resolve("status"), "inode = " + identity + "\n");
        Files.writeString(run.resolve("token"), "");
        return run;
    }

    private static void assertFoundAs(String id, Tracked.Now now) {
        Tracked.InDirectory there = assertInstanceOf(Tracked.InDirectory.class, now);
        assertEquals(id, there.look().dir().id().toString());
    }

    @Test
    void queuedThenClaimed_isFoundInItsDirectory() throws IOException {
        Tracked job = track();
        assertInstanceOf(Tracked.InQueue.class, job.look());
        Files.move(file, claimed().resolve("exp1.job"));
        assertFoundAs("exp1.2.box", job.look());
    }

    @Test
    void foundInTheMiddleOfItsClaim_isNotTakenForRemoved() throws IOException {
        Path run = claimed();
        Tracked job = track();
        assertInstanceOf(Tracked.InQueue.class, job.look());
        Files.move(file, run.resolve("exp1.job"));
        assertFoundAs("exp1.2.box", job.look());
    }
}
