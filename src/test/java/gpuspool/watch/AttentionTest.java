package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import gpuspool.spool.DiskFs;
import gpuspool.spool.HostFiles;
import gpuspool.spool.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttentionTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    @TempDir
    Path directory;

    private final List<String> log = new ArrayList<>();
    private final Attention attention = new Attention(log::add);
    private HostFiles files;

    @BeforeEach
    void makeFiles() throws IOException {
        Files.createDirectory(directory.resolve("hosts"));
        files = new HostFiles(new Layout(directory), "gpubox", new DiskFs());
    }

    private String text() throws IOException {
        return Files.readString(directory.resolve("hosts/gpubox/attention"));
    }

    @Test
    void lines_areSaidOnceAndKeptUntilCleared() throws IOException {
        attention.set("settings", "spool.toml is not understood");
        attention.set("disk", "too little disk space");
        attention.set("disk", "too little disk space");
        assertEquals(Engine.NEVER, attention.update(files, 0));
        assertEquals("too little disk space\nspool.toml is not understood\n", text());
        assertEquals(List.of("attention: spool.toml is not understood", "attention: too little disk space"), log);
        attention.clear("disk");
        attention.clear("settings");
        assertEquals(Engine.NEVER, attention.update(files, SECOND));
        assertEquals("", text());
    }

    @Test
    void linesOfTheWatcherBefore_areGoneAtTheFirstUpdate() throws IOException {
        files.writeAttention(List.of("old"));
        attention.update(files, -5 * SECOND);
        assertEquals("", text());
    }

    @Test
    void manyChanges_areWrittenOnceASecond() throws IOException {
        attention.set("disk", "first");
        attention.update(files, 0);
        attention.set("disk", "second");
        assertEquals(SECOND, attention.update(files, SECOND / 2));
        assertEquals("first\n", text());
        attention.update(files, SECOND);
        assertEquals("second\n", text());
    }

    @Test
    void cannotBeWritten_saysSoAndTriesAgainLater() throws IOException {
        Path host = directory.resolve("hosts/gpubox");
        Files.createDirectory(host.resolve(".attention.new"));
        attention.set("disk", "too little\nspace");
        assertEquals(10 * SECOND, attention.update(files, 0));
        assertEquals(2, log.size());
        Files.delete(host.resolve(".attention.new"));
        assertEquals(10 * SECOND, attention.update(files, SECOND));
        assertEquals(Engine.NEVER, attention.update(files, 10 * SECOND));
        assertEquals("too little\\x0aspace\n", text());
    }
}
