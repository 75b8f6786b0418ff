package gpuspool.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import gpuspool.gpu.GpuRules;
import gpuspool.gpu.IgnoreRule;
import gpuspool.job.Output;
import gpuspool.job.Pin;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the file, the environment and options say together; {@link BadSettingsTest} has what they must not say. */
class SettingsReaderTest {
    private static final String ALL = """
            devices = "sim:4"
            min_free_mem = "6GiB"
            ignore = ["user gdm", "pid 812 on 0"]
            keep_idle = 1
            collision = "requeue"
            pin = "index"
            hold = "fraction"
            hold_percent = 30
            pick_lock = "/tmp/gpu-waiter.lock"
            max_bypass = "30m"
            cpu_slots = 3
            weights = ["alice 2", "1001 0.5"]
            max_gpus_per_user = 4
            max_jobs_per_user = 7
            max_jobs_per_gpu = 2
            retry_delay = "10s"
            longest_retry_delay = "1h"
            max_sweep = 100
            notify = "mail root"
            settle = "50ms"
            settle_no_lease = "1s"
            settle_nfs = "20s"
            max_file_size = "2MiB"
            durability = "fast"
            shell = ["bash", "-e"]
            cwd = "/data"
            drop_env = ["SSH_AUTH_SOCK", "AWS_*"]
            output = "split"
            grace = "1m"
            min_free_disk = "20GB"
            keep = "30d"
            log_size = "1MiB"
            log_keep = 3
            history_size = "2GiB"
            lock_dir = "/locks"
            host = "box-2"
            """;

    static SettingsRead read(String file, Map<String, String> environment, String... options) {
        return new SettingsReader(
                        environment,
                        List.of(options).stream().map(SettingOption::ofSet).toList(),
                        "gpubox")
                .read(file.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void everyKey_isTaken() {
        Settings all = new Settings(
                Optional.of("sim:4"),
                new GpuRules(
                        6L << 30,
                        List.of(
                                IgnoreRule.parse("user gdm").orElseThrow(),
                                IgnoreRule.parse("pid 812 on 0").orElseThrow()),
                        1,
                        GpuRules.Collision.REQUEUE,
                        Pin.INDEX,
                        GpuRules.Hold.FRACTION,
                        30,
                        Optional.of(Path.of("/tmp/gpu-waiter.lock"))),
                new QueueRules(
                        Duration.ofMinutes(30),
                        OptionalInt.of(3),
                        Map.of("alice", 2.0, "1001", 0.5),
                        OptionalInt.of(4),
                        OptionalInt.of(7),
                        2,
                        Duration.ofSeconds(10),
                        Duration.ofHours(1),
                        100,
                        Optional.of(List.of("/bin/sh", "-c", "mail root"))),
                Duration.ofMillis(50),
                Duration.ofSeconds(1),
                Duration.ofSeconds(20),
                2 << 20,
                Settings.Durability.FAST,
                List.of("bash", "-e"),
                Optional.of(Path.of("/data")),
                List.of("SSH_AUTH_SOCK", "AWS_*"),
                Output.SPLIT,
                Duration.ofMinutes(1),
                20_000_000_000L,
                Optional.of(Duration.ofDays(30)),
                1 << 20,
                3,
                2L << 30,
                Optional.of(Path.of("/locks")),
                Optional.of("box-2"));
        assertEquals(all, read(ALL, Map.of()).settings());
        // For one host alone, arrays and all.
        assertEquals(
                all,
                read("[hosts.gpubox]\n" + ALL.replace("host = \"box-2\"", "host = 'box-2'"), Map.of())
                        .settings());
        assertEquals(Set.of(SettingKey.values()), read(ALL, Map.of()).origins().keySet());
    }

    @ParameterizedTest
    @EnumSource
    void everyKey_isTakenFromItsVariableToo(SettingKey key) {
        Settings all = read(ALL, Map.of()).settings();
        SettingsRead read = read("", Map.of(key.variable(), all.shown(key)));
        assertEquals(List.of(), read.mistakes());
        assertEquals(all.shown(key), read.settings().shown(key));
        assertEquals("$" + key.variable(), read.origin(key));
        for (SettingKey other : EnumSet.complementOf(EnumSet.of(key))) {
            assertEquals(other.byDefault(), read.settings().shown(other));
        }
    }

    @Test
    void nothing_isTheDefaults() {
        assertEquals(
                new SettingsRead(Settings.DEFAULTS, Map.of(), List.of()),
                read("# nothing\n", Map.of("GPUSPOOL_GRACE", "")));
        assertEquals("default", read("", Map.of()).origin(SettingKey.GRACE));
    }

    @ParameterizedTest
    @CsvSource({
        "false, false, false, false, 30s, default",
        "true,  false, false, false, 1s,  spool.toml:1",
        "true,  true,  false, false, 2s,  [hosts.gpubox] spool.toml:5",
        "true,  true,  true,  false, 3s,  $GPUSPOOL_GRACE",
        "true,  true,  true,  true,  4s,  --set grace=4s",
        "true,  false, false, true,  4s,  --set grace=4s",
        "false, true,  false, false, 2s,  [hosts.gpubox] spool.toml:5",
        "true,  false, true,  false, 3s,  $GPUSPOOL_GRACE",
    })
    void ofSeveral_theNearestCounts(
            boolean top, boolean host, boolean variable, boolean option, String value, String origin) {
        String file = (top ? "grace = '1s'" : "") + "\n[hosts.other]\ngrace = '9s'\n"
                + (host ? "[hosts.gpubox]\ngrace = '2s'\n" : "");
        Map<String, String> environment = variable ? Map.of("GPUSPOOL_GRACE", "3s") : Map.of();
        SettingsRead read = option ? read(file, environment, "grace=4s") : read(file, environment);
        assertEquals(List.of(), read.mistakes());
        assertEquals(value, read.settings().shown(SettingKey.GRACE));
        assertEquals(origin, read.origin(SettingKey.GRACE));
    }

    @ParameterizedTest
    @CsvSource({
        "'',          '',      gpubox, the table of the machine's name",
        "top,         '',      top,    the table of the name that the file gives",
        "top,         outside, outside, the table of the name that the environment gives",
    })
    void table_isThatOfTheNameThatHolds(String top, String variable, String counts, String why) {
        String file = (top.isEmpty() ? "" : "host = '" + top + "'\n")
                + "hosts.gpubox.cwd = '/gpubox'\nhosts.top.cwd = '/top'\nhosts.outside.cwd = '/outside'\n";
        SettingsRead read = read(file, Map.of("GPUSPOOL_HOST", variable));
        assertEquals("/" + counts, read.settings().shown(SettingKey.CWD), why);
    }

    @Test
    void devices_variableOfOursThenCudasThenTheFile() {
        Map<String, String> environment = new HashMap<>(Map.of("CUDA_VISIBLE_DEVICES", "2,5"));
        SettingsRead cudas = read("devices = 'sim:1'", environment);
        assertEquals(Optional.of("2,5"), cudas.settings().devices());
        assertEquals("$CUDA_VISIBLE_DEVICES", cudas.origin(SettingKey.DEVICES));
        assertEquals(Optional.empty(), cudas.namedDevices());
        environment.put("GPUSPOOL_DEVICES", "3");
        assertEquals(Optional.of("3"), read("devices = 'sim:1'", environment).namedDevices());
        assertEquals(
                Optional.of("7"),
                read("devices = 'sim:1'", environment, "devices=7").namedDevices());
        assertEquals(Optional.of("sim:1"), read("devices = 'sim:1'", Map.of()).namedDevices());
        assertEquals(
                Optional.of(""),
                read("", Map.of("CUDA_VISIBLE_DEVICES", "")).settings().devices());
    }

    @Test
    void namesOfVariables_areReadFromText() {
        assertEquals(
                List.of("A", "B_*", "*"),
                read("", Map.of("GPUSPOOL_DROP_ENV", " A, B_* *")).settings().dropEnv());
    }

    @Test
    void startedWith_keepsWhatCountsAtTheStart() {
        Settings start = read(ALL, Map.of()).settings();
        Settings later = Settings.DEFAULTS.startedWith(start);
        for (SettingKey key : SettingKey.values()) {
            Settings from = key.scope() == SettingKey.Scope.AT_START ? start : Settings.DEFAULTS;
            assertEquals(from.shown(key), later.shown(key), key.key());
        }
    }
}
