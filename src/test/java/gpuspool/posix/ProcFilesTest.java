package gpuspool.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read from the kernel without a child: /proc, lstat, random ids, and renames that replace nothing. */
final class ProcFilesTest {
    private static final long ME = ProcessHandle.current().pid();

    @TempDir
    private Path temp;

    @Test
    void ourOwnStart_liesBeforeNowAndAgreesWithJava() throws Exception {
        long ticks = ProcFiles.startTicks(ME).orElseThrow();
        long age = ProcFiles.uptimeMillis() - ProcFiles.ticksToMillis(ticks);
        long javasAge = System.currentTimeMillis()
                - ProcessHandle.current().info().startInstant().orElseThrow().toEpochMilli();
        assertTrue(Math.abs(age - javasAge) < 2000, age + " against " + javasAge + " ms");
        assertTrue(ProcFiles.isAlive(ME, ticks));
        assertFalse(ProcFiles.isAlive(ME, ticks + 1));
    }

    @Test
    void noSuchProcess_isEmpty() {
        assertEquals(OptionalLong.empty(), ProcFiles.startTicks(999_999_999));
        assertFalse(ProcFiles.isAlive(999_999_999, 1));
    }

    @Test
    void bootId_isOneUuid() throws Exception {
        assertTrue(ProcFiles.bootId().matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"));
        assertEquals(ProcFiles.bootId(), ProcFiles.bootId());
    }

    @Test
    void randomIds_are32DigitsAndDiffer() throws Exception {
        assertTrue(RandomId.next().matches("[0-9a-f]{32}"));
        assertNotEquals(RandomId.next(), RandomId.next());
    }

    @Test
    void facts_changeWithTheFileAndNameItsKind() throws Exception {
        Path file = Files.writeString(temp.resolve("x"), "1");
        FileFacts first = FileFacts.of(file).orElseThrow();
        assertEquals(first, FileFacts.of(file).orElseThrow());
        assertEquals("a regular file", first.kind());
        assertEquals(first.device() + ":" + first.inode(), first.identity());
        Files.writeString(file, "12");
        assertNotEquals(first, FileFacts.of(file).orElseThrow());
        assertEquals(first.identity(), FileFacts.of(file).orElseThrow().identity());
        Path link = Files.createSymbolicLink(temp.resolve("l"), file);
        assertEquals("a symbolic link", FileFacts.of(link).orElseThrow().kind());
        assertTrue(FileFacts.of(temp).orElseThrow().isDirectory());
        assertEquals(Optional.empty(), FileFacts.of(temp.resolve("none")));
    }

    @Test
    void renameOntoATakenName_changesNothing() throws Exception {
        Path from = Files.createDirectories(temp.resolve("from"));
        Path to = Files.createDirectories(temp.resolve("to"));
        assertThrows(FileAlreadyExistsException.class, () -> Renames.withoutReplacing(from, to));
        assertTrue(Files.exists(from));
        assertTrue(Renames.withoutReplacing(from, temp.resolve("free")));
        assertFalse(Files.exists(from));
        PosixException e =
                assertThrows(PosixException.class, () -> Renames.withoutReplacing(from, temp.resolve("free2")));
        assertEquals(Errno.ENOENT, e.errno());
    }
}
