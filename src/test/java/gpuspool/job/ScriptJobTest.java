package gpuspool.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScriptJobTest {

    @Test
    void oneLine_runsInDefaultShellWithDefaults() {
        JobSpec spec = JobFiles.valid("exp1.job", "python train.py\n");
        assertEquals(
                new JobSpec(
                        JobFiles.BASH,
                        Script.of("python train.py\n".getBytes(StandardCharsets.UTF_8)),
                        "python train.py",
                        1,
                        CardWish.ANY,
                        Optional.empty(),
                        Map.of(),
                        Output.MERGED,
                        Telling.AT_HOME,
                        Optional.empty(),
                        Duration.ofSeconds(30),
                        Turn.COMMON,
                        Runs.ONE,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                spec);
    }

    @Test
    void options_areReadFromTheHead() {
        JobSpec spec = JobFiles.valid("exp1.job", """
            #!/bin/sh
            #GPUSPOOL gpus=2  time=4h\tgrace=0s

            # more of them
            #GPUSPOOL output=split cwd="/data/my exp" env.A='x y' env.B=c=d env.C=
            #GPUSPOOL
            python train.py
            """);
        assertEquals(2, spec.gpus());
        assertEquals(Optional.of(Duration.ofHours(4)), spec.time());
        assertEquals(Duration.ZERO, spec.grace());
        assertEquals(Output.SPLIT, spec.output());
        assertEquals(Optional.of("/data/my exp"), spec.cwd());
        assertEquals(List.of("A", "B", "C"), List.copyOf(spec.env().keySet()));
        assertEquals(Map.of("A", "x y", "B", "c=d", "C", ""), spec.env());
        assertEquals("python train.py", spec.command());
    }

    @Test
    void shellOption_isSplitAtBlanks() {
        assertEquals(
                List.of("zsh", "-e"),
                JobFiles.valid("a.job", "#GPUSPOOL shell=\"zsh  -e\"\nls\n").interpreter());
    }

    @Test
    void shebang_isReadAsTheKernelDoes() {
        assertEquals(List.of("/bin/sh"), interpreter("#!/bin/sh"));
        assertEquals(List.of("/bin/sh", "-e -u"), interpreter("#! \t/bin/sh \t-e -u \t"));
        assertEquals(List.of("/usr/bin/env", "-S python -u"), interpreter("#!/usr/bin/env -S python -u"));
    }

    @Test
    void commentsThatOnlyMentionUs_areComments() {
        JobFiles.valid("a.job", "# gpuspool runs this\n#GPUSPOOLER gpus=2\n# see gpuspool a=b\nls\n");
    }

    @Test
    void unknownWordsAfterFirstCommand_areTheScriptsOwnBusiness() {
        JobFiles.valid("a.job", "ls\n# GPUSPOOL gpus=2\n  #GPUSPOOL x\n#!/bin/sh\n");
    }

    @Test
    void commandOfManyCharacters_isCutForHumans() {
        String command = JobFiles.valid("a.job", "\n\n  é" + "😀".repeat(300)).command();
        assertEquals(200, command.codePointCount(0, command.length()));
        assertTrue(command.startsWith("é😀") && command.endsWith("😀…"));
    }

    @Test
    void controlCharacters_areEscapedForHumansOnly() {
        JobSpec spec = JobFiles.valid("a.job", "echo \u001b[31m\tred\u202e\n");
        assertEquals("echo \\x1b[31m\\tred\\u202e", spec.command());
        assertEquals("echo \u001b[31m\tred\u202e\n", JobFiles.text(spec.script()));
    }

    @Test
    void oddBytes_runUnchanged() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes("#!/bin/sh\necho ".getBytes(StandardCharsets.UTF_8));
        for (int b = 1; b < 256; b++) {
            bytes.write(b);
        }
        assertArrayEquals(
                bytes.toByteArray(),
                JobFiles.valid("a.job", bytes.toByteArray()).script().bytes());
    }

    @Test
    void longScript_runsUnchanged() {
        byte[] script = "python train.py --seed 12345\n".repeat(7_000).getBytes(StandardCharsets.UTF_8);
        assertTrue(script.length > 200_000);
        JobSpec spec = JobFiles.valid("a.job", script);
        assertArrayEquals(script, spec.script().bytes());
        assertEquals("python train.py --seed 12345", spec.command());
    }

    @Test
    void bytesChangedByTheirOwner_doNotChangeTheScript() {
        byte[] bytes = {'l', 's'};
        Script script = JobFiles.valid("a.job", bytes).script();
        bytes[0] = 'x';
        script.bytes()[1] = 'x';
        assertEquals("ls", JobFiles.text(script));
    }

    private static List<String> interpreter(String shebang) {
        return JobFiles.valid("a.job", shebang + "\nls\n").interpreter();
    }
}
