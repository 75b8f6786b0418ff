package gpuspool.watch;

import static gpuspool.watch.WatcherBed.fact;
import static gpuspool.watch.WatcherBed.output;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When a dropped file is taken, by one real watcher: never half, never twice, never not at all. */
@Timeout(60)
final class CompletenessTest {
    @TempDir
    private static Path temp;

    private static WatcherBed bed;
    private static Process watcher;

    @BeforeAll
    static void watch() throws Exception {
        bed = new WatcherBed(temp);
        watcher = bed.watch("sim:2");
    }

    @AfterAll
    static void leave() throws IOException {
        assertTrue(watcher.isAlive(), bed.log());
        bed.close();
    }

    private static void append(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** A writer's pause: what it does between two writes of its own, nothing that the outcome waits for. */
    private static void writersPause(long millis) {
        LockSupport.parkNanos(millis * 1_000_000);
    }

    /** Drops a job after the others and waits for it: by then the watcher has looked at those too. */
    private static void awaitOneMore(String stem) throws IOException {
        bed.drop(stem + ".job", "#GPUSPOOL gpus=0\ntrue\n");
        bed.awaitFiled(stem + ".1");
    }

    @Test
    void writerKeepsItOpenForASecond_runsOnceAndWhole() throws Exception {
        try (OutputStream out = Files.newOutputStream(bed.incoming("slow.job"))) {
            for (int i = 0; i < 20; i++) {
                out.write(("echo line " + i + "\n").getBytes(StandardCharsets.US_ASCII));
                writersPause(50);
            }
            assertTrue(Files.exists(bed.incoming("slow.job")), "taken while it was written");
        }
        String out = output(bed.awaitFiled("slow.1"));
        assertEquals(20, out.lines().count());
        assertTrue(out.endsWith("line 19\n"));
        assertNull(bed.filed("slow.2"));
    }

    @Test
    void writtenClosedReopenedAppended_runsOnceAndWhole() throws Exception {
        for (int i = 0; i < 12; i++) {
            append(bed.incoming("again.job"), "echo part " + i + "\n");
            writersPause(40);
        }
        assertEquals(12, output(bed.awaitFiled("again.1")).lines().count());
        assertNull(bed.filed("again.2"));
        assertFalse(Files.exists(bed.incoming("again.job")));
    }

    @Test
    void movedIn_isTakenAtOnce() throws Exception {
        long begun = System.nanoTime();
        for (int i = 1; i <= 5; i++) {
            bed.drop("moved.job", "true\n");
            bed.awaitFiled("moved." + i);
        }
        long each = (System.nanoTime() - begun) / 5_000_000;
        assertTrue(each < 1500, each + " ms each");
    }

    @Test
    void emptyFile_waitsAndRunsOnceItIsFilled() throws Exception {
        Files.createFile(bed.incoming("empty.job"));
        bed.await("it is shown as empty", () -> bed.waiting().contains("empty.job\tit is empty"));
        Files.writeString(bed.incoming("empty.job"), "echo filled\n");
        assertEquals("filled\n", output(bed.awaitFiled("empty.1")));
    }

    @Test
    void otherNames_areIgnored() throws Exception {
        List<String> names = List.of(
                ".x.job", "x.job~", "#x.job#", "x.job.tmp", "x.job.part", ".x.job.swp", "x.txt", "x", ".nfs01.job");
        for (String name : names) {
            Files.writeString(bed.incoming(name), "touch ran\n");
        }
        awaitOneMore("after-ignored");
        for (String name : names) {
            assertTrue(Files.deleteIfExists(bed.incoming(name)), name);
        }
    }

    @Test
    void editorHasItOpen_isHeldBackUntilItIsClosed() throws Exception {
        Files.createFile(bed.incoming(".edited.job.swp"));
        bed.drop("edited.job", "echo ok\n");
        bed.await(
                "it is shown as open",
                () -> bed.waiting().contains("edited.job\tan editor has it open (.edited.job.swp)"));
        assertTrue(Files.exists(bed.incoming("edited.job")));
        Files.delete(bed.incoming(".edited.job.swp"));
        assertEquals("ok\n", output(bed.awaitFiled("edited.1")));
    }

    @Test
    void notARegularFile_doesNotStopTheNextJob() throws Exception {
        Path precious = Files.writeString(temp.resolve("precious"), "touch " + temp.resolve("ran") + "\n");
        assertEquals(
                0,
                new ProcessBuilder("mkfifo", bed.incoming("pipe.job").toString())
                        .start()
                        .waitFor());
        Files.createDirectory(bed.incoming("dir.job"));
        Files.createSymbolicLink(bed.incoming("link.job"), precious);
        Files.createSymbolicLink(bed.incoming("nowhere.job"), Path.of("nowhere"));
        awaitOneMore("after-strange");
        bed.await(
                "they are shown",
                () -> bed.waiting().contains("pipe.job\tit is a named pipe, not a regular file")
                        && bed.waiting().contains("link.job\tit is a symbolic link, not a regular file"));
        for (String name : List.of("pipe.job", "dir.job", "link.job", "nowhere.job")) {
            Files.delete(bed.incoming(name));
        }
        assertFalse(Files.exists(temp.resolve("ran")));
    }

    @Test
    void nameThatIsNotUtf8_runsUnderIt() throws Exception {
        Process drop = new ProcessBuilder(
                        "sh",
                        "-c",
                        "cd \"$1\" && printf 'echo ok\\n' >\"$(printf 'caf\\351.job')\"",
                        "sh",
                        bed.incoming("").toString())
                .start();
        assertEquals(0, drop.waitFor());
        Path filed = bed.awaitFiled("caf_.1");
        assertEquals("ok\n", output(filed));
        assertEquals("caf\\xe9.job", fact(filed, "name"));
        Process look = new ProcessBuilder("sh", "-c", "cat \"$1\"/\"$(printf 'caf\\351.job')\"", "sh", filed.toString())
                .start();
        assertEquals("echo ok\n", new String(look.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }

    @Test
    void namesOfAllKinds_runUnderThem() throws Exception {
        for (String name :
                List.of("a b.job", "größe.job", "-n.job", "#hash.job", "new\nline.job", "$(touch ran).job")) {
            bed.drop(name, "true\n");
        }
        for (String id : List.of("a_b.1", "gr____e.1", "job-n.1", "_hash.1", "new_line.1", "__touch_ran_.1")) {
            bed.awaitFiled(id);
        }
    }

    @Test
    void bytesDropped_areTheBytesKept() throws Exception {
        byte[] text = "exit 0\n\u0000\u0001binary \u00ff tail".getBytes(StandardCharsets.ISO_8859_1);
        byte[] noNul = "exit 0\n\u0001binary \u00ff tail without line feed".getBytes(StandardCharsets.ISO_8859_1);
        assertTrue(text.length > 0);
        Files.write(temp.resolve("draft2"), noNul);
        Files.move(temp.resolve("draft2"), bed.incoming("bytes.job"));
        Path filed = bed.awaitFiled("bytes.1");
        assertArrayEquals(noNul, Files.readAllBytes(filed.resolve("bytes.job")));
        assertArrayEquals(noNul, Files.readAllBytes(filed.resolve("script")));
    }

    @Test
    void tooLarge_isRefusedWithTheReason() throws Exception {
        bed.drop("huge.job", "#" + "x".repeat(1 << 20) + "\n");
        Path filed = bed.awaitFiled("huge.1");
        assertEquals("refused", fact(filed, "ending"));
        assertTrue(
                Files.readString(filed.resolve("reason")).startsWith("huge.job:1:1: the file is 1048578 bytes long"));
    }

    @Test
    void removedWhileItWaits_isForgotten() throws Exception {
        Files.createFile(bed.incoming(".gone.job.swp"));
        bed.drop("gone.job", "true\n");
        bed.await("it waits", () -> bed.waiting().contains("gone.job\t"));
        Files.delete(bed.incoming("gone.job"));
        Files.delete(bed.incoming(".gone.job.swp"));
        bed.await("it is forgotten", () -> !bed.waiting().contains("gone.job\t"));
        assertNull(bed.filed("gone.1"));
    }

    @Test
    void sameNameAgainAndAgain_eachIsARunOfItsOwn() throws Exception {
        List<String> outputs = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            bed.drop("rerun.job", "echo run " + i + "\n");
            outputs.add(output(bed.awaitFiled("rerun." + i)));
        }
        assertEquals(List.of("run 1\n", "run 2\n", "run 3\n"), outputs);
    }
}
