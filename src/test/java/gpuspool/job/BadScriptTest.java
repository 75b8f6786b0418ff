package gpuspool.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every message that a script can earn, word by word. */
public class BadScriptTest {

    private static final String KEYS = KeyList.text();

    @ParameterizedTest
    @MethodSource("oneMistake")
    void oneMistake_oneMessage(String script, String message) {
        assertEquals(List.of("a.job:" + message), JobFiles.messages("a.job", JobFiles.read("a.job", script)));
    }

    /** Script → message. */
    public static Stream<Arguments> oneMistake() {
        return Stream.of(
                row("", "1:1: has no command; write one, for example: python train.py"),
                row("\n  \n# only\n", "1:1: has no command; write one, for example: python train.py"),
                row("#!/bin/sh\n", "1:1: has no command; write one, for example: python train.py"),
                row("#!\nx\n", "1:1: #! names no program; write for example #!/bin/bash"),
                row("#! \t\nx\n", "1:1: #! names no program; write for example #!/bin/bash"),
                row(
                        "#!python -u\nx\n",
                        "1:1: #! program \"python\" is not an absolute path; write for example #!/usr/bin/env python"),
                row(
                        "#! ../bin/\nx\n",
                        "1:1: #! program \"../bin/\" is not an absolute path; write for example #!/usr/bin/env bash"),
                row("#!/bin/sh\r\nx\r\n", "1:10: #! line ends in CR LF (written on Windows?); run dos2unix a.job"),
                row("# hé\r\nls\r\n", "2:3: line ends in CR LF (written on Windows?); run dos2unix a.job"),
                row("\n#!/bin/sh\nx\n", "2:1: #! counts only in line 1; move it there"),
                row("\uFEFF#!/bin/sh\nx\n", "1:1: begins with a byte order mark; save it as UTF-8 without BOM"),
                row("ls\né\0x\n\0", "2:2: has a NUL byte; save it as UTF-8 text"),
                row("#!/bin/\uFFFD\nx\n", "1:1: the #! line is not UTF-8; save it as UTF-8"),
                row("#GPUSPOOL cwd=/\uFFFD\nx\n", "1:1: the #GPUSPOOL line is not UTF-8; save it as UTF-8"),
                row("# GPUSPOOL gpus=2\nx\n", "1:1: \"# GPUSPOOL gpus=2\" is not read; did you mean #GPUSPOOL?"),
                row("  #GpuSpool: gpus=2\nx\n", "1:1: \"#GpuSpool: gpus=2\" is not read; did you mean #GPUSPOOL?"),
                row("x\n#GPUSPOOL gpus=2\n", "2:1: #GPUSPOOL comes after the first command; move it up"),
                row(
                        "#GPUSPOOL gpus = 2\nx\n",
                        "1:11: \"gpus\" is not key=value; write key=value without blanks around ="),
                row("#GPUSPOOL cwd=\"/a b\nx\n", "1:11: misplaced quotes; write key=\"the whole value\""),
                row("#GPUSPOOL env.A=x\"y z\"\nx\n", "1:11: misplaced quotes; write key=\"the whole value\""),
                row("#GPUSPOOL gpu=2\nx\n", "1:11: unknown key \"gpu\"; did you mean \"gpus\"?"),
                row("#GPUSPOOL output=split tiem=4h\nx\n", "1:24: unknown key \"tiem\"; did you mean \"time\"?"),
                row("#GPUSPOOL colour=red\nx\n", "1:11: unknown key \"colour\"; " + KEYS),
                row("#GPUSPOOL gpus=two\nx\n", "1:16: gpus is the string \"two\"; write an integer, 0 to 1024"),
                row("#GPUSPOOL gpus=\nx\n", "1:16: gpus is the string \"\"; write an integer, 0 to 1024"),
                row("#GPUSPOOL gpus=-1\nx\n", "1:16: gpus is -1; write an integer, 0 to 1024"),
                row("#GPUSPOOL time=90\nx\n", "1:16: 90 has no unit; write 90s, 90m or 90h"),
                row(
                        "#GPUSPOOL gpus=1\n#GPUSPOOL gpus=2\nx\n",
                        "2:11: gpus is given twice; remove it here or in line 1"),
                row(
                        "#GPUSPOOL env.A=" + "x".repeat(10_000) + "\nls\n",
                        "1:1: the #GPUSPOOL line is longer than 10000 characters; split it"),
                row("#GPUSPOOL env=3\nx\n", "1:11: env needs a name; write env.NAME=value"),
                row("#GPUSPOOL env.=3\nx\n", "1:11: an environment variable has no name; write NAME = \"value\""),
                row(
                        "#GPUSPOOL command=ls\nx\n",
                        "1:11: command cannot be set here; remove it: the script is the command"),
                row("#GPUSPOOL retries=1001\nx\n", "1:19: retries is 1001; write an integer, 0 to 1000"),
                row(
                        "#GPUSPOOL retries=2 retry_on=0,1\nx\n",
                        "1:30: retry_on has \"0\", which is no ending; write exit codes, signals or \"interrupted\", such as"
                                + " [1, \"SIGKILL\"]"),
                row(
                        "#GPUSPOOL retry_on=1\nx\n",
                        "1:11: retry_on has no effect without retries; set retries, or remove it"),
                row("#GPUSPOOL signal=USR1@5m\nx\n", "1:11: signal has no effect without time; set time, or remove it"),
                row(
                        "#GPUSPOOL time=5m signal=USR1@5m\nx\n",
                        "1:19: signal is to be sent 5m before time is over, and time is 5m; write a shorter one, or a"
                                + " longer time"),
                row(
                        "#GPUSPOOL output=logs/%s.log\nx\n",
                        "1:18: output has \"%s\", which stands for nothing; write %x (name), %j (id), %A (id of the sweep),"
                                + " %a (number in it), %u (user), %h (host), or %% for a percent sign"),
                row(
                        "#GPUSPOOL error=x.log\nx\n",
                        "1:17: error is \"x.log\"; write a path with a / in it, such as \"logs/%x.err\""),
                row(
                        "#GPUSPOOL on_interrupt=retry\nx\n",
                        "1:24: on_interrupt is \"retry\"; write \"fail\" or \"requeue\""),
                row(
                        "#!/bin/sh\n#GPUSPOOL shell=bash\nx\n",
                        "2:11: shell has no effect: the #! line names the interpreter; remove shell"));
    }

    @Test
    void severalMistakes_allAreToldInFileOrder() {
        String script = "#!sh\n#GPUSPOOL gpus=x gpus=2 cwd=data\n#GPUSPOOL tme=1h\nx\n#GPUSPOOL time=2h\n";
        assertEquals(
                List.of(
                        "a.job:1:1: #! program \"sh\" is not an absolute path; write for example #!/usr/bin/env sh",
                        "a.job:2:16: gpus is the string \"x\"; write an integer, 0 to 1024",
                        "a.job:2:18: gpus is given twice; remove it here or in line 2",
                        "a.job:2:29: cwd \"data\" is relative; write an absolute path",
                        "a.job:3:11: unknown key \"tme\"; did you mean \"time\"?",
                        "a.job:5:1: #GPUSPOOL comes after the first command; move it up"),
                JobFiles.messages("a.job", JobFiles.read("a.job", script)));
    }

    @Test
    void optionLineInLatin1_isToldAsNotUtf8() {
        byte[] script = "#GPUSPOOL cwd=/caf\u00e9\nx\n".getBytes(StandardCharsets.ISO_8859_1);
        assertEquals(
                List.of("a.job:1:1: the #GPUSPOOL line is not UTF-8; save it as UTF-8"),
                JobFiles.messages("a.job", JobReader.read("a.job", script, JobFiles.DEFAULTS)));
    }

    @Test
    void fileNameWithBlanks_remedyCanBePasted() {
        assertEquals(
                List.of("my exp.job:1:3: line ends in CR LF (written on Windows?); run dos2unix 'my exp.job'"),
                JobFiles.messages("my exp.job", JobFiles.read("my exp.job", "ls\r\n")));
    }

    private static Arguments row(String script, String message) {
        return Arguments.of(script, message);
    }
}
