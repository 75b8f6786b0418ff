package gpuspool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the verbs besides {@code watch} make of the settings. */
class SettingsVerbsTest {
    @TempDir
    Path directory;

    private CliSpool spool;

    @BeforeEach
    void makeSpool() throws IOException {
        spool = new CliSpool(directory);
    }

    private void write(String text) throws IOException {
        Files.writeString(spool.root.resolve("spool.toml"), text);
    }

    private CliSpool.Result run(Map<String, String> environment, String... args) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("GPUSPOOL_SPOOL", spool.root.toString());
        return spool.runIn(all, args);
    }

    @Test
    void checkSettings_showsWhatHoldsAndWhy() throws IOException {
        write("keep = '1d'\n[hosts." + CliSpool.host() + "]\ngrace = '1m'\n");
        CliSpool.Result shown = run(Map.of("GPUSPOOL_LOG_KEEP", "2"), "check", "--settings");
        assertEquals(0, shown.status());
        List<String> lines = shown.out().lines().toList();
        assertEquals("Settings of " + spool.root.resolve("spool.toml"), lines.get(0));
        assertTrue(lines.get(2).matches("KEY +VALUE +FROM"), lines.get(2));
        assertTrue(shown.out().matches("(?s).*\nkeep +1d +spool.toml:1\n.*"), shown.out());
        String host = Pattern.quote("[hosts." + CliSpool.host() + "] spool.toml:3");
        assertTrue(shown.out().matches("(?s).*\ngrace +1m +" + host + "\n.*"), shown.out());
        assertTrue(shown.out().matches("(?s).*\nlog_keep +2 +[$]GPUSPOOL_LOG_KEEP\n.*"), shown.out());
        assertTrue(shown.out().matches("(?s).*\nsettle +100ms +default\n.*"), shown.out());
        assertTrue(
                shown.out().matches("(?s).*\nlog_keep +an integer, 0 to 1000 +5 +at once +How many .*"), shown.out());
    }

    @Test
    void checkSettings_ofABadFileTellsAllAndEndsWithOne() throws IOException {
        write("grce = '1m'\nkeep = 1\n");
        CliSpool.Result shown = run(Map.of(), "check", "--settings");
        assertEquals(1, shown.status());
        String problems = """

                spool.toml:1:1: unknown key "grce"; did you mean "grace"?
                spool.toml:2:8: 1 has no unit; write "1s", "1m" or "1h", with the quotes

                """;
        assertTrue(shown.out().contains(problems), shown.out());
        String json = run(Map.of("GPUSPOOL_GRACE", "x"), "check", "--settings", "--json")
                .out();
        assertTrue(json.contains("\"ok\":false,\"settings\":[{\"key\":\"devices\",\"value\":"), json);
        assertTrue(
                json.contains("\"problems\":[{\"source\":\"spool.toml\",\"line\":1,\"column\":1,"
                        + "\"what\":\"unknown key \\\"grce\\\"\",\"todo\":\"did you mean \\\"grace\\\"?\"}"),
                json);
        assertTrue(json.contains("{\"source\":\"$GPUSPOOL_GRACE\",\"line\":null,\"column\":null,"), json);
    }

    @Test
    void checkSettings_withoutAFileSaysSo() throws IOException {
        CliSpool.Result shown = spool.run("check", "--settings");
        assertEquals(0, shown.status());
        assertTrue(shown.out().startsWith("There is no SPOOL/spool.toml\n"), shown.out());
        assertEquals(2, spool.run("check").status());
        assertEquals(2, spool.run("check", "--settings", "x.job").status());
        assertEquals(2, spool.run("check", "--example").status());
    }

    @Test
    void example_isTheSample() throws IOException {
        assertEquals(
                Files.readString(Path.of("samples/spool.toml")),
                spool.run("check", "--settings", "--example").out());
    }

    @Test
    void check_knowsTheShellAndTheLargestSize() throws IOException {
        Path job = Files.writeString(directory.resolve("x.job"), "#" + "x".repeat(2000) + "\ntrue\n");
        write("shell = 'dash -e'\n");
        assertEquals(
                job + ": ok: 1 GPU, dash -e: true\n",
                run(Map.of(), "check", job.toString()).out());
        write("max_file_size = '1KiB'\n");
        CliSpool.Result large = run(Map.of(), "check", job.toString());
        assertEquals(1, large.status());
        assertTrue(
                large.out().contains("x.job:1:1: the file is 2007 bytes long; the limit is 1024 bytes"), large.out());
        CliSpool.Result added = run(Map.of(), "add", job.toString());
        assertEquals(69, added.status());
        assertTrue(added.err().contains("the file is 2"), added.err());
    }

    @Test
    void badSettings_areNotedByWhoUsesThem() throws IOException {
        Path job = Files.writeString(directory.resolve("x.job"), "true\n");
        write("shell = './x'\n");
        CliSpool.Result checked = spool.run("check", job.toString());
        assertEquals(0, checked.status());
        assertEquals(
                "gpuspool check: note: spool.toml:1:9: shell \"./x\" is a relative path; write an absolute path, or a name"
                        + " without /; see: gpuspool check --settings\n",
                checked.err());
    }

    @Test
    void add_whereJobsRunAnywayWritesNoDirectory() throws IOException {
        Path job = Files.writeString(directory.resolve("x.job"), "true\n");
        write("cwd = '" + directory.toRealPath() + "'\n");
        spool.run("add", job.toString());
        assertEquals("true\n", Files.readString(spool.root.resolve("incoming/x.job")));
        write("cwd = '/'\n");
        spool.run("add", "--name", "y", job.toString());
        assertEquals("#GPUSPOOL cwd=" + directory + "\ntrue\n", Files.readString(spool.root.resolve("incoming/y.job")));
    }

    @Test
    void clean_keepsWhatTheFileSays() throws IOException {
        Path old = spool.done("old.1");
        write("keep = '30d'\n");
        assertEquals(0, spool.run("clean").status());
        assertTrue(Files.exists(old));
        write("keep = '1ms'\ngrase = '1s'\n");
        CliSpool.Result unsure = spool.run("clean");
        assertEquals(1, unsure.status());
        assertTrue(unsure.err().contains("spool.toml:2:1: unknown key"), unsure.err());
        assertTrue(Files.exists(old), "what is kept is not certain");
        write("keep = '1ms'\n");
        assertEquals(0, spool.run("clean").status());
        assertFalse(Files.exists(old));
    }

    @Test
    void host_isTheSameForEveryVerb() throws IOException {
        spool.watched("sim:0");
        Files.move(spool.root.resolve("hosts/" + CliSpool.host()), spool.root.resolve("hosts/box-7"));
        assertTrue(spool.run().out().contains("cannot be asked from here"));
        write("host = 'box-7'\n");
        for (String[] verb : List.of(new String[] {}, new String[] {"status", "--spool", spool.root.toString()})) {
            String page = spool.run(verb).out();
            assertTrue(page.startsWith("watcher on box-7: pid "), page);
            assertFalse(page.contains("cannot be asked from here"), page);
        }
        assertTrue(spool.run("status", "--json").out().contains("\"checked\":true"));
        Files.delete(spool.root.resolve("spool.toml"));
        assertTrue(run(Map.of("GPUSPOOL_HOST", "box-7"), "status").out().startsWith("watcher on box-7: pid "));
        spool.queue("q.job", "true\n");
        assertEquals(
                "q: cancelled before it started; filed as failed/q.1.box-7\n",
                run(Map.of("GPUSPOOL_HOST", "box-7"), "cancel", "q").out());
        CliSpool.Result bad = run(Map.of("GPUSPOOL_HOST", "a b"));
        assertEquals(1, bad.status());
        assertEquals(
                "gpuspool status: $GPUSPOOL_HOST: host is \"a b\"; write 1 to 63 letters, digits or -\n", bad.err());
    }
}
