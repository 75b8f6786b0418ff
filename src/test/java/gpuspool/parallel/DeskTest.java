package gpuspool.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import gpuspool.spool.DiskFs;
import gpuspool.spool.FaultyFs;
import gpuspool.spool.Fs;
import gpuspool.spool.Spool;
import gpuspool.spool.SpoolMaker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeskTest {
    private static final byte[] CONTENT = {'i', 'd', '\n'};

    @TempDir
    Path directory;

    private Spool spool;
    private final List<String> submitted = new ArrayList<>();

    @BeforeEach
    void makeSpool() throws IOException {
        spool = SpoolMaker.make(directory.resolve("spool"), new DiskFs());
    }

    private Desk desk(Fs fs) throws IOException {
        return new Desk(spool.places(), "gpubox", fs, submitted::add, stem -> {});
    }

    private List<String> queued() throws IOException {
        try (var files = Files.list(spool.places().incoming())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .toList();
        }
    }

    @Test
    void errorAfterTheJobLiesInTheQueue_isSubmittedOnce() throws IOException {
        Desk desk = desk(FaultyFs.failing("sync", "incoming"));
        String stem = desk.stem(1, 1);
        desk.submit(stem, CONTENT);
        assertEquals(List.of(stem + Desk.JOB), queued());
        assertEquals(List.of(stem), submitted);
    }

    @Test
    void errorBefore_isTold() throws IOException {
        Desk desk = desk(FaultyFs.failing("link", ".new"));
        assertThrows(IOException.class, () -> desk.submit(desk.stem(1, 1), CONTENT));
        assertEquals(List.of(), queued());
        assertEquals(List.of(), submitted);
    }
}
