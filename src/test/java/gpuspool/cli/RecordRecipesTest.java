package gpuspool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The record by the verbs, and what the README says can be asked of it. */
class RecordRecipesTest {
    @TempDir
    Path directory;

    private CliSpool spool;
    private Path record;

    @BeforeEach
    void makeSpool() throws IOException {
        spool = new CliSpool(directory);
        record = spool.root.resolve("hosts").resolve(CliSpool.host()).resolve("history.jsonl");
    }

    private static final String TIMES = """
            queued = 2026-01-02T03:00:00.000Z
            claimed = 2026-01-02T03:00:01.000Z
            started = 2026-01-02T03:00:02.000Z
            ended = 2026-01-02T04:00:00.000Z
            """;

    /** Three jobs of two users on two cards each, and one that was cancelled. */
    private void fill() throws IOException {
        String end = TIMES + "ending = exited\nelapsed = ";
        Path first = spool.jobDir("done", "exp1.1", "exit.0", "", end + "1800000\n");
        Path second = spool.jobDir("failed", "exp1.2", "exit.3", "", end + "900000\n");
        spool.jobDir("failed", "exp2.1", "exit.1", "", end + "3600000\nowner = 1000\n");
        Files.writeString(first.resolve("script"), "echo first\n");
        Files.writeString(second.resolve("script"), "#!/bin/sh\necho \"second\"\n");
        spool.queue("never.job", "true\n");
        assertEquals(0, spool.run("cancel", "never").status());
        Files.writeString(record, Files.readString(record) + "{\"torn");
    }

    @Test
    void rebuild_saysWhatItDidAndWhatIsMissing() throws IOException {
        fill();
        assertEquals(
                new CliSpool.Result(
                        0,
                        "the record of " + CliSpool.host()
                                + " is made anew: 10 lines from job directories, 0 kept of jobs that are gone\n",
                        "gpuspool doctor: note: left out what was no line of a record: 1 line\n"),
                spool.run("doctor", "--rebuild-history"));
        Files.delete(spool.root.resolve("failed/exp1.2." + CliSpool.host()).resolve("status"));
        assertEquals(
                new CliSpool.Result(
                        0,
                        "the record of " + CliSpool.host()
                                + " is made anew: 7 lines from job directories, 3 kept of jobs that are gone\n",
                        "gpuspool doctor: note: 1 job could not be read from the tree; old lines of theirs are kept\n"),
                spool.run("doctor", "--rebuild-history"));
        assertEquals(2, spool.run("doctor", "--rebuild-history", "--json").status());
    }

    @Test
    void cancelThatCannotBeRecorded_standsAllTheSame() throws IOException {
        Files.createDirectories(record);
        spool.queue("never.job", "true\n");
        CliSpool.Result result = spool.run("cancel", "never");
        assertEquals(0, result.status());
        assertEquals("never: cancelled before it started; filed as failed/never.1.HOST\n", result.out());
        assertEquals(
                "gpuspool cancel: note: it is not in the record: SPOOL/hosts/" + CliSpool.host()
                        + "/history.jsonl is a directory, not a regular file; move it away; the cancel stands\n",
                result.err());
        assertTrue(Files.exists(spool.root.resolve("failed/never.1." + CliSpool.host() + "/never.job")));
    }

    @Test
    void recipes_answerAsTheReadmeSays() throws Exception {
        assumeTrue(shell("command -v jq").contains("jq"), "needs jq(1)");
        fill();
        assertEquals(0, spool.run("doctor", "--rebuild-history").status());
        Files.writeString(record, Files.readString(record) + "{\"torn");
        String readme = Files.readString(Path.of("README.md"));
        String section = readme.substring(readme.indexOf("\n## The record\n"));
        String recipes = section.split("\n```\n")[1];
        assertTrue(recipes.startsWith("cd spool\n"), recipes);
        String answers = shell(recipes).replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z\tnever", "TIME\tnever");
        assertEquals(
                List.of(
                        "2026-01-02T04:00:00.000Z\texp1.2\texited\t3",
                        "2026-01-02T04:00:00.000Z\texp2.1\texited\t1",
                        "TIME\tnever.1\tcancelled\t",
                        "#!/bin/sh",
                        "echo \"second\"",
                        "",
                        "{\"owner\":0,\"gpu_hours\":1.5}",
                        "{\"owner\":1000,\"gpu_hours\":2}"),
                answers.lines().toList());
    }

    private String shell(String text) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("sh", "-c", text)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int unused = shell.waitFor();
        return said;
    }
}
