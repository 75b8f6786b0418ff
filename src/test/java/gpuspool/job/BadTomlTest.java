package gpuspool.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every message that a TOML job file can earn, word by word; none is the parser's own. */
public class BadTomlTest {

    @ParameterizedTest
    @MethodSource("syntax")
    void notToml_friendlyWordsWithPlace(String toml, String message) {
        assertEquals(List.of("a.toml:" + message), messages(toml));
    }

    /** Text that is no TOML → message. */
    public static Stream<Arguments> syntax() {
        return Stream.of(
                row("command = echo hi\n", "1:11: strings need quotes; true and false are lower-case"),
                row("command = True\n", "1:11: strings need quotes; true and false are lower-case"),
                row("time = 90m\n", "1:10: strings need quotes; write \"90m\""),
                row("time = 1h30m\n", "1:9: strings need quotes; write \"1h30m\""),
                row("command = “x”\n", "1:11: curly quotes are not quotes; write \" or '"),
                row("command: 'x'\n", "1:8: \":\" after a key; write key = value"),
                row("gpus 3\n", "1:5: no \"=\" after the key; write key = value"),
                row("command =\n", "1:10: the value is missing; write key = value"),
                row("command = \"x\n", "1:13: the line ends too early; close the quote or bracket on it"),
                row(
                        "command = \"\"\"x\n",
                        "2:1: the file ends too early; close the quote or bracket, or write the value"),
                row(
                        "command = ['a', 'b'\ngpus = 2\n",
                        "2:1: something follows the value;"
                                + " write one key = value a line, and a comma between elements"),
                row(
                        "command = 'x'; gpus = 2\n",
                        "1:14: something follows the value;"
                                + " write one key = value a line, and a comma between elements"),
                row(
                        "command = \"C:\\qx\"\n",
                        "1:14: unknown escape after \\; write \\\\ for a backslash, or '…' around the text"),
                row("gpus = 03\n", "1:8: the number begins with 0; remove the 0"),
                row("# \u0001\n", "1:3: a control character stands here; remove it"),
                row("gpus = 1\n\n gpus = 2\n", "3:2: this key is there already; remove one of the two"),
                row("[env]\n[env]\n", "2:5: this table is there already; make one table of the two"),
                row("env = 'x'\nenv.A = 'y'\n", "2:5: this key is there already; remove one of the two"),
                row("= 1\n", "1:1: a key is missing here; write key = value"),
                row("x = " + "[".repeat(5000), "1:1: is nested too deeply; write it in a simpler form"));
    }

    @ParameterizedTest
    @MethodSource("values")
    void unusableValue_isToldAtItsPlace(String toml, String message) {
        List<String> found = messages(toml).stream()
                .filter(text -> toml.contains("command") || !text.contains("has no command"))
                .toList();
        assertEquals(List.of("a.toml:" + message), found);
    }

    /** TOML that no job file may hold → message. */
    public static Stream<Arguments> values() {
        return Stream.of(
                row(
                        "command = \"\"\"\r\nls\r\n\"\"\"\r\n",
                        "1:11: line ends in CR LF (written on Windows?);" + " run dos2unix a.toml"),
                row(
                        "command = '''#GPUSPOOL gpus=2\nls'''",
                        "1:11: #GPUSPOOL lines are not read in a TOML file;" + " write their keys as TOML"),
                row("gpu = 2", "1:1: unknown key \"gpu\"; did you mean \"gpus\"?"),
                row("\"a\\u001bb\" = 2", "1:1: unknown key \"a\\x1bb\"; " + KeyList.text()),
                row("a.".repeat(50_000) + "b = 1", "1:1: unknown key \"a\"; " + KeyList.text()),
                row("timeout = '4h'", "1:1: unknown key \"timeout\"; did you mean \"time\"?"),
                row("[environment]\nA = 'x'", "1:2: unknown key \"environment\"; did you mean \"env\"?"),
                row(
                        "gpus = 0\ngpu_mem = '20GiB'",
                        "2:1: gpu_mem has no effect: gpus is 0; remove gpu_mem, or ask for a GPU"),
                row(
                        "devices = '0,x'",
                        "1:11: devices has \"x\", which names no GPU; write indices or UUIDs, such as \"0,1\""),
                row("devices = ['0', '0']", "1:11: devices has \"0\" twice; name each once"),
                row("gpu_type = ''", "1:12: gpu_type is empty; write a part of a GPU's name, such as \"A100\""),
                row("pin = 'name'", "1:7: pin is \"name\"; write \"uuid\" or \"index\""),
                row("[[sweep]]\nlr = 1", "1:3: sweep is an array; write a table of lists, such as lr = [0.1, 0.01]"),
                row("gpus = '2'", "1:8: gpus is the string \"2\"; write an integer, 0 to 1024"),
                row("gpus = 1.0", "1:8: gpus is a float; write an integer, 0 to 1024"),
                row("gpus = true", "1:8: gpus is a boolean; write an integer, 0 to 1024"),
                row("gpus = [0, 1]", "1:8: gpus is an array; write an integer, 0 to 1024"),
                row("gpus = 1025", "1:8: gpus is 1025; write an integer, 0 to 1024"),
                row("gpus = 18446744073709551617", "1:8: gpus is 18446744073709551617; write an integer, 0 to 1024"),
                row("cwd = 'data'", "1:7: cwd \"data\" is relative; write an absolute path"),
                row("cwd = ''", "1:7: cwd \"\" is relative; write an absolute path"),
                row("cwd = '~/x'", "1:7: cwd \"~/x\": ~ is not expanded here; write an absolute path"),
                row("cwd = '$HOME'", "1:7: cwd \"$HOME\": $ is not expanded here; write an absolute path"),
                row("cwd = \"/a\\u0000b\"", "1:7: cwd has a NUL character; remove it"),
                row("cwd = 2024-01-01", "1:7: cwd is a date or time; write an absolute path"),
                row(
                        "env = 'A=1'",
                        "1:7: env is the string \"A=1\"; write a table of strings, such as NAME =" + " \"value\""),
                row("env.A = 1", "1:9: A is an integer; write it in quotes"),
                row("env = { B = 'é', A = true }", "1:22: A is a boolean; write it in quotes"),
                row("[env]\n'' = 'x'", "2:1: an environment variable has no name; write NAME = \"value\""),
                row(
                        "[env]\n'A=B' = 'x'",
                        "2:1: \"A=B\" is no name for an environment variable;"
                                + " use letters, digits and _, a digit not first"),
                row("[env]\n  A = \"\\u0000\"", "2:7: A has a NUL character; remove it"),
                row(
                        "[env]\nCUDA_VISIBLE_DEVICES = '0'",
                        "2:1: CUDA_VISIBLE_DEVICES is set by gpuspool itself;" + " remove it"),
                row("shell = ' '", "1:9: shell is empty; write a program and its options, such as \"bash -e\""),
                row("shell = []", "1:9: shell is empty; write a program and its options, such as \"bash -e\""),
                row("shell = ['bash', 1]", "1:18: element 2 of shell is an integer; write it in quotes"),
                row(
                        "shell = 'bin/sh'",
                        "1:9: shell \"bin/sh\" is a relative path; write an absolute path, or a name" + " without /"),
                row("shell = 'bash -c'", "1:9: shell ends in -c; remove -c: the text is given to it as a file"),
                row(
                        "output = 'both'",
                        "1:10: output is \"both\"; write \"merged\", \"split\", or a path with a / in it, such as \"logs/%x.log\""),
                row("time = 90", "1:8: 90 has no unit; write \"90s\", \"90m\" or \"90h\", with the quotes"),
                row("time = '0s'", "1:8: time is zero; write a duration above zero, such as 90m or 4h"),
                row("time = '-1h'", "1:8: \"-1h\" is negative; write for example 90s, 1h30m or 2d"),
                row("time = '3651d'", "1:8: \"3651d\" is too long; write at most 3650d"),
                row("grace = 'soon'", "1:9: \"soon\" is not a duration; write for example 90s, 1h30m or 2d"),
                row("command = ''", "1:11: has no command; write one, for example: python train.py"),
                row("command = '# x'", "1:11: has no command; write one, for example: python train.py"),
                row(
                        "command = []",
                        "1:11: command is empty; write a string for the shell, or an array of strings to"
                                + " run without one"),
                row(
                        "command = 3",
                        "1:11: command is an integer; write a string for the shell, or an array of strings"
                                + " to run without one"),
                row("command = ['-x']", "1:11: command does not begin with a program; write its name or path first"),
                row("command = ['a',\n  2]", "2:3: element 2 of command is an integer; write it in quotes"),
                row("command = ['a', \"\\u0000\"]", "1:17: element 2 of command has a NUL character; remove it"),
                row("command = \"a\\u0000\"", "1:11: command has a NUL character; remove it"),
                row(
                        "command = '''#!sh\nls'''",
                        "1:11: #! program \"sh\" is not an absolute path; write for example" + " #!/usr/bin/env sh"),
                row(
                        "command = ['a']\nshell = 'sh'",
                        "2:1: shell has no effect: command is an array, which runs" + " without one; remove shell"),
                row(
                        "command = '''#!/bin/sh\nls'''\nshell = 'sh'",
                        "3:1: shell has no effect: the #! line names the" + " interpreter; remove shell"));
    }

    @Test
    void noCommand_isToldWithAnExample() {
        String message = "a.toml:1:1: has no command; write for example command = \"python train.py\"";
        assertEquals(List.of(message), messages(""));
        assertEquals(List.of(message), messages("# nothing yet\n"));
        assertEquals(List.of(message), messages("gpus = 1\n"));
    }

    @Test
    void severalMistakes_allAreToldInFileOrder() {
        String toml = "gpu = 2\n\n[env] # for the cluster\nA = 1\n\"B C\" = 'x'\n";
        assertEquals(
                List.of(
                        "a.toml:1:1: unknown key \"gpu\"; did you mean \"gpus\"?",
                        "a.toml:1:1: has no command; write for example command = \"python train.py\"",
                        "a.toml:4:5: A is an integer; write it in quotes",
                        "a.toml:5:1: \"B C\" is no name for an environment variable;"
                                + " use letters, digits and _, a digit not first"),
                messages(toml));
    }

    @Test
    void textInLatin1_isToldWhereItBegins() {
        byte[] toml = "gpus = 1\ncwd = '/caf\u00e9'\n".getBytes(StandardCharsets.ISO_8859_1);
        assertEquals(
                List.of("a.toml:2:12: is not UTF-8 here; save it as UTF-8"),
                JobFiles.messages("a.toml", JobReader.read("a.toml", toml, JobFiles.DEFAULTS)));
    }

    private static List<String> messages(String toml) {
        return JobFiles.messages("a.toml", JobFiles.read("a.toml", toml));
    }

    private static Arguments row(String toml, String message) {
        return Arguments.of(toml, message);
    }
}
