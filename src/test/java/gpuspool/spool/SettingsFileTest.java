package gpuspool.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class SettingsFileTest {
    @TempDir
    private Path directory;

    private Path path;
    private SettingsFile file;

    @BeforeEach
    void name() {
        path = directory.resolve("spool.toml");
        file = new SettingsFile(new Layout(directory), 1000, true);
    }

    private String text() {
        return new String(((SettingsFile.Content) file.read()).bytes(), StandardCharsets.UTF_8);
    }

    private String what() {
        return ((SettingsFile.Unfit) file.read()).what();
    }

    @Test
    void nothing_isAbsent() throws IOException {
        assertInstanceOf(SettingsFile.Absent.class, file.read());
        assertEquals(Optional.empty(), file.look());
    }

    @Test
    void file_isReadWithTheFactsThatALookGives() throws IOException {
        Files.writeString(path, "grace = '1s'\n");
        assertEquals("grace = '1s'\n", text());
        assertEquals(Optional.of(((SettingsFile.Content) file.read()).facts()), file.look());
    }

    @Test
    void link_isFollowed() throws IOException {
        Path target = Files.writeString(directory.resolve("real"), "one");
        Files.createSymbolicLink(path, target);
        assertEquals("one", text());
        var before = file.look();
        Files.writeString(target, "another");
        assertTrue(!before.equals(file.look()), "a change of the target is seen");
    }

    @Test
    void linkToNothing_isNoMissingFile() throws IOException {
        Files.createSymbolicLink(path, Path.of("nowhere"));
        assertEquals("is a symbolic link to nothing", what());
        assertTrue(file.look().isPresent());
    }

    @Test
    void directory_isTold() throws IOException {
        Files.createDirectory(path);
        assertEquals("is a directory", what());
    }

    @Test
    void namedPipe_isToldAtOnce() throws Exception {
        assertEquals(0, new ProcessBuilder("mkfifo", path.toString()).start().waitFor());
        assertEquals("is a named pipe", what());
    }

    @Test
    void tooLarge_isTold() throws IOException {
        Files.writeString(path, "#".repeat(1001));
        assertEquals("is 1001 bytes long; the limit is 1000 bytes", what());
    }

    @Test
    void openForWriting_isBeingWritten() throws IOException {
        try (FileOutputStream writer = new FileOutputStream(path.toFile())) {
            writer.write('#');
            assertInstanceOf(SettingsFile.BeingWritten.class, file.read());
        }
        assertEquals("#", text());
    }
}
