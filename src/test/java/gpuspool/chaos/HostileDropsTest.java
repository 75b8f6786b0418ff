package gpuspool.chaos;

import static gpuspool.chaos.HostileBed.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Nothing in incoming/ can hurt the queue. Each bad drop runs and is filed with its bytes as they were, or lies in
 * failed/ with a reason, or stays and is shown with what it waits for; and the next good job never waits for it. All of
 * it in one spool, under one watcher, as {@code spool-layout.md} tells it.
 */
@Timeout(120)
final class HostileDropsTest {
    private static final String GOOD = "#!/bin/sh\n#GPUSPOOL gpus=0\n";

    private static HostileBed bed;

    @BeforeAll
    static void watch() throws Exception {
        bed = new HostileBed();
        // Takes its time, meanwhile the others go on: judged at the end.
        Files.createFile(Files.createDirectory(bed.scratch("broken")).resolve("libc.so.6"));
        bed.drop("no-shell.job", "#GPUSPOOL gpus=0 env.LD_LIBRARY_PATH=" + bed.scratch("broken") + "\ntrue\n");
    }

    @AfterAll
    static void nothingIsLostOrLeft() throws Exception {
        try (HostileBed all = bed) {
            all.bed().awaitAllFiled(java.time.Duration.ofSeconds(60));
            Path noShell = bed.awaitFiled("no-shell.1");
            assertEquals("not started", Tree.status(noShell).get("ending"));
            assertTrue(bytes(noShell.resolve("reason")).contains("libc.so.6"), bytes(noShell.resolve("reason")));
            assertEquals(List.of(), all.bed().checker().check());
            assertTrue(all.watcherLives(), all.log());
            assertNull(firstControl(all.log()), "the log shows a control character");
            all.bed().passed();
        }
    }

    /** A writer's pause between two writes of its own; nothing that the outcome waits for. */
    private static void writersPause(long millis) {
        LockSupport.parkNanos(millis * 1_000_000);
    }

    private static String utf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** What no terminal may get from a name: the first such character; null where there is none. */
    private static String firstControl(String text) {
        return text.codePoints()
                .filter(c -> (c < 0x20 && c != '\n')
                        || (c >= 0x7f && c < 0xa0)
                        || (c >= 0x202a && c <= 0x202e)
                        || (c >= 0x2066 && c <= 0x2069))
                .mapToObj(Integer::toHexString)
                .findFirst()
                .orElse(null);
    }

    // ---- names

    @Test
    void namesOfAllKinds_runUnderTheirOwnBytes() throws Exception {
        List<String> names = List.of(
                "x".repeat(251) + ".job",
                utf8("ü".repeat(125)) + ".job",
                "a" + utf8("漢".repeat(80)) + ".toml",
                "new\nline.job",
                "\u001b]0;owned\u0007\u001b[2J\u001b[31mred.job",
                "cr\rbs\b.job",
                "-rf.job",
                "--help.toml",
                "$(touch ran).job",
                "`touch ran`.job",
                "it's \"quoted\".job",
                " a b .job",
                "*.job",
                "?[a-z]{1,2}.job",
                "a..job",
                utf8("exe\u202ebot.job"),
                utf8("c1\u009b31m.job"),
                "\u00ff\u00fe.job",
                "half\u00c3.toml",
                "exp1.job.job",
                "x.toml.job",
                "same.job",
                "same.toml",
                "v1.2.host.job",
                "status.job",
                "token.job",
                "started.toml",
                "exit.0.job",
                "script.toml",
                "cancel.job",
                "output.log.job",
                "reason.toml",
                "unspawned.1.job",
                "\\.job",
                "%s%n.job",
                "~.job",
                "&;|<>!.job",
                "CON.job",
                "--.job",
                "name = x.job");
        for (String name : names) {
            JobScripts.Kind kind = name.endsWith(".toml") ? JobScripts.Kind.TOML : JobScripts.Kind.NO_CARD;
            assertTrue(bed.bed().drop(bed.bed().scripts().make(kind, name)), name);
        }
        bed.assertTheNextJobRuns();
        bed.await("all have run", () -> names.stream().noneMatch(name -> Files.exists(bed.incoming(name))));
        // The checker sees at the end that each ran once, and that its bytes, its name and its stem are right.
        assertFalse(Files.exists(bed.bed().root().resolve("ran")), "a name was run as a command");
        String shown = bed.command("status");
        assertNull(firstControl(shown), shown);
    }

    @Test
    void namesThatAreNobodysJob_areLeftAlone() throws Exception {
        List<String> names = List.of(
                "..job",
                ".job",
                ".x.job",
                "..toml",
                "x.job~",
                "#x.job#",
                "x.job.part",
                "x.JOB",
                "xjob",
                "x.job ",
                "x.job\n");
        for (String name : names) {
            bed.drop(name, "touch ran\n");
        }
        bed.assertTheNextJobRuns();
        for (String name : names) {
            assertTrue(Files.deleteIfExists(bed.incoming(name)), name);
        }
    }

    // ---- what is no regular file

    @Test
    void whatIsNoRegularFile_staysAndIsShown() throws Exception {
        Path precious = Files.writeString(bed.scratch("precious"), "touch " + bed.scratch("ran") + "\n");
        Files.createDirectory(bed.scratch("directory"));
        bed.run(
                "mkfifo \"$1\" \"$2\"",
                bed.incoming("pipe.job").toString(),
                bed.incoming("written.job").toString());
        Process writer = bed.sh("echo true >\"$1\"", bed.incoming("written.job").toString());
        Map<String, Path> links = Map.of(
                "file.job", precious,
                "directory.job", bed.scratch("directory"),
                "nowhere.job", Path.of("nowhere"),
                "zero.job", Path.of("/dev/zero"),
                "loop.job", Path.of("loop.job"),
                "self.toml", Path.of("."));
        for (Map.Entry<String, Path> link : links.entrySet()) {
            Files.createSymbolicLink(bed.incoming("to-" + link.getKey()), link.getValue());
        }
        Files.createDirectory(bed.incoming("empty-dir.job"));
        Files.createDirectory(bed.incoming("full-dir.toml"));
        Files.writeString(bed.incoming("full-dir.toml").resolve("inner.job"), "touch ran\n");
        String rulesTerminals = "\u001b[2J\u0007\u00ff" + utf8("\u009b31m\u202e") + ".job";
        Files.createDirectory(bed.incoming(rulesTerminals));
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(bed.incoming("socket.job")));
            bed.assertTheNextJobRuns();
            Map<String, String> expected = new LinkedHashMap<>();
            expected.put("pipe.job", "it is a named pipe, not a regular file");
            expected.put("written.job", "it is a named pipe, not a regular file");
            expected.put("socket.job", "it is a socket, not a regular file");
            expected.put("empty-dir.job", "it is a directory, not a regular file");
            expected.put("full-dir.toml", "it is a directory, not a regular file");
            links.keySet().forEach(name -> expected.put("to-" + name, "it is a symbolic link, not a regular file"));
            bed.await("all are shown", () -> {
                Map<String, String> shown = bed.waiting();
                shown.keySet().retainAll(expected.keySet());
                return new TreeMap<>(shown).equals(new TreeMap<>(expected));
            });
            String status = bed.command("status");
            assertNull(firstControl(status), status);
            assertTrue(status.contains("[2J"), status);
            expected.forEach((name, why) -> assertTrue(
                    status.lines().anyMatch(line -> line.contains(name) && line.contains(why)), name + "\n" + status));
        }
        assertTrue(writer.isAlive(), "somebody read the pipe");
        for (String name : List.of(
                "pipe.job", "written.job", "socket.job", "full-dir.toml/inner.job", "full-dir.toml", "empty-dir.job")) {
            Files.delete(bed.bed().spool().resolve("incoming").resolve(name));
        }
        Files.delete(bed.incoming(rulesTerminals));
        for (String name : links.keySet()) {
            Files.delete(bed.incoming("to-" + name));
        }
        assertFalse(Files.exists(bed.scratch("ran")));
        bed.await("they are forgotten", () -> bed.waiting().keySet().stream().noneMatch(name -> name.endsWith(".job")));
    }

    @Test
    void deviceNode_staysAndIsShown() throws Exception {
        Process mknod = bed.sh(
                "mknod \"$1\" c 1 5 2>/dev/null", bed.incoming("device.job").toString());
        assumeTrue(mknod.waitFor() == 0, "not allowed to make a device node");
        bed.assertTheNextJobRuns();
        bed.awaitShown("device.job", "it is a device, not a regular file");
        Files.delete(bed.incoming("device.job"));
    }

    // ---- contents

    @Test
    void contentsOfAllKinds_runOrAreRefused() throws Exception {
        Files.createFile(bed.incoming("empty.job"));
        try (RandomAccessFile sparse =
                new RandomAccessFile(bed.incoming("sparse.job").toFile(), "rw")) {
            sparse.setLength(64L << 30);
        }
        String head = GOOD + "echo whole\nexit 0\n#";
        String megabyte = head + "x".repeat((1 << 20) - head.length());
        bed.drop("megabyte.job", megabyte);
        bed.drop("megabyte-and-one.job", megabyte + "x");
        bed.drop("nul.job", GOOD + "echo a\u0000b\n");
        Path elf = Files.copy(Path.of("/bin/true"), bed.scratch("elf"));
        Files.move(elf, bed.incoming("elf.job"));
        bed.drop("crlf.job", "#!/bin/sh\r\n#GPUSPOOL gpus=0\r\necho crlf\r\n");
        bed.drop("crlf.toml", "gpus = 0\r\ncommand = \"echo crlf\"\r\n");
        bed.drop("bom.job", "\u00ef\u00bb\u00bf" + GOOD + "echo bom\n");
        bed.drop("bom.toml", "\u00ef\u00bb\u00bfgpus = 0\ncommand = \"echo bom\"\n");
        bed.drop("latin1.toml", "gpus = 0\ncommand = \"echo caf\u00e9\"\n");
        bed.drop("latin1.job", GOOD + "printf caf\u00e9");
        bed.drop("no-line-feed.job", GOOD + "echo end");
        bed.drop("no-interpreter.job", "#!/nonexistent/python9 -u\n#GPUSPOOL gpus=0\nprint()\n");
        bed.drop("long-interpreter.job", "#!/" + "x".repeat(300) + "\n#GPUSPOOL gpus=0\nprint()\n");
        bed.drop("huge-interpreter.job", "#!/" + "x".repeat(200_000) + "\n#GPUSPOOL gpus=0\nprint()\n");
        bed.drop("only-a-hash-bang.job", "#!");
        bed.drop("line-feed.job", "\n");
        bed.drop("deep.toml", "gpus = 0\ncommand = " + "[".repeat(200_000) + "\n");
        bed.drop("many.job", "#GPUSPOOL gpus=0\n" + "#GPUSPOOL x=y\n".repeat(20_000));
        bed.drop("huge-env.toml", "gpus = 0\ncommand = \"true\"\nenv.X = \"" + "x".repeat(200_000) + "\"\n");
        bed.assertTheNextJobRuns();

        bed.assertRefused("sparse.1", "68719476736");
        // The checker reads what there is.
        Files.write(bed.filed("sparse.1").resolve("sparse.job"), new byte[0]);
        bed.assertRan("megabyte.1", "megabyte.job", megabyte, "whole\n");
        bed.assertRefused("megabyte-and-one.1", "1048577");
        bed.assertRan("no-line-feed.1", "no-line-feed.job", GOOD + "echo end", "end\n");
        bed.assertRan("latin1.2", "latin1.job", GOOD + "printf caf\u00e9", "caf\u00e9");
        bed.assertRefused("nul.1", "NUL byte");
        bed.assertRefused("elf.1", "NUL byte");
        bed.assertRefused("crlf.1", "CR LF");
        assertEquals("crlf\n", bytes(bed.awaitFiled("crlf.2").resolve("output.log")));
        bed.assertRefused("bom.1", "byte order mark");
        assertEquals("bom\n", bytes(bed.awaitFiled("bom.2").resolve("output.log")));
        bed.assertRefused("latin1.1", "not UTF-8");
        bed.assertRefused("only-a-hash-bang.1", "#! names no program");
        bed.assertRefused("line-feed.1", "has no command");
        bed.assertRefused("deep.1", "nested too deeply");
        bed.assertRefused("many.1", "unknown key \"x\"");
        assertTrue(Files.size(bed.filed("many.1").resolve("reason")) < 10_000);
        for (String run : List.of("no-interpreter.1", "long-interpreter.1")) {
            assertTrue(
                    List.of("126", "127")
                            .contains(Tree.status(bed.awaitFiled(run)).get("exit")),
                    run);
        }
        for (String run : List.of("huge-interpreter.1", "huge-env.1")) {
            Path filed = bed.awaitFiled(run);
            assertEquals("not started", Tree.status(filed).get("ending"), run);
            assertTrue(bytes(filed.resolve("reason")).contains("too large"), run);
        }
        assertTrue(bed.log().length() < 100_000, "the log is flooded");
        bed.awaitShown("empty.job", "it is empty");
        Files.delete(bed.incoming("empty.job"));
    }

    // ---- writers

    @Test
    void writersOfAllKinds_areWaitedFor() throws Exception {
        String stopped = bed.incoming("stopped.job").toString();
        Process copy = bed.sh("exec >\"$1\"; printf 'echo one\\n'; kill -STOP $$; printf 'echo two\\n'", stopped);
        Path mapped = bed.incoming("mapped.job");
        Process mapper = bed.start(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                MappedWriter.class.getName(),
                mapped.toString(),
                "echo mapped\n"));
        bed.await("it is mapped", () -> Files.exists(mapped) && Files.size(mapped) > 0);
        try (FileChannel open =
                FileChannel.open(bed.incoming("open.job"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            open.write(ByteBuffer.wrap("echo one\n".getBytes(StandardCharsets.US_ASCII)));
            for (String name : List.of("stopped.job", "mapped.job", "open.job")) {
                bed.awaitShown(name, "open for writing");
            }
            bed.assertTheNextJobRuns();
            writersPause(300);
            open.write(ByteBuffer.wrap("echo two\n".getBytes(StandardCharsets.US_ASCII)));
            assertEquals(
                    List.of(),
                    List.of("open.1", "stopped.1", "mapped.1").stream()
                            .filter(run -> {
                                try {
                                    return bed.filed(run) != null;
                                } catch (IOException e) {
                                    throw new java.io.UncheckedIOException(e);
                                }
                            })
                            .toList());
        }
        bed.run("kill -CONT $1", Long.toString(copy.pid()));
        try (var toMapper = mapper.getOutputStream()) {
            toMapper.write('\n');
        }
        bed.assertRan("open.1", "open.job", "echo one\necho two\n", "one\ntwo\n");
        bed.assertRan("stopped.1", "stopped.job", "echo one\necho two\n", "one\ntwo\n");
        bed.assertRan("mapped.1", "mapped.job", "echo mapped\n", "mapped\n");
    }

    @Test
    void closedAndReopenedWithinTheSettleTime_isOneJob() throws Exception {
        for (int i = 0; i < 10; i++) {
            Files.writeString(
                    bed.incoming("quick.job"),
                    "echo " + i + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
            writersPause(20);
        }
        Path filed = bed.awaitFiled("quick.1");
        assertEquals("0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n", bytes(filed.resolve("output.log")));
        assertNull(bed.filed("quick.2"));
    }

    @Test
    void closedAndReopenedLater_wasCompleteAtTheFirstClose() throws Exception {
        Files.writeString(bed.incoming("late.job"), GOOD + "echo first\n");
        bed.await("it is taken", () -> !Files.exists(bed.incoming("late.job")));
        Files.writeString(
                bed.incoming("late.job"), "echo second\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        bed.assertRan("late.1", "late.job", GOOD + "echo first\n", "first\n");
        bed.assertRan("late.2", "late.job", "echo second\n", "second\n");
    }

    @Test
    void linkedFromAnUnnamedFile_runs() throws Exception {
        // O_TMPFILE, which the module does not know by name.
        Process linker = bed.sh(
                "perl -MFcntl -e 'sysopen(F, $ARGV[0], 020000000 | O_DIRECTORY | O_WRONLY, 0644) or exit 1; print F \"echo linked\\n\";"
                        + " F->flush; exit(system(\"ln\", \"-L\", \"/proc/$$/fd/\" . fileno(F), $ARGV[1]) >> 8)' \"$@\"",
                bed.bed().spool().resolve("incoming").toString(),
                bed.incoming("unnamed.job").toString());
        assumeTrue(linker.waitFor() == 0, "no perl, or no O_TMPFILE here");
        bed.assertRan("unnamed.1", "unnamed.job", "echo linked\n", "linked\n");
    }

    @Test
    void leasedByAnother_waitsUntilTheLeaseIsGiven() throws Exception {
        Path draft = Files.writeString(bed.scratch("leased"), GOOD + "echo leased\n");
        // F_SETLEASE, F_WRLCK: whoever opens it waits, or is told to come again.
        Process lessor = bed.sh(
                "exec perl -e '$SIG{IO} = sub {}; open(F, \"+<\", $ARGV[0]) or exit 1; fcntl(F, 1024, 1) or exit 1;"
                        + " rename($ARGV[0], $ARGV[1]); sleep 300 while 1' \"$@\"",
                draft.toString(),
                bed.incoming("leased.job").toString());
        bed.await("it is dropped, or cannot be", () -> Files.exists(bed.incoming("leased.job")) || !lessor.isAlive());
        assumeTrue(lessor.isAlive(), "no perl, or no leases here");
        bed.awaitShown("leased.job", "open for writing");
        bed.assertTheNextJobRuns();
        lessor.destroyForcibly();
        bed.assertRan("leased.1", "leased.job", GOOD + "echo leased\n", "leased\n");
    }

    @Test
    void unreadable_staysAndIsShown() throws Exception {
        assumeTrue(!"root".equals(System.getProperty("user.name")), "root may read everything");
        Path file = Files.writeString(bed.scratch("unreadable"), GOOD + "echo read\n");
        Files.setPosixFilePermissions(file, java.util.Set.of());
        Files.move(file, bed.incoming("unreadable.job"));
        bed.assertTheNextJobRuns();
        bed.awaitShown("unreadable.job", "cannot be read");
        Files.setPosixFilePermissions(
                bed.incoming("unreadable.job"), java.nio.file.attribute.PosixFilePermissions.fromString("r--------"));
        bed.assertRan("unreadable.1", "unreadable.job", GOOD + "echo read\n", "read\n");
    }

    // ---- what a terminal gets

    @Test
    void outputThatRulesATerminal_isShownThereAndExactElsewhere() throws Exception {
        String output = "10%\r20%\t\u001b[32mgreen\u001b[0m \u001b]0;owned\u0007 \u001b[2J\u00ff\n";
        Files.write(bed.scratch("output"), output.getBytes(StandardCharsets.ISO_8859_1));
        bed.drop("rules\u001b[2J.job", GOOD + "cat '" + bed.scratch("output") + "'\n");
        bed.awaitFiled("rules__2J.1");
        String safe = "10%\r20%\t\u001b[32mgreen\u001b[0m \\u{1b}]0;owned\\u{7} \\u{1b}[2J\\xff\n";
        assertEquals(output, bed.command("log", "rules__2J"));
        // As it is shown, so it may be said.
        assertEquals(output, bed.command("log", "rules\\x1b[2J.job"));
        assertEquals(safe + "\u001b[0m", bed.onTerminal("log", "rules__2J"));
        assertEquals(output, bed.onTerminal("log", "--raw", "rules__2J"));
        assertTrue(bed.command("show", "rules__2J").contains("owned\\u{7} \\u{1b}[2J\\xff"));
    }

    // ---- many

    @Test
    void aThousandThatCannotBeTaken_holdUpNothing() throws Exception {
        for (int i = 0; i < 1000; i++) {
            Files.createFile(bed.incoming("many-" + i + ".job"));
        }
        bed.await("they are seen", () -> bed.waiting().keySet().stream().anyMatch(name -> name.startsWith("many-")));
        bed.assertTheNextJobRuns();
        for (int i = 0; i < 1000; i++) {
            Files.delete(bed.incoming("many-" + i + ".job"));
        }
        bed.await("they are forgotten", () -> bed.waiting().keySet().stream().noneMatch(name -> name.endsWith(".job")));
    }

    @Test
    void hardLinkOfAFile_runsAndLeavesTheOther() throws Exception {
        Path other = Files.writeString(bed.scratch("other"), GOOD + "echo linked\n");
        Files.createLink(bed.incoming("hard.job"), other);
        Files.createLink(bed.incoming("hard2.job"), other);
        bed.assertRan("hard.1", "hard.job", GOOD + "echo linked\n", "linked\n");
        bed.assertRan("hard2.1", "hard2.job", GOOD + "echo linked\n", "linked\n");
        assertEquals(GOOD + "echo linked\n", Files.readString(other));
    }

    // ---- what changes while it waits

    @Test
    void changedWhileQueued_runsAsItWasLast() throws Exception {
        List<String> names = List.of("replaced.job", "saved.job", "gone.job", "emptied.job", "grown.job");
        bed.whilePaused(() -> {
            for (String name : names) {
                bed.drop(name, GOOD + "echo old\n");
            }
            bed.await(
                    "they wait",
                    () -> bed.waiting()
                            .keySet()
                            .containsAll(List.of("replaced.job", "saved.job", "gone.job", "grown.job")));
            Files.writeString(bed.scratch("new"), GOOD + "echo new\n");
            Files.move(
                    bed.scratch("new"),
                    bed.incoming("replaced.job"),
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.ATOMIC_MOVE);
            // As vim does it: swap file, a new file under the name, the swap file goes.
            Files.createFile(bed.incoming(".saved.job.swp"));
            bed.awaitShown("saved.job", "an editor has it open");
            Files.move(bed.incoming("saved.job"), bed.incoming("saved.job~"));
            Files.writeString(bed.incoming("saved.job"), GOOD + "echo saved\n");
            Files.delete(bed.incoming("saved.job~"));
            Files.delete(bed.incoming("gone.job"));
            Files.write(bed.incoming("emptied.job"), new byte[0]);
            Files.writeString(bed.incoming("grown.job"), "echo more\n", StandardOpenOption.APPEND);
            bed.awaitShown("emptied.job", "it is empty");
        });
        bed.assertTheNextJobRuns();
        bed.assertRan("replaced.1", "replaced.job", GOOD + "echo new\n", "new\n");
        bed.assertRan("grown.1", "grown.job", GOOD + "echo old\necho more\n", "old\nmore\n");
        bed.awaitShown("saved.job", "an editor has it open");
        Files.delete(bed.incoming(".saved.job.swp"));
        bed.assertRan("saved.1", "saved.job", GOOD + "echo saved\n", "saved\n");
        assertNull(bed.filed("gone.1"));
        assertNull(bed.filed("emptied.1"));
        Files.delete(bed.incoming("emptied.job"));
    }

    @Test
    void droppedAndRemovedAtOnce_leavesNoTrace() throws Exception {
        for (int i = 0; i < 50; i++) {
            Path file = Files.writeString(bed.incoming("brief.job"), "");
            Files.delete(file);
        }
        bed.assertTheNextJobRuns();
        bed.await("it is forgotten", () -> !bed.waiting().containsKey("brief.job"));
        assertNull(bed.filed("brief.1"));
    }

    @Test
    void touchedAgainAndAgain_waitsUntilThatEnds() throws Exception {
        Path go = Files.createFile(bed.scratch("go"));
        Files.writeString(bed.incoming("touched.job"), GOOD + "echo touched\n");
        Process toucher = bed.sh(
                "while [ -e \"$2\" ]; do touch -c \"$1\"; done",
                bed.incoming("touched.job").toString(),
                go.toString());
        bed.assertTheNextJobRuns();
        Files.delete(go);
        assertEquals(0, toucher.waitFor());
        bed.assertRan("touched.1", "touched.job", GOOD + "echo touched\n", "touched\n");
    }
}
