package gpuspool.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Upgrades under a running watcher: it goes on starting, stopping, refusing and filing jobs with what it has in memory. {@code
 * -Dgpuspool.sweep=all}: every way, under every Java there is.
 */
class UpgradeIT {
    /** Parts of a JDK that no running program reads. */
    private static final Set<String> UNREAD =
            Set.of("jmods", "legal", "include", "man", "demo", "docs", "src.zip", "ct.sym");

    private static final boolean ALL = "all".equals(System.getProperty("gpuspool.sweep"));

    @TempDir
    private Path temp;

    enum Program {
        /** As {@code cp} does it: another version in the very same file. */
        WRITTEN_OVER,
        EMPTIED,
        /** As a package manager or {@code install} does it. */
        RENAMED_OVER,
        REMOVED
    }

    enum Java {
        REMOVED,
        /** Another version, where there is one, in the same place. */
        REPLACED
    }

    static List<Arguments> upgrades() throws IOException {
        List<Path> jdks = List.copyOf(PackagedLauncherIT.jdks());
        List<Arguments> all = new ArrayList<>();
        for (Path jdk : jdks) {
            for (Program program : Program.values()) {
                for (Java java : Java.values()) {
                    all.add(Arguments.of(jdk, program, java));
                }
            }
        }
        return ALL
                ? all
                : List.of(
                        Arguments.of(jdks.get(0), Program.WRITTEN_OVER, Java.REMOVED),
                        Arguments.of(jdks.get(jdks.size() - 1), Program.EMPTIED, Java.REPLACED));
    }

    @ParameterizedTest
    @MethodSource("upgrades")
    void programAndJavaReplaced_watcherGoesOn(Path jdk, Program program, Java java) throws Exception {
        Path copy = Files.createDirectory(temp.resolve("jdk"));
        copy(jdk, copy);
        try (PackagedBed bed = new PackagedBed(temp, copy)) {
            Process watcher = bed.watch();
            byte[] other = new byte[(int) Files.size(bed.program) + 100_000];
            switch (program) {
                case WRITTEN_OVER -> Files.write(bed.program, other);
                case EMPTIED -> Files.write(bed.program, new byte[0]);
                case RENAMED_OVER ->
                    Files.move(
                            Files.write(bed.root.resolve("new"), other), bed.program, StandardCopyOption.ATOMIC_MOVE);
                case REMOVED -> Files.delete(bed.program);
                default -> throw new AssertionError(program);
            }
            delete(copy);
            if (java == Java.REPLACED) {
                Path another = PackagedLauncherIT.jdks().stream()
                        .filter(one -> !one.equals(jdk))
                        .findAny()
                        .orElse(jdk);
                copy(another, Files.createDirectory(copy));
            }
            assertGoesOn(bed, watcher);
        }
    }

    /** Every kind of job comes to its true end, and the watcher leaves in order. */
    private static void assertGoesOn(PackagedBed bed, Process watcher) throws Exception {
        bed.drop("long.job", "#GPUSPOOL gpus=0\nsleep 300\n");
        bed.drop("late.job", "#GPUSPOOL time=300ms grace=100ms\ntrap '' TERM\nwhile :; do sleep 300; done\n");
        bed.drop("fails.job", "exit 3\n");
        bed.drop("table.toml", "command = ['sh', '-c', 'exit 4']\ntime = '4h'\n[env]\nA = 'x'\n");
        bed.drop("split.job", "#GPUSPOOL output=split\necho out; echo err >&2; setsid sleep 300 &\n");
        bed.drop("wrong.toml", "comand = 'x'\n");
        bed.drop("worse.toml", "command = \n");
        bed.drop("wrong.job", "#GPUSPOOL gpu=2\nx\n");
        bed.drop("many.job", "#GPUSPOOL gpus=9\nx\n");
        assertEquals("3", PackagedBed.fact(bed.awaitFiled("fails.1"), "exit"));
        assertEquals("4", PackagedBed.fact(bed.awaitFiled("table.1"), "exit"));
        assertEquals("out\n", Files.readString(bed.awaitFiled("split.1").resolve("stdout.log")));
        for (String id : List.of("wrong.1", "wrong.2", "worse.1", "many.1")) {
            assertEquals("refused", PackagedBed.fact(bed.awaitFiled(id), "ending"), id);
        }
        bed.await("it runs", () -> bed.find("long.1", "running") != null);
        Files.createFile(bed.find("long.1", "running").resolve("cancel"));
        assertEquals("cancelled", PackagedBed.fact(bed.awaitFiled("long.1"), "ending"));
        assertEquals("timed out", PackagedBed.fact(bed.awaitFiled("late.1"), "ending"));
        Files.createFile(bed.spool().resolve("control/pause"));
        bed.drop("held.job", "exit 5\n");
        Path host = PackagedBed.list(bed.spool().resolve("hosts")).get(0);
        bed.await(
                "that is shown", () -> Files.readString(host.resolve("waiting")).contains("held.job\tpaused"));
        Files.delete(bed.spool().resolve("control/pause"));
        assertEquals("5", PackagedBed.fact(bed.awaitFiled("held.1"), "exit"));
        watcher.destroy();
        bed.await("it leaves", () -> !watcher.isAlive());
        // The record has every one of them: it is written by a thread of its own.
        String record = Files.readString(host.resolve("history.jsonl"));
        for (String id : List.of("long.1", "late.1", "fails.1", "table.1", "split.1", "wrong.1", "held.1")) {
            assertTrue(record.contains("\"job\":\"" + id + "\""), id + " in " + record);
        }
        String log = bed.log();
        assertTrue(log.endsWith("leaving; no job was running\n"), log);
        assertTrue(!log.contains("Exception") && !log.contains("Error"), log);
    }

    /** By hard links where that may be done, so it is quick. Nothing here may ever be written to. */
    private static void copy(Path from, Path to) throws IOException {
        for (Path entry : PackagedBed.list(from)) {
            String name = entry.getFileName().toString();
            if (UNREAD.contains(name) || !Files.exists(entry)) {
                continue;
            }
            Path target = to.resolve(name);
            if (Files.isDirectory(entry)) {
                copy(entry, Files.createDirectory(target));
            } else {
                try {
                    Files.createLink(target, entry.toRealPath());
                } catch (IOException e) {
                    Files.copy(entry, target, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    private static void delete(Path root) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attrs) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, IOException e) throws IOException {
                Files.delete(dir);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
