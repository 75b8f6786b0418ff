package gpuspool.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TomlJobTest {

    @Test
    void allKeys_areRead() {
        JobSpec spec = JobFiles.valid("exp1.toml", """
            command = "python train.py"
            gpus = 0
            cwd = "/data"
            shell = "bash -e"
            output = "split"
            time = "1h30m"
            grace = "5s"
            [env]
            A = "1"
            "B" = 'é 😀'
            """);
        assertEquals("python train.py\n", JobFiles.text(spec.script()));
        assertEquals("python train.py", spec.command());
        assertEquals(0, spec.gpus());
        assertEquals(Optional.of("/data"), spec.cwd());
        assertEquals(List.of("bash", "-e"), spec.interpreter());
        assertEquals(Output.SPLIT, spec.output());
        assertEquals(Optional.of(Duration.ofMinutes(90)), spec.time());
        assertEquals(Duration.ofSeconds(5), spec.grace());
        assertEquals(Map.of("A", "1", "B", "é 😀"), spec.env());
    }

    @Test
    void commandAlone_takesDefaults() {
        JobSpec spec = JobFiles.valid("exp1.toml", "\uFEFFcommand = 'ls'\r\n");
        assertEquals(1, spec.gpus());
        assertEquals(JobFiles.BASH, spec.interpreter());
        assertEquals(Optional.empty(), spec.time());
        assertEquals(Duration.ofSeconds(30), spec.grace());
    }

    @Test
    void arrayCommand_runsWithoutAShellLookingAtIt() {
        JobSpec spec = JobFiles.valid("exp1.toml", "command = ['python', \"it's $HOME\", '', '--lr=0.1']");
        assertEquals(List.of("/bin/sh"), spec.interpreter());
        assertEquals("#!/bin/sh\nexec 'python' 'it'\\''s $HOME' '' '--lr=0.1'\n", JobFiles.text(spec.script()));
        assertEquals("python 'it'\\''s $HOME' '' --lr=0.1", spec.command());
    }

    @Test
    void severalLines_firstCommandIsShown() {
        JobSpec spec = JobFiles.valid("exp1.toml", "command = '''\n\n# prepare\ncd x\npython y'''");
        assertEquals("cd x", spec.command());
        assertEquals("\n# prepare\ncd x\npython y\n", JobFiles.text(spec.script()));
    }

    @Test
    void commandWithShebang_namesItsInterpreter() {
        JobSpec spec = JobFiles.valid("exp1.toml", "command = '''#!/usr/bin/env python\nprint(1)\n'''");
        assertEquals(List.of("/usr/bin/env", "python"), spec.interpreter());
        assertEquals("print(1)", spec.command());
    }

    @Test
    void keysWithEscapes_areTheKeysTheyMean() {
        JobSpec spec = JobFiles.valid("exp1.toml", "\"comm\\u0061nd\" = 'ls'\n[env]\n\"\\u0041\" = 'x'\n");
        assertEquals(Map.of("A", "x"), spec.env());
    }

    @Test
    void shellAsArray_isTakenAsItIs() {
        assertEquals(
                List.of("/opt/my shell", "-e"),
                JobFiles.valid("exp1.toml", "command = 'ls'\nshell = ['/opt/my shell', '-e']")
                        .interpreter());
    }
}
