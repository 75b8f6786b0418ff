package gpuspool.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SpoolMakerTest {
    private static final String ID = "0123456789abcdef0123456789abcdef";

    @TempDir
    private Path temp;

    private static List<String> names(Path directory) {
        return List.copyOf(new TreeSet<>(Arrays.asList(directory.toFile().list())));
    }

    private static Spool openOrMake(Path directory) throws IOException {
        return SpoolMaker.openOrMake(directory, new DiskFs());
    }

    private static String refused(Path directory) {
        return assertThrows(NotASpoolException.class, () -> openOrMake(directory))
                .getMessage();
    }

    /** A spool with this first line of {@code format}. */
    private Path spool(String format) throws IOException {
        Path root = temp.resolve("spool");
        openOrMake(root);
        Files.writeString(root.resolve("format"), format);
        return root;
    }

    @Test
    void absent_isMadeWhole() throws Exception {
        Path root = temp.resolve("a/b/spool");
        Spool made = openOrMake(root);
        assertEquals(
                List.of("control", "done", "failed", "format", "held", "hosts", "incoming", "running", "tmp"),
                names(root));
        assertEquals("gpuspool 1\n" + made.id() + "\n", Files.readString(root.resolve("format")));
        assertTrue(made.id().matches("[0-9a-f]{32}"));
        assertEquals(List.of(), names(root.resolve("tmp")));
        assertEquals(made, Spool.open(root));
    }

    @Test
    void empty_isMade() throws Exception {
        Files.createDirectory(temp.resolve("spool"));
        assertEquals(openOrMake(temp.resolve("spool")), openOrMake(temp.resolve("spool")));
    }

    @Test
    void twoSpools_haveDifferentIds() throws Exception {
        assertNotEquals(
                openOrMake(temp.resolve("a")).id(),
                openOrMake(temp.resolve("b")).id());
    }

    @Test
    void somebodyElsesDirectory_isRefusedAndUntouched() throws Exception {
        Path root = Files.createDirectory(temp.resolve("thesis"));
        Files.writeString(root.resolve("chapter1.tex"), "x");
        assertEquals(
                root + " is neither empty nor a spool: it holds chapter1.tex. Nothing was changed. Name another "
                        + "directory with --spool, or an empty one.",
                refused(root));
        assertEquals(List.of("chapter1.tex"), names(root));
    }

    @Test
    void halfMade_isCompletedAndKeepsWhatWasDropped() throws Exception {
        Path root = temp.resolve("spool");
        for (String part : List.of("incoming", "running", "tmp")) {
            Files.createDirectories(root.resolve(part));
        }
        Files.writeString(root.resolve("tmp/format.4711"), "gpuspool 1\n");
        Files.writeString(root.resolve("incoming/x.job"), "true\n");
        openOrMake(root);
        assertEquals("true\n", Files.readString(root.resolve("incoming/x.job")));
        assertTrue(Files.isDirectory(root.resolve("hosts")));
    }

    @Test
    void failureAtEachStep_isNoSpoolYetAndMakingItAgainCompletesIt() throws Exception {
        FaultyFs counter = new FaultyFs((call, path) -> {});
        SpoolMaker.make(temp.resolve("whole"), counter);
        int steps = counter.calls().size();
        for (int i = 0; i < steps; i++) {
            Path root = temp.resolve("at" + i);
            int failAt = i;
            int[] seen = {0};
            FaultyFs fs = new FaultyFs((call, path) -> {
                if (seen[0]++ == failAt) {
                    throw new IOException("No space left on device");
                }
            });
            assertThrows(IOException.class, () -> SpoolMaker.make(root, fs));
            boolean last = counter.calls().get(i).equals("sync at" + i) || i == steps - 1;
            assertEquals(
                    last, Files.exists(root.resolve("format")), counter.calls().get(i));
            assertEquals(openOrMake(root), Spool.open(root), counter.calls().get(i));
        }
        assertTrue(steps > 8, "steps: " + counter.calls());
    }

    @Test
    void symbolicLinkToASpool_isOpenedByItsRealPath() throws Exception {
        Path real = openOrMake(temp.resolve("real")).root();
        Path link = Files.createSymbolicLink(temp.resolve("link"), real);
        assertEquals(real, openOrMake(link).root());
        assertEquals(temp.resolve("real").toRealPath(), real);
    }

    @Test
    void symbolicLinkToAnEmptyDirectory_isMadeThere() throws Exception {
        Path real = Files.createDirectory(temp.resolve("real"));
        Path link = Files.createSymbolicLink(temp.resolve("link"), real);
        assertEquals(real.toRealPath(), openOrMake(link).root());
    }

    @Test
    void newerVersion_isRefusedNamingBothAndUntouched() throws Exception {
        Path root = spool("gpuspool 2\nsomething else\n");
        Files.delete(root.resolve("hosts"));
        NewerSpoolException e = assertThrows(NewerSpoolException.class, () -> openOrMake(root));
        assertEquals(
                root + " has layout version 2; this gpuspool knows versions up to 1. Nothing was touched. "
                        + "Use the gpuspool that made it, or a newer one.",
                e.getMessage());
        assertFalse(Files.exists(root.resolve("hosts")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                   | has a format file that says \"\", and is left alone. Name another directory",
                "gpuspool             | has a format file that says \"gpuspool\", and is left alone. Name another directory",
                "gpuspool zero        | has a format file that says \"gpuspool zero\", and is left alone. Name another directory",
                "gpuspool 0           | has a format file that says \"gpuspool 0\", and is left alone. Name another directory",
                "other 1              | has a format file that says \"other 1\", and is left alone. Name another directory",
                "gpuspool 1           | has a format file without a spool id in its second line, and is left alone. Name another directory",
                "gpuspool 1;ABC       | has a format file without a spool id in its second line, and is left alone. Name another directory",
            })
    void formatNotUnderstood_isQuoted(String format, String why) throws Exception {
        Path root = spool(format.replace(';', '\n'));
        assertEquals(root + " is not a spool: it " + why, refused(root));
    }

    @Test
    void partMissing_isNamed() throws Exception {
        Path root = spool("gpuspool 1\n" + ID + "\n");
        Files.delete(root.resolve("running"));
        assertEquals(
                root + " is not a spool: it has no running. Make one with: gpuspool init --spool " + root,
                refused(root));
    }

    @Test
    void openOnly_makesNothing() throws Exception {
        Path root = temp.resolve("spool");
        NotASpoolException e = assertThrows(NotASpoolException.class, () -> Spool.open(root));
        assertEquals(
                root + " is not a spool: it does not exist. Make one with: gpuspool init --spool " + root,
                e.getMessage());
        assertFalse(Files.exists(root));
        Path file = Files.createFile(temp.resolve("file"));
        assertThrows(NotASpoolException.class, () -> Spool.open(file));
    }
}
