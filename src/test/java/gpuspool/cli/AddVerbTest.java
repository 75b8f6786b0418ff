package gpuspool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.job.KeyList;
import gpuspool.posix.FileFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddVerbTest {
    private static final String NOTE =
            "gpuspool add: note: no watcher runs; the job starts once one does: gpuspool watch\n";

    @TempDir
    Path directory;

    private CliSpool spool;

    @BeforeEach
    void makeSpool() throws IOException {
        spool = new CliSpool(directory);
    }

    private String queued(String name) throws IOException {
        return Files.readString(spool.root.resolve("incoming").resolve(name))
                .replace(spool.directory.toString(), "HERE");
    }

    private List<String> incoming() throws IOException {
        try (Stream<Path> files = Files.list(spool.root.resolve("incoming"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void command_becomesATomlJobThatRunsHere() throws IOException {
        CliSpool.Result result = spool.run(
                "add",
                "-n",
                "2",
                "--time",
                "4h",
                "--env",
                "A=b=c",
                "--output",
                "split",
                "--",
                "python",
                "-u",
                "train.py",
                "--lr=\"3\"\n");
        assertEquals(new CliSpool.Result(0, "train\n", NOTE), result);
        assertEquals("""
                command = ["python", "-u", "train.py", "--lr=\\"3\\"\\n"]
                gpus = 2
                output = "split"
                time = "4h"
                cwd = "HERE"

                [env]
                "A" = "b=c"
                """, queued("train.toml"));
    }

    @Test
    void wishesForCards_areWrittenDown() throws IOException {
        spool.run("add", "--devices", "0,GPU-5f", "--gpu-type", "H200", "--pin", "index", "--", "true");
        assertTrue(queued("true.toml").contains("""
                devices = ["0", "GPU-5f"]
                gpu_type = "H200"
                pin = "index"
                """), queued("true.toml"));
        CliSpool.Result wrong = spool.run("add", "--pin", "name", "--", "false");
        assertEquals("gpuspool add: --pin name: write uuid or index\n", wrong.err());
        assertEquals(2, wrong.status());
    }

    @Test
    void file_isCompleteAtOnceAndLeavesNoDraft() throws IOException {
        spool.run("add", "--", "true");
        assertEquals(List.of("true.toml"), incoming());
        FileFacts facts = FileFacts.of(spool.root.resolve("incoming/true.toml")).orElseThrow();
        assertTrue(facts.changed().toMillis() - facts.modified().toMillis() >= 1000, facts.toString());
    }

    @Test
    void nameTaken_getsANumber() throws IOException {
        assertEquals("sleep\n", spool.run("add", "--", "sleep", "1").out());
        assertEquals("sleep-2\n", spool.run("submit", "--", "sleep", "1").out());
        Files.move(spool.root.resolve("incoming/sleep.toml"), spool.root.resolve("held/sleep.toml"));
        assertEquals("sleep-3\n", spool.run("add", "--", "sleep", "1").out());
        String longest = "x".repeat(64);
        assertEquals(
                longest + "\n",
                spool.run("add", "--name", longest, "--", "true").out());
        assertEquals(
                "x".repeat(62) + "-2\n",
                spool.run("add", "--name", longest, "--", "true").out());
    }

    @Test
    void script_keepsItsBytes() throws IOException {
        Files.writeString(directory.resolve("go.sh"), "#!/bin/sh\necho \u00e4\n");
        assertEquals(new CliSpool.Result(0, "go\n", NOTE), spool.run("add", "go.sh"));
        assertEquals("#!/bin/sh\necho \u00e4\n", queued("go.job"));
    }

    @Test
    void scriptWithOptions_getsThemBehindItsFirstLine() throws IOException {
        Files.writeString(directory.resolve("go.sh"), "#!/bin/sh\necho 1\n");
        spool.run("add", "go.sh", "-n", "0", "--env", "A=x y");
        assertEquals("#!/bin/sh\n#GPUSPOOL gpus=0\n#GPUSPOOL env.A=\"x y\"\necho 1\n", queued("go.job"));
        spool.withInput("echo 2\n").run("add", "-", "--name", "piped", "-G1");
        assertEquals("#GPUSPOOL gpus=1\necho 2\n", queued("piped.job"));
    }

    @Test
    void stdin_isTakenWhereNothingElseIsGiven() throws IOException {
        assertEquals("job\n", spool.withInput("echo 2\n").run("add").out());
        assertEquals("echo 2\n", queued("job.job"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "-n|0,1|--gpus is how many, not which: 0,1; did you mean --devices 0,1?",
                "--gpus|GPU-1|--gpus is how many, not which: GPU-1; did you mean --devices GPU-1?",
                "-G|two|--gpus two: write a number, 0 to 1024",
                "-n|1025|--gpus 1025: write a number, 0 to 1024",
                "--time|4|--time: 4 has no unit; write 4s, 4m or 4h",
                "--time|0s|--time 0s: write a duration above zero, such as 90m or 4h",
                "--output|both|--output both: write merged, split, or a path with a / in it, such as logs/%x.log",
                "--env|A|--env A: write NAME=VALUE",
                "--name|a b|--name a b: write 1 to 64 letters, digits, '.', '_' or '-', not beginning with '.' or '-'",
                "--gpu|2|unknown option --gpu; did you mean --gpus?",
                "--frobnicate|2|unknown option --frobnicate; see: gpuspool add --help",
            })
    void badOption_endsWithTwoAndOneLine(String option, String value, String message) throws IOException {
        CliSpool.Result result = spool.run("add", option, value, "--", "true");
        assertEquals(new CliSpool.Result(2, "", "gpuspool add: " + message + "\n"), result);
        assertEquals(List.of(), incoming());
    }

    @Test
    void commandWithoutDashes_isShownHowToWriteIt() throws IOException {
        assertEquals(
                "gpuspool add: to run a command, put -- before it: gpuspool add -- python train.py\n",
                spool.run("add", "python", "train.py").err());
        assertEquals(
                "gpuspool add: there is no file nvidia-smi; to run a command, put -- before it: gpuspool add -- nvidia-smi\n",
                spool.run("add", "nvidia-smi").err());
        assertEquals(2, spool.run("add").status());
    }

    @Test
    void fileFromElsewhere_runsWhereItWasSubmitted() throws IOException {
        CliSpool other = new CliSpool(Files.createDirectory(directory.resolve("other")));
        Path incoming = other.root.resolve("incoming");
        Files.writeString(directory.resolve("go.sh"), "#!/bin/sh\ntrue\n");
        Files.writeString(directory.resolve("go.toml"), "command = \"true\"\n");
        spool.run("add", "--spool", other.root.toString(), "go.sh");
        spool.run("add", "--spool", other.root.toString(), "go.toml");
        spool.run("add", "--spool", other.root.toString(), "--cwd", "/", "--name", "away", "go.sh");
        String here = "cwd=" + directory;
        assertEquals("#!/bin/sh\n#GPUSPOOL " + here + "\ntrue\n", Files.readString(incoming.resolve("go.job")));
        assertEquals(
                "cwd = \"" + directory + "\"\ncommand = \"true\"\n", Files.readString(incoming.resolve("go-2.toml")));
        assertEquals("#!/bin/sh\n#GPUSPOOL cwd=/\ntrue\n", Files.readString(incoming.resolve("away.job")));
    }

    @Test
    void whatCanNeverRun_isRefusedAtOnce() throws IOException {
        Files.writeString(directory.resolve("bad.sh"), "#GPUSPOOL gpu=2\n#GPUSPOOL x=y\ntrue\n");
        assertEquals(new CliSpool.Result(69, "", """
                        gpuspool add: bad.sh:1:11: unknown key "gpu"; did you mean "gpus"?
                        gpuspool add: bad.sh:2:11: unknown key "x"; KEYS
                        """.replace("KEYS", KeyList.text())), spool.run("add", "bad.sh"));
        assertEquals(
                new CliSpool.Result(
                        69, "", "gpuspool add: there is no directory HERE/none; make it, or name another with --cwd\n"),
                spool.run("add", "--cwd", "none", "--", "true"));
        spool.watched("sim:0 sim:1");
        assertEquals(
                new CliSpool.Result(
                        69, "", "gpuspool add: it needs 3 GPUs; the watcher of this spool has 2; ask for fewer\n"),
                spool.run("add", "-n", "3", "--", "true"));
        assertEquals(List.of(), incoming());
        assertEquals(new CliSpool.Result(0, "true\n", ""), spool.run("add", "-n", "2", "--", "true"));
    }
}
