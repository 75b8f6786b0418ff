package gpuspool.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Wrong types, units and ranges of the keys that say when, where and how often a job runs, in both kinds of file. */
public class BadKeyTest {
    /** Whose rows stand elsewhere. */
    private static final Set<JobKey> ELSEWHERE = Set.of(
            JobKey.COMMAND,
            JobKey.GPUS,
            JobKey.DEVICES,
            JobKey.GPU_TYPE,
            JobKey.PIN,
            JobKey.CWD,
            JobKey.ENV,
            JobKey.SHELL,
            JobKey.OUTPUT,
            JobKey.TIME,
            JobKey.GRACE,
            JobKey.SWEEP,
            JobKey.MEMBER,
            JobKey.FOREGROUND);

    private static Arguments row(String text, String message) {
        return Arguments.of(text, message);
    }

    /** TOML → message. */
    public static Stream<Arguments> inToml() {
        return Stream.of(
                row("gpu_mem = 20", "1:11: 20 has no unit; write \"20MiB\" or \"20GiB\", with the quotes"),
                row("gpu_mem = '20'", "1:11: 20 has no unit; write 20MiB or 20GiB; 20B is bytes"),
                row("gpu_mem = '20G'", "1:11: \"20G\" has no unit of ours; did you mean 20GiB?"),
                row("gpu_mem = '0B'", "1:11: gpu_mem is zero; remove it to have whole GPUs, or gpus = 0 for none"),
                row("gpu_mem = '-1GiB'", "1:11: \"-1GiB\" is negative; write for example 512MiB, 1GiB or 20GB"),
                row("gpu_mem = '2000TiB'", "1:11: \"2000TiB\" is too large; write at most 1024TiB"),
                row("gpu_mem = 'half'", "1:11: \"half\" is not a size; write for example 512MiB, 1GiB or 20GB"),
                row("gpu_mem = 0.5", "1:11: gpu_mem is a float; write a size, such as \"20GiB\""),
                row("priority = 1001", "1:12: priority is 1001; write an integer, -1000 to 1000"),
                row("priority = -1001", "1:12: priority is -1001; write an integer, -1000 to 1000"),
                row("priority = 'high'", "1:12: priority is the string \"high\"; write an integer, -1000 to 1000"),
                row("priority = 1.5", "1:12: priority is a float; write an integer, -1000 to 1000"),
                row(
                        "begin = 5",
                        "1:9: begin is an integer; write a time, such as \"2026-11-21T08:00\", \"22:30\" or \"2h\""),
                row("begin = '90'", "1:9: begin is \"90\", which has no unit; write for example 90m or 90h"),
                row(
                        "begin = 'soon'",
                        "1:9: begin is \"soon\"; write a time, such as \"2026-11-21T08:00\", \"22:30\" or \"2h\""),
                row(
                        "begin = '24:01'",
                        "1:9: begin is \"24:01\"; write a time, such as \"2026-11-21T08:00\", \"22:30\" or \"2h\""),
                row(
                        "begin = '2026-02-30'",
                        "1:9: begin is \"2026-02-30\"; write a time, such as \"2026-11-21T08:00\", \"22:30\" or \"2h\""),
                row(
                        "begin = '+12026-11-21T08:00'",
                        "1:9: begin is in the year 12026; write a time, such as \"2026-11-21T08:00\", \"22:30\" or \"2h\""),
                row(
                        "begin = 0001-01-01T00:00:00Z",
                        "1:9: begin is in the year 1; write a time, such as \"2026-11-21T08:00\", \"22:30\" or \"2h\""),
                row(
                        "begin = 'now+1parsec'",
                        "1:9: begin is \"now+1parsec\"; write a time, such as \"2026-11-21T08:00\", \"22:30\" or \"2h\""),
                row(
                        "begin = true",
                        "1:9: begin is a boolean; write a time, such as \"2026-11-21T08:00\", \"22:30\" or \"2h\""),
                row("after = 3", "1:9: after is an integer; write names of jobs, such as \"exp1,exp2\""),
                row(
                        "after = 'a/b'",
                        "1:9: after has \"a/b\", which names no job; write names of jobs, such as \"exp1,exp2\""),
                row(
                        "after = 'a,,b'",
                        "1:9: after has \"\", which names no job; write names of jobs, such as \"exp1,exp2\""),
                row("after = ['a', 2]", "1:15: element 2 of after is an integer; write it in quotes"),
                row("after = []", "1:9: after is empty; write names of jobs, such as \"exp1,exp2\""),
                row("after_any = 3", "1:13: after_any is an integer; write names of jobs, such as \"exp1,exp2\""),
                row(
                        "after_any = '-a'",
                        "1:13: after_any has \"-a\", which names no job; write names of jobs, such as \"exp1,exp2\""),
                row("hosts = 3", "1:9: hosts is an integer; write names of hosts, such as \"gpubox1,gpubox2\""),
                row(
                        "hosts = 'gpu_box'",
                        "1:9: hosts has \"gpu_box\", which names no host; write names of hosts, such as \"gpubox1,gpubox2\""),
                row("hosts = []", "1:9: hosts is empty; write names of hosts, such as \"gpubox1,gpubox2\""),
                row("retries = -1", "1:11: retries is -1; write an integer, 0 to 1000"),
                row("retries = 1001", "1:11: retries is 1001; write an integer, 0 to 1000"),
                row("retries = '3'", "1:11: retries is the string \"3\"; write an integer, 0 to 1000"),
                row(
                        "retry_on = true",
                        "1:12: retry_on is a boolean; write exit codes, signals or \"interrupted\", such as [1, \"SIGKILL\"]"),
                row(
                        "retry_on = []",
                        "1:12: retry_on is empty; write exit codes, signals or \"interrupted\", such as [1, \"SIGKILL\"]"),
                row("retry_on = [1, 1.5]", "1:16: element 2 of retry_on is a float; write it in quotes"),
                row(
                        "retry_on = [1, 'SIGFOO']",
                        "1:16: retry_on has \"SIGFOO\", which is no ending;"
                                + " write exit codes, signals or \"interrupted\", such as [1, \"SIGKILL\"]"),
                row(
                        "retry_on = 256",
                        "1:12: retry_on has \"256\", which is no ending;"
                                + " write exit codes, signals or \"interrupted\", such as [1, \"SIGKILL\"]"),
                row(
                        "retry_on = '0'",
                        "1:12: retry_on has \"0\", which is no ending;"
                                + " write exit codes, signals or \"interrupted\", such as [1, \"SIGKILL\"]"),
                row("on_interrupt = 'retry'", "1:16: on_interrupt is \"retry\"; write \"fail\" or \"requeue\""),
                row("on_interrupt = 3", "1:16: on_interrupt is an integer; write \"fail\" or \"requeue\""),
                row("signal = 'USR1'", "1:10: signal is \"USR1\"; write a signal and a time, such as \"USR1@5m\""),
                row("signal = 'FOO@5m'", "1:10: signal is \"FOO@5m\"; write a signal and a time, such as \"USR1@5m\""),
                row("signal = 'USR1@300'", "1:10: 300 has no unit; write 300s, 300m or 300h"),
                row(
                        "signal = 'USR1@0s'",
                        "1:10: signal is sent when time is over anyway; write a signal and a time, such as \"USR1@5m\""),
                row(
                        "signal = 'KILL@5m'",
                        "1:10: signal is \"KILL@5m\", which no program can catch;"
                                + " write a signal and a time, such as \"USR1@5m\""),
                row("signal = 10", "1:10: signal is an integer; write a signal and a time, such as \"USR1@5m\""),
                row(
                        "notify = ' '",
                        "1:10: notify is empty; write a string for the shell, or an array of strings to run without one"),
                row("notify = ['', 'x']", "1:10: notify does not begin with a program; write its name or path first"),
                row("notify = ['mail', 3]", "1:19: element 2 of notify is an integer; write it in quotes"),
                row(
                        "notify = true",
                        "1:10: notify is a boolean; write a string for the shell, or an array of strings to run without one"),
                row("notify = \"a\\u0000\"", "1:10: notify has a NUL character; remove it"),
                row(
                        "error = 'err.log'",
                        "1:9: error is \"err.log\"; write a path with a / in it, such as \"logs/%x.err\""),
                row(
                        "error = '~/x.err'",
                        "1:9: error \"~/x.err\": ~ is not expanded here; write a path with a / in it, such as \"logs/%x.err\""),
                row("error = 'logs/'", "1:9: error is \"logs/\"; write a path with a / in it, such as \"logs/%x.err\""),
                row("error = 3", "1:9: error is an integer; write a path with a / in it, such as \"logs/%x.err\""));
    }

    /** What follows {@code #GPUSPOOL} → message. */
    public static Stream<Arguments> inLines() {
        return Stream.of(
                row("gpu_mem=20", "1:19: 20 has no unit; write 20MiB or 20GiB; 20B is bytes"),
                row("priority=high", "1:20: priority is the string \"high\"; write an integer, -1000 to 1000"),
                row("begin=90", "1:17: begin is \"90\", which has no unit; write for example 90m or 90h"),
                row(
                        "after=a,b/c",
                        "1:17: after has \"b/c\", which names no job; write names of jobs, such as \"exp1,exp2\""),
                row(
                        "after_any=",
                        "1:21: after_any has \"\", which names no job; write names of jobs, such as \"exp1,exp2\""),
                row(
                        "hosts=a,!",
                        "1:17: hosts has \"!\", which names no host; write names of hosts, such as \"gpubox1,gpubox2\""),
                row("retries=some", "1:19: retries is the string \"some\"; write an integer, 0 to 1000"),
                row(
                        "retry_on=1,x",
                        "1:20: retry_on has \"x\", which is no ending;"
                                + " write exit codes, signals or \"interrupted\", such as [1, \"SIGKILL\"]"),
                row("on_interrupt=yes", "1:24: on_interrupt is \"yes\"; write \"fail\" or \"requeue\""),
                row("signal=@5m", "1:18: signal is \"@5m\"; write a signal and a time, such as \"USR1@5m\""),
                row(
                        "notify=''",
                        "1:19: notify is empty; write a string for the shell, or an array of strings to run without one"),
                row("error=x", "1:17: error is \"x\"; write a path with a / in it, such as \"logs/%x.err\""));
    }

    @ParameterizedTest
    @MethodSource("inToml")
    void wrongInToml_isToldAtItsPlace(String toml, String message) {
        assertEquals(List.of(message), FieldReading.ofToml(toml).messages());
        if (isAvailable(toml)) {
            String whole = toml + "\ncommand = 'true'";
            assertEquals(List.of("a.toml:" + message), aboutTheValue("a.toml", whole));
        }
    }

    @ParameterizedTest
    @MethodSource("inLines")
    void wrongInALine_isToldAtItsPlace(String line, String message) {
        assertEquals(List.of(message), FieldReading.ofLine(line).messages());
        if (isAvailable(line)) {
            String script = "#GPUSPOOL " + line + "\ntrue\n";
            assertEquals(List.of("a.job:" + message), aboutTheValue("a.job", script));
        }
    }

    /** Less what is said of a key that lacks another. */
    private static List<String> aboutTheValue(String name, String text) {
        return JobFiles.messages(name, JobFiles.read(name, text)).stream()
                .filter(message -> !message.contains("has no effect"))
                .toList();
    }

    private static boolean isAvailable(String text) {
        return FieldReading.key(keyName(text)).isForPeople();
    }

    private static String keyName(String text) {
        return text.split("[ =.]", 2)[0];
    }

    @Test
    void everyKey_hasRowsOfBothKinds() {
        Set<String> keys = Arrays.stream(JobKey.values())
                .filter(key -> !ELSEWHERE.contains(key))
                .map(JobKey::key)
                .collect(Collectors.toCollection(TreeSet::new));
        for (Stream<Arguments> table : List.of(inToml(), inLines())) {
            Set<String> covered =
                    table.map(row -> keyName((String) row.get()[0])).collect(Collectors.toCollection(TreeSet::new));
            assertEquals(keys, covered);
        }
    }

    @Test
    void textOfAnyBytes_earnsOneMessageAtMost() {
        for (JobKey key : JobKey.values()) {
            for (String value : List.of("\u001b[31m", "x".repeat(5000), ",", "@", "%", "\u202e")) {
                if (key != JobKey.COMMAND && !key.type().hasParts()) {
                    String toml = key.key() + " = " + KeyText.tomlString(value);
                    List<String> messages = FieldReading.ofToml(toml).messages();
                    assertTrue(messages.size() <= 1, messages.toString());
                    String all = String.join("", messages);
                    assertTrue(all.length() < 300 && all.indexOf('\u001b') < 0 && all.indexOf('\u202e') < 0, all);
                }
            }
        }
    }
}
