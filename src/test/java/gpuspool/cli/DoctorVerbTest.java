package gpuspool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import gpuspool.posix.QuickStart;
import gpuspool.spool.Spool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The verb {@code doctor}, as a process of its own, on a spool that is well and on some that are not. */
class DoctorVerbTest {
    private static final List<String> WITHOUT_NATIVE_CODE =
            List.of("-Djna.nounpack=true", "-Djna.noclasspath=true", "-Djna.boot.library.path=/nonexistent");

    @TempDir
    Path directory;

    private CliSpool spool;
    private String patience = "60s";

    @BeforeEach
    void makeSpool() throws IOException {
        spool = new CliSpool(directory);
        Files.createDirectory(directory.resolve("locks"));
    }

    private record Ended(int status, String out) {
        List<String> problems() {
            return out.lines().filter(line -> line.startsWith("problem ")).toList();
        }

        void assertSays(String line) {
            assertTrue(out.lines().anyMatch(said -> said.startsWith(line)), "expected " + line + " in:\n" + out);
        }
    }

    private Ended doctor(String... args) throws Exception {
        return start(List.of(), List.of(), args);
    }

    private Ended start(List<String> before, List<String> jvm, String... args) throws Exception {
        List<String> command = new ArrayList<>(before);
        // The machine that runs tests may be busy; only what hangs for ever is to be found out.
        List<String> words = new ArrayList<>(List.of("doctor", "--patience", patience));
        words.addAll(List.of(args));
        command.addAll(QuickStart.program(jvm, words));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment()
                .putAll(Map.of(
                        "LC_ALL",
                        "C.UTF-8",
                        "GPUSPOOL_LOCK_DIR",
                        directory.resolve("locks").toString()));
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), out);
    }

    private List<String> everything() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.map(path ->
                            path + " " + path.toFile().lastModified() / (Files.isDirectory(path) ? Long.MAX_VALUE : 1))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void healthySpool_hasNoProblemAndIsLeftAsItWas() throws Exception {
        spool.done("a.1");
        Files.writeString(directory.resolve("locks/id"), "0".repeat(32) + "\n");
        List<String> before = everything();
        Ended ended = doctor();
        assertEquals(List.of(), ended.problems(), ended.out);
        assertEquals(0, ended.status, ended.out);
        ended.assertSays("ok       spool: " + spool.root + ", layout version 1, id ");
        ended.assertSays("ok       spool: its directories are all there");
        ended.assertSays("ok       contents: ");
        ended.assertSays("note     watchers: no watcher");
        ended.assertSays("         → gpuspool watch --spool " + spool.root);
        ended.assertSays("ok       system: Linux ");
        ended.assertSays("ok       programs: /bin/sh ");
        assertEquals(before, everything());
    }

    @Test
    void json_tellsTheSame() throws Exception {
        spool.queue("a.job", "true\n");
        Ended ended = doctor("--json");
        JsonNode told = JsonMapper.shared().readTree(ended.out);
        assertEquals(1, ended.status, ended.out);
        assertEquals(1, told.get("problems").asInt(), ended.out);
        List<String> levels = new ArrayList<>();
        for (JsonNode finding : told.get("findings")) {
            assertEquals(
                    List.of("level", "check", "what", "todo"),
                    finding.propertyNames().stream().toList());
            levels.add(finding.get("level").asString());
            if (finding.get("level").asString().equals("problem")) {
                assertEquals("watchers", finding.get("check").asString());
                assertEquals(
                        "no watcher, and 1 job in incoming/: nothing starts",
                        finding.get("what").asString());
                assertEquals(
                        "gpuspool watch --spool " + spool.root,
                        finding.get("todo").asString());
            }
        }
        assertTrue(levels.contains("ok") && levels.contains("note"), ended.out);
    }

    @Test
    void withoutNativeCode_thatIsTheProblemAndTheRestIsStillAsked() throws Exception {
        Files.delete(spool.root.resolve("held"));
        Ended ended = start(List.of(), WITHOUT_NATIVE_CODE);
        assertEquals(1, ended.status, ended.out);
        assertEquals(2, ended.problems().size(), ended.out);
        ended.assertSays("problem  spool: held/ is missing");
        ended.assertSays("problem  system: the C library cannot be called by JNA, so no watcher can run; ");
        ended.assertSays("ok       file system: it makes files once, links and renames; fsync took ");
        ended.assertSays("ok       disk: ");
        ended.assertSays("ok       limits: ");
    }

    @Test
    void noSpool_isAProblemAndTheMachineIsStillAsked() throws Exception {
        Ended ended = doctor("--spool", "else where");
        assertEquals(1, ended.status);
        assertEquals(
                List.of("problem  spool: no spool at " + directory.toRealPath() + "/else where; there is nothing"),
                ended.problems());
        ended.assertSays("         → make one: gpuspool init --spool '" + directory.toRealPath() + "/else where'");
        ended.assertSays("ok       system: ");
    }

    @Test
    void settings_areJudgedAndUsed() throws Exception {
        Path settings = spool.root.resolve("spool.toml");
        Files.writeString(settings, "grce = '1s'\nmin_free_disk = '1024TiB'\n");
        Ended ended = doctor();
        assertEquals(1, ended.status);
        ended.assertSays("problem  settings: spool.toml:1:1: unknown key \"grce\"");
        ended.assertSays("         → did you mean \"grace\"?");
        ended.assertSays("problem  disk: ");
        Files.writeString(settings, "host = 'box-7'\n");
        spool.watched("sim:0");
        Files.move(spool.root.resolve("hosts/" + CliSpool.host()), spool.root.resolve("hosts/box-7"));
        ended = doctor();
        ended.assertSays("ok       watchers: ");
    }

    @Test
    void newerSpool_isNotTouched() throws Exception {
        Path format = spool.root.resolve("format");
        Files.writeString(format, Files.readString(format).replace("gpuspool 1", "gpuspool 9"));
        Files.delete(spool.root.resolve("held"));
        Ended ended = doctor();
        assertEquals(1, ended.status);
        assertEquals(1, ended.problems().size(), ended.out);
        ended.assertSays("problem  spool: " + spool.root + " has layout version 9; this program knows versions up to "
                + Spool.LAYOUT_VERSION);
    }

    @Test
    void brokenSpool_isToldPieceByPiece() throws Exception {
        Files.move(spool.root.resolve("incoming"), directory.resolve("in"));
        Files.createSymbolicLink(spool.root.resolve("incoming"), directory.resolve("in"));
        Files.delete(spool.root.resolve("running"));
        Files.setAttribute(spool.root.resolve("control"), "unix:mode", 0777);
        Files.createFile(spool.root.resolve("control/new\nline.refused"));
        Files.createDirectories(spool.root.resolve("tmp/x.1.h.0"));
        Files.createFile(spool.root.resolve("tmp/x.1.h.0/x.job"));
        Ended ended = doctor();
        assertEquals(1, ended.status);
        assertEquals(4, ended.problems().size(), ended.out);
        ended.assertSays("problem  spool: incoming/ must be a directory of its own; it is a symbolic link");
        ended.assertSays("problem  spool: running/ is missing");
        ended.assertSays("         → mkdir " + spool.root + "/running");
        ended.assertSays("problem  spool: everybody on this machine may write in " + spool.root + "/control");
        ended.assertSays("problem  contents: job files in tmp/, kept from being tidied away: x.1.h.0");
        ended.assertSays("note     contents: 1 request in control/ refused: new\\x0aline.refused");
    }

    @Test
    void strangeThings_areFound() throws Exception {
        Files.createDirectory(spool.root.resolve("running/what is this"));
        Path unclear = spool.jobDir("running", "u.1", "token", "", "");
        Files.delete(unclear.resolve("token"));
        spool.queue("e.job", "");
        spool.queue("notes.txt", "x");
        spool.queue(".e.job.swp", "x");
        Files.createDirectory(spool.root.resolve("incoming/d.job"));
        Ended ended = doctor();
        ended.assertSays("problem  contents: 1 name in running/ not made by gpuspool: what is this");
        ended.assertSays("problem  contents: needs attention: u.1: unclear, its directory has no mark");
        ended.assertSays("problem  contents: not regular files, so never taken, in incoming/: d.job, a directory");
        ended.assertSays("note     contents: 1 empty job file in incoming/");
        ended.assertSays("note     contents: no job files, so never taken, in incoming/: notes.txt");
        ended.assertSays("problem  watchers: 1 job of " + CliSpool.host() + " in running/, and no watcher there");
        ended.assertSays("problem  watchers: no watcher, and 1 job in incoming/");
        assertEquals(5, ended.problems().size(), ended.out);
    }

    @Test
    void settings_areReadAndHold() throws Exception {
        Path settings = spool.root.resolve("spool.toml");
        Files.writeString(settings, "min_free_disk = \"1000TiB\"\nhost = \"other\"\n");
        spool.jobDir("running", "x.1", "token", "", "");
        Ended ended = doctor();
        ended.assertSays("ok       settings: 3 settings given, and understood");
        ended.assertSays("problem  disk: ");
        ended.assertSays("problem  watchers: 1 job of " + CliSpool.host() + " in running/, and no watcher there");
        ended.assertSays("         → on " + CliSpool.host() + ": ");
        assertEquals(2, ended.problems().size(), ended.out);
    }

    @Test
    void settingsWithMistakes_areToldWithTheirPlaces() throws Exception {
        Path settings = spool.root.resolve("spool.toml");
        Files.writeString(settings, "grcae = \"1m\"\nlog_keep = -1\n");
        Ended ended = doctor();
        assertEquals(1, ended.status);
        ended.assertSays("problem  settings: spool.toml:1:1: unknown key \"grcae\"");
        ended.assertSays("problem  settings: spool.toml:2:12: ");
        assertEquals(2, ended.problems().size(), ended.out);
        Files.delete(settings);
        assertEquals(
                0, new ProcessBuilder("mkfifo", settings.toString()).start().waitFor());
        doctor().assertSays("problem  settings: spool.toml:1:1: is a named pipe");
    }

    @Test
    void patienceWithoutAUnit_isNotUnderstood() throws Exception {
        patience = "5";
        assertEquals(2, doctor().status);
    }

    @Test
    void formatThatIsAPipe_isNotOpened() throws Exception {
        Files.delete(spool.root.resolve("format"));
        assertEquals(
                0, new ProcessBuilder("mkfifo", spool.root + "/format").start().waitFor());
        Ended ended = doctor();
        assertEquals(1, ended.status);
        ended.assertSays("problem  spool: " + spool.root + " is not a spool; its format is a named pipe");
    }

    @Test
    void spoolThatHangs_doesNotHangTheDoctor() throws Exception {
        Path host = Files.createDirectories(spool.root.resolve("hosts/far"));
        assertEquals(0, new ProcessBuilder("mkfifo", host + "/watcher").start().waitFor());
        patience = "2s";
        Ended ended = doctor();
        assertEquals(1, ended.status);
        assertTrue(ended.out.contains(": the spool did not answer within 2 s when asked for its "), ended.out);
        ended.assertSays("ok       programs: ");
    }

    @Test
    void livingWatcher_isComparedWithUs() throws Exception {
        spool.watched("sim:0");
        Path note = spool.root.resolve("hosts/" + CliSpool.host() + "/watcher");
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Files.writeString(note, Files.readString(note) + "version = 0.0.1\nlockdir = " + elsewhere + "\n");
        Ended ended = doctor();
        ended.assertSays("ok       watchers: watcher on " + CliSpool.host() + ": pid "
                + ProcessHandle.current().pid());
        ended.assertSays("note     watchers: that watcher is version 0.0.1, and this program ");
        ended.assertSays("problem  watchers: that watcher's locks are in " + elsewhere);
        ended.assertSays("problem  locks: " + elsewhere + " was emptied while a watcher uses it");
        ended.assertSays("ok       limits: the watcher: ");
        assertEquals(2, ended.problems().size(), ended.out);
    }

    @Test
    void fullDisk_isAProblem() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "not root");
        List<String> privately = List.of("unshare", "-m", "sh", "-c");
        Path disk = Files.createDirectory(directory.resolve("disk"));
        assumeTrue(run(privately, "mount -t tmpfs -o size=256k none " + disk) == 0, "no mounts of our own");
        String fill = "mount -t tmpfs -o size=256k none \"$0\" && cp -a \"$1\" \"$0\"/spool && shift"
                + " && { dd if=/dev/zero of=\"$0\"/fill bs=1k 2>/dev/null; exec \"$@\"; }";
        List<String> before = new ArrayList<>(privately);
        before.addAll(List.of(fill, disk.toString(), spool.root.toString()));
        Ended ended = start(before, List.of(), "--spool", disk + "/spool");
        assertEquals(1, ended.status, ended.out);
        ended.assertSays("problem  file system: a file could not be made, renamed or synced in tmp/; ");
        ended.assertSays("problem  disk: 0.0 MiB of 0.3 MiB free");
        ended.assertSays("note     file system: tmpfs, mounted on " + disk);
    }

    private static int run(List<String> shell, String text) throws Exception {
        List<String> command = new ArrayList<>(shell);
        command.add(text);
        return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
    }
}
