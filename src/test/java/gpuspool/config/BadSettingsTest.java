package gpuspool.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every message that settings can earn, word by word. */
class BadSettingsTest {
    private static final SettingsReader READER = new SettingsReader(Map.of(), List.of(), "gpubox");

    private static Arguments row(String toml, String... messages) {
        return Arguments.of(toml, List.of(messages));
    }

    private static List<String> texts(SettingsRead read) {
        return read.mistakes().stream().map(SettingsRead.Mistake::text).toList();
    }

    static Stream<Arguments> files() {
        return Stream.of(
                row("grce = '1s'", "1:1: unknown key \"grce\"; did you mean \"grace\"?"),
                row("gpu_ids = [0]", "1:1: unknown key \"gpu_ids\"; did you mean \"devices\"?"),
                row(
                        "poll_interval = 5",
                        "1:1: unknown key \"poll_interval\"; remove it: there is no polling: a dropped file raises an event"),
                row(
                        "log_dir = '/x'",
                        "1:1: unknown key \"log_dir\"; remove it: a job's output lies in its own directory"),
                row("min_free_mem_mb = 5", "1:1: unknown key \"min_free_mem_mb\"; did you mean \"min_free_mem\"?"),
                row("min_free_mem = 6000", "1:16: 6000 has no unit; write \"6000MiB\" or \"6000GiB\", with the quotes"),
                row(
                        "ignore = ['alice']",
                        "1:10: ignore has \"alice\", which is no rule; write rules, such as [\"user gdm\", \"pid 812 on 0\"]"),
                row("keep_idle = -1", "1:13: keep_idle is -1; write an integer, 0 to 1024"),
                row("collision = 'kill'", "1:13: collision is \"kill\"; write \"keep\" or \"requeue\""),
                row("pin = 'name'", "1:7: pin is \"name\"; write \"uuid\" or \"index\""),
                row("hold = 'all'", "1:8: hold is \"all\"; write \"lock\", \"context\" or \"fraction\""),
                row("hold_percent = 100", "1:16: hold_percent is 100; write an integer, 1 to 95"),
                row(
                        "pick_lock = 'gpu-waiter.lock'",
                        "1:13: pick_lock \"gpu-waiter.lock\" is relative; write an absolute path, such as /tmp/gpu-waiter.lock"),
                row(
                        "x = 5",
                        "1:1: unknown key \"x\"; the keys are devices, min_free_mem, ignore, keep_idle, collision, pin, hold, hold_percent, pick_lock, max_bypass, cpu_slots, weights, max_gpus_per_user, max_jobs_per_user, max_jobs_per_gpu, retry_delay, longest_retry_delay, max_sweep, notify, settle, settle_no_lease, settle_nfs, max_file_size,"
                                + " durability, shell, cwd, drop_env, output, grace, min_free_disk, keep, log_size,"
                                + " log_keep, history_size, lock_dir, host"),
                row("devices = 0", "1:11: devices is an integer; write a list, such as \"0,1\" or \"sim:4\""),
                row("devices = ' '", "1:11: devices is empty; write a list, such as \"0,1\" or \"sim:4\""),
                row(
                        "devices = '0,x'",
                        "1:11: \"x\" in \"0,x\" names no GPU; write indices (0,1), UUIDs (GPU-…, MIG-…) or sim:N for N"
                                + " simulated GPUs"),
                row(
                        "devices = 'sim:0'",
                        "1:11: \"sim:0\" is no number of simulated GPUs; write sim:N with N from 1 to 1024, for example"
                                + " sim:4 for four simulated GPUs"),
                row("settle = 2", "1:10: 2 has no unit; write \"2s\", \"2m\" or \"2h\", with the quotes"),
                row("settle_nfs = '2h'", "1:14: settle_nfs is too long; write a duration, 0s to 1h"),
                row("max_file_size = '1B'", "1:17: max_file_size is too small; write a size, 1KiB to 64MiB"),
                row("max_file_size = '1GiB'", "1:17: max_file_size is too large; write a size, 1KiB to 64MiB"),
                row("max_file_size = 5", "1:17: 5 has no unit; write \"5MiB\" or \"5GiB\", with the quotes"),
                row("log_size = '1.5GB'", "1:12: \"1.5GB\" is not a size; write for example 512MiB, 1GiB or 20GB"),
                row("history_size = 1.5", "1:16: history_size is a float; write a size, 1KiB to 64GiB"),
                row("min_free_disk = '-1B'", "1:17: \"-1B\" is negative; write for example 512MiB, 1GiB or 20GB"),
                row("durability = 'Full'", "1:14: durability is \"Full\"; write \"full\" or \"fast\""),
                row("output = true", "1:10: output is a boolean; write \"merged\" or \"split\""),
                row(
                        "shell = './bash'",
                        "1:9: shell \"./bash\" is a relative path; write an absolute path, or a name without /"),
                row("shell = ['bash', 1]", "1:18: element 2 of shell is an integer; write it in quotes"),
                row("cwd = '~/x'", "1:7: cwd \"~/x\": ~ is not expanded here; write an absolute path"),
                row("lock_dir = 'locks'", "1:12: lock_dir \"locks\" is relative; write an absolute path"),
                row("cwd = \"/a\\u0000b\"", "1:7: cwd has a NUL character; remove it"),
                row(
                        "drop_env = ['A-B']",
                        "1:12: drop_env has \"A-B\", which is no name of a variable;"
                                + " write names, such as [\"SSH_AUTH_SOCK\", \"AWS_*\"]"),
                row("grace = '-1s'", "1:9: \"-1s\" is negative; write for example 90s, 1h30m or 2d"),
                row("keep = '0s'", "1:8: keep is zero; write a duration above zero, such as 30d"),
                row("keep = 1979-05-27", "1:8: keep is a date or time; write a duration above zero, such as 30d"),
                row("log_keep = '5'", "1:12: log_keep is the string \"5\"; write an integer, 0 to 1000"),
                row("log_keep = 1001", "1:12: log_keep is 1001; write an integer, 0 to 1000"),
                row("host = 'a.b'", "1:8: host is \"a.b\"; write 1 to 63 letters, digits or -"),
                row("host = ''", "1:8: host is \"\"; write 1 to 63 letters, digits or -"),
                row("hosts = 1", "1:1: hosts is an integer; write [hosts.NAME] and its keys below it"),
                row("hosts.a = 1", "1:7: hosts.a is an integer; write [hosts.NAME] and its keys below it"),
                row("[hosts.'a.b']", "1:8: \"a.b\" is the name of no host; write the part before the first dot"),
                row("[hosts.other]\ngrace = 5", "2:9: 5 has no unit; write \"5s\", \"5m\" or \"5h\", with the quotes"),
                row("[hosts.other]\nhosts = 5", "2:1: unknown key \"hosts\"; did you mean \"host\"?"),
                row("[hosts.other]\nshell = ['bash', 1]", "2:18: element 2 of shell is an integer; write it in quotes"),
                row("grace = '1s'\n grace = '2s'", "2:2: this key is there already; remove one of the two"),
                row("[hosts.a]\ngrace = '1s'\ngrace = '2s'", "3:1: this key is there already; remove one of the two"),
                row("[hosts.a]\n[hosts.a]", "2:9: this table is there already; make one table of the two"),
                row("grace = '1", "1:11: the file ends too early; close the quote or bracket, or write the value"),
                row("gra", "1:4: the file ends too early; close the quote or bracket, or write the value"),
                row("grace = \0", "1:9: a control character stands here; remove it"),
                row("grace = 5s", "1:10: strings need quotes; write \"5s\""),
                row(
                        "grce = '1s'\n\nlog_keep = -1\n[hosts.a]\nkeep = 3\n",
                        "1:1: unknown key \"grce\"; did you mean \"grace\"?",
                        "3:12: log_keep is -1; write an integer, 0 to 1000",
                        "5:8: 3 has no unit; write \"3s\", \"3m\" or \"3h\", with the quotes"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void badFile_allIsToldAtItsPlace(String toml, List<String> messages) {
        SettingsRead read = READER.read(toml.getBytes(StandardCharsets.UTF_8));
        assertEquals(messages.stream().map(message -> "spool.toml:" + message).toList(), texts(read));
    }

    @Test
    void notUtf8_isTold() {
        byte[] bytes = "grace = '\u00e9'\n".getBytes(StandardCharsets.ISO_8859_1);
        assertEquals(List.of("spool.toml:1:10: is not UTF-8 here; save it as UTF-8"), texts(READER.read(bytes)));
    }

    @Test
    void cannotBeReadAtAll_isTold() {
        assertEquals(
                List.of("spool.toml:1:1: is a named pipe; make it a regular file, or remove it"),
                texts(READER.unreadable("is a named pipe", "make it a regular file, or remove it")));
    }

    @Test
    void environmentAndOptions_areNamedByTheirSource() {
        SettingsRead read = SettingsReaderTest.read(
                "keep = 3",
                Map.of("GPUSPOOL_GRACE", "5", "GPUSPOOL_LOG_KEEP", "many", "GPUSPOOL_HOST", "a b"),
                "grace=5",
                "gras=5s",
                "grace",
                "host=x",
                "output=split",
                "output=\u001bmerged",
                "log_keep=-1");
        assertEquals(
                List.of(
                        "spool.toml:1:8: 3 has no unit; write \"3s\", \"3m\" or \"3h\", with the quotes",
                        "$GPUSPOOL_GRACE: 5 has no unit; write 5s, 5m or 5h",
                        "$GPUSPOOL_LOG_KEEP: log_keep is the string \"many\"; write an integer, 0 to 1000",
                        "$GPUSPOOL_HOST: host is \"a b\"; write 1 to 63 letters, digits or -",
                        "--set grace=5: 5 has no unit; write 5s, 5m or 5h",
                        "--set gras=5s: unknown key \"gras\"; did you mean \"grace\"?",
                        "--set grace: grace has no value; write KEY=VALUE, such as grace=1m",
                        "--set host=x: host is needed by every command, not only by this one;"
                                + " set $GPUSPOOL_HOST, or write it in spool.toml",
                        "--set output=\\x1bmerged: output is given twice; give it once",
                        "--set log_keep=-1: log_keep is -1; write an integer, 0 to 1000"),
                texts(read));
    }

    @Test
    void anyBytes_areAnswered() {
        Random random = new Random(1);
        String[] pieces = {"hosts", ".", "[", "]", "=", "grace", "'1s'", "\n", "shell", "{", "}", ",", "\"", "1", "é"};
        for (int i = 0; i < 5_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int count = random.nextInt(20); count > 0; count--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            assertTrue(READER.read(text.toString().getBytes(StandardCharsets.UTF_8))
                            .mistakes()
                            .size()
                    < 50);
        }
        for (String huge : List.of(
                "hosts." + "a.".repeat(100_000) + "b = 1", "x = " + "[".repeat(500_000), "\0".repeat(1 << 20))) {
            assertTimeout(
                    Duration.ofSeconds(5),
                    () -> assertEquals(
                            1,
                            READER.read(huge.getBytes(StandardCharsets.UTF_8))
                                    .mistakes()
                                    .size()));
        }
    }
}
