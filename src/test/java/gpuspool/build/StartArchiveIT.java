package gpuspool.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive of loaded classes: made by a watcher, used by later starts, and never noticed where it does not fit. */
class StartArchiveIT {
    private static final String JAVA = System.getProperty("java.home");
    private static final String USED = "gpuspool.cli.StatusPage source: shared objects file (top)";

    @TempDir
    private Path temp;

    private Process watcher;

    private record Result(int code, String out, String err) {}

    @Test
    void archive_isMadeByAWatcherAndUsedByLaterStarts() throws Exception {
        try (PackagedBed bed = new PackagedBed(temp, Path.of(JAVA))) {
            Path archive = madeBy(bed);
            assertEquals(
                    PosixFilePermissions.fromString("rwx------"), Files.getPosixFilePermissions(archive.getParent()));
            Map<String, String> telling = Map.of("GPUSPOOL_JAVA", tellingJava().toString());
            assertTrue(status(bed, telling).out().contains(USED));
            assertFalse(status(bed, Map.of("GPUSPOOL_JAVA", telling.get("GPUSPOOL_JAVA"), "GPUSPOOL_NO_ARCHIVE", "1"))
                    .out()
                    .contains(USED));
            assertFits(status(bed, Map.of()));
        }
    }

    @Test
    void archiveThatDoesNotFit_isPassedOver() throws Exception {
        try (PackagedBed bed = new PackagedBed(temp, Path.of(JAVA))) {
            Path archive = madeBy(bed);
            Path good = Files.copy(archive, temp.resolve("good"));
            String told = assertFits(status(bed, Map.of()));

            Files.setLastModifiedTime(bed.program, FileTime.fromMillis(System.currentTimeMillis() + 60_000));
            assertEquals(told, assertFits(status(bed, Map.of())), "the program was replaced");

            for (byte[] content : List.of(new byte[0], new byte[5000], new byte[] {1, 2, 3})) {
                replace(archive, Files.write(temp.resolve("bad"), content));
                assertEquals(told, assertFits(status(bed, Map.of())), content.length + " bytes");
            }
            Files.delete(archive);
            Files.createSymbolicLink(archive, good);
            Map<String, String> telling = Map.of("GPUSPOOL_JAVA", tellingJava().toString());
            assertFalse(status(bed, telling).out().contains(good.toString()), "a link");
            Files.delete(archive);
            Files.createDirectory(archive);
            assertEquals(told, assertFits(status(bed, Map.of())), "a directory");
            for (Map<String, String> home :
                    List.of(Map.of("HOME", ""), Map.of("HOME", "/proc"), Map.of("XDG_CACHE_HOME", "relative"))) {
                assertEquals(told, assertFits(status(bed, home)), home.toString());
            }
        }
    }

    @Test
    void archiveThatWasCutShort_isNoTroubleOnceTheNextWatcherRuns() throws Exception {
        try (PackagedBed bed = new PackagedBed(temp, Path.of(JAVA))) {
            Path archive = madeBy(bed);
            watcher.destroyForcibly().waitFor();
            Path half = temp.resolve("half");
            Files.write(half, Arrays.copyOf(Files.readAllBytes(archive), 1_000_000));
            replace(archive, half);
            Files.setLastModifiedTime(archive, FileTime.fromMillis(System.currentTimeMillis() + 1000));
            bed.watch();
            // Java 17 crashes on it, newer ones pass over it.
            bed.await("status works", () -> {
                Result result = status(bed, Map.of());
                return result.code() == 0 && result.out().startsWith("watcher on ");
            });
            assertFits(status(bed, Map.of()));
        }
    }

    /** A watcher without a home it may write to works as any other, and says once what it could not do. */
    @Test
    void cacheThatCannotBeWritten_isTold() throws Exception {
        try (PackagedBed bed = new PackagedBed(temp, Path.of(JAVA))) {
            bed.environment.put("XDG_CACHE_HOME", Files.createFile(temp.resolve("file")) + "/cache");
            wanted(bed);
            bed.watch();
            bed.await("it tells", () -> bed.log().contains("no archive of its classes"));
            assertFits(status(bed, Map.of()));
        }
    }

    private static void wanted(PackagedBed bed) {
        bed.environment.remove("GPUSPOOL_NO_ARCHIVE");
        bed.environment.put("GPUSPOOL_TEST_ARCHIVE_AFTER", "0");
    }

    private Path madeBy(PackagedBed bed) throws Exception {
        wanted(bed);
        Path archive = Path.of(bed.root + "/.cache/gpuspool/start/" + System.getProperty("java.version") + bed.program
                + "/classes.jsa");
        Path old = Path.of(bed.root + "/.cache/gpuspool/start/17.0.1/nonexistent/gpuspool/classes.jsa");
        Files.createDirectories(old.getParent());
        Files.createFile(old);
        watcher = bed.watch();
        bed.await("the archive is there", () -> Files.exists(archive));
        assertFalse(Files.exists(old, LinkOption.NOFOLLOW_LINKS), "one of a program that is gone");
        return archive;
    }

    private static void replace(Path file, Path by) throws IOException {
        Files.move(by, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** A Java that prints which classes it loads, and from where. */
    private Path tellingJava() throws IOException {
        Path home = temp.resolve("telling");
        Path java = home.resolve("bin/java");
        Files.createDirectories(java.getParent());
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + System.getProperty("java.version") + "\"\n");
        Files.writeString(java, """
                #!/bin/sh
                count=$#
                for word; do
                  [ "$word" != -jar ] || set -- "$@" -Xlog:class+load
                  set -- "$@" "$word"
                done
                shift $count
                printf '%s\\n' "$@"
                exec JAVA/bin/java "$@"
                """.replace("JAVA", JAVA));
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        return home;
    }

    private static String assertFits(Result result) {
        assertEquals(0, result.code(), result.err());
        assertEquals("", result.err());
        assertTrue(result.out().startsWith("watcher on "), result.out());
        assertTrue(result.out().endsWith("no jobs\n"), result.out());
        // How long the watcher is up changes.
        return result.out().replaceAll(" up [^,]*,", " up,");
    }

    private Result status(PackagedBed bed, Map<String, String> more) throws Exception {
        Path out = temp.resolve("out");
        Path err = temp.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(
                        bed.program.toString(), "status", "--spool", bed.spool().toString())
                .directory(temp.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(bed.environment);
        builder.environment().putAll(more);
        Process process = builder.start();
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), "still running");
        return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    }
}
