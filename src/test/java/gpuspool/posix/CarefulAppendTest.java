package gpuspool.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Writing to what anybody may have made, and touching it. */
@Timeout(30)
class CarefulAppendTest {
    @TempDir
    private Path temp;

    private static boolean append(Path path) throws IOException {
        return CarefulAppend.toRegular(path, "more\n".getBytes(StandardCharsets.UTF_8));
    }

    private static Object ctime(Path path) throws IOException {
        return Files.getAttribute(path, "unix:ctime", LinkOption.NOFOLLOW_LINKS);
    }

    @Test
    void regularFile_growsAtItsEnd() throws IOException {
        Path file = Files.writeString(temp.resolve("x"), "one\n");
        assertTrue(append(file));
        assertEquals("one\nmore\n", Files.readString(file));
    }

    @Test
    void anythingElse_isLeftAsItIs() throws Exception {
        Path target = Files.writeString(temp.resolve("target"), "keep");
        assertFalse(append(Files.createSymbolicLink(temp.resolve("link"), target)));
        assertFalse(append(Files.createSymbolicLink(temp.resolve("dangling"), temp.resolve("none"))));
        assertFalse(append(Files.createLink(temp.resolve("second"), target)));
        assertFalse(append(Files.createDirectory(temp.resolve("directory"))));
        assertFalse(append(temp.resolve("none")));
        Path pipe = temp.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        assertFalse(append(pipe));
        assertEquals("keep", Files.readString(target));
        assertFalse(Files.exists(temp.resolve("none")));
    }

    @Test
    void touch_neverMakesAFileNorFollowsALink() throws IOException {
        assertFalse(Touch.existing(temp.resolve("none")));
        assertFalse(Files.exists(temp.resolve("none")));
        Path target = Files.createFile(temp.resolve("target"));
        Path link = Files.createSymbolicLink(temp.resolve("link"), target);
        Object targetBefore = ctime(target);
        Object linkBefore = ctime(link);
        while (ctime(link).equals(linkBefore)) {
            assertTrue(Touch.existing(link));
        }
        assertEquals(targetBefore, ctime(target));
    }
}
