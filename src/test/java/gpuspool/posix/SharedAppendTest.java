package gpuspool.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class SharedAppendTest {
    @TempDir
    private Path temp;

    private Path file;

    @BeforeEach
    void name() {
        file = temp.resolve("log");
    }

    private SharedAppend.Added add(String text) throws IOException {
        return SharedAppend.lines(file, text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void noFile_isMade() throws IOException {
        SharedAppend.Added added = add("one\n");
        assertEquals("one\n", Files.readString(file));
        assertEquals(4, added.written());
        assertEquals(0, added.before().size());
        assertEquals(FileFacts.of(file).orElseThrow().identity(), added.before().identity());
    }

    @Test
    void wholeLastLine_isFollowedAtOnce() throws IOException {
        Files.writeString(file, "one\n");
        assertEquals(4, add("two\n").written());
        assertEquals("one\ntwo\n", Files.readString(file));
    }

    @Test
    void tornLastLine_isEndedFirst() throws IOException {
        Files.writeString(file, "one\ntw");
        assertEquals(6, add("three\n").written());
        assertEquals("one\ntw\nthree\n", Files.readString(file));
    }

    @Test
    void emptyFile_getsNoLineFeed() throws IOException {
        Files.createFile(file);
        add("one\n");
        assertEquals("one\n", Files.readString(file));
    }

    private void assertUnfit(String what) {
        IOException refused = assertThrows(IOException.class, () -> add("one\n"));
        assertEquals(file + " is " + what + ", not a regular file; move it away", refused.getMessage());
    }

    @Test
    void namedPipe_isNotWaitedFor() throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("mkfifo", file.toString())
                        .inheritIO()
                        .start()
                        .waitFor());
        assertUnfit("a named pipe");
    }

    @Test
    void directory_isLeftAlone() throws IOException {
        Files.createDirectory(file);
        assertUnfit("a directory");
    }

    @Test
    void symbolicLink_isNotFollowed() throws IOException {
        Path target = Files.writeString(temp.resolve("target"), "mine\n");
        Files.createSymbolicLink(file, target);
        assertUnfit("a symbolic link");
        assertEquals("mine\n", Files.readString(target));
        Files.delete(target);
        assertUnfit("a symbolic link");
        assertFalse(Files.exists(target));
    }

    @Test
    void noDirectory_saysSo() {
        file = temp.resolve("none").resolve("log");
        IOException refused = assertThrows(IOException.class, () -> add("one\n"));
        assertTrue(refused.getMessage().contains("open " + file + ": No such file"), refused.getMessage());
    }

    @Test
    void descriptors_areGivenBack() throws IOException {
        add("one\n");
        int before = Fds.allOpen().size();
        for (int i = 0; i < 50; i++) {
            add("more\n");
        }
        assertTrue(Fds.allOpen().size() < before + 40);
    }
}
