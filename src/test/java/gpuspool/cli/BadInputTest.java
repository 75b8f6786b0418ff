package gpuspool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.config.SettingOption;
import gpuspool.config.SettingsReader;
import gpuspool.gpu.fake.FakeAmd;
import gpuspool.job.BadKeyTest;
import gpuspool.job.BadScriptTest;
import gpuspool.job.BadTomlTest;
import gpuspool.plan.Control;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Everything that a user can get wrong, and the words it earns: what and where it is, and what to do. The rows about job files stand
 * in {@link BadScriptTest} and {@link BadTomlTest} and are looked at here together with the others.
 */
class BadInputTest {
    /** One mistake that can be made in several ways, each with a row of its own. */
    private static final Set<String> ONE_MISTAKE = Set.of(
            "has no command; write one, for example: python train.py",
            "misplaced quotes; write key=\"the whole value\"",
            "strings need quotes; true and false are lower-case",
            "#! names no program; write for example #!/bin/bash",
            "shell is empty; write a program and its options, such as \"bash -e\"");

    /** Where the remedy begins: what is wrong stands before it. */
    private static final Pattern REMEDY = Pattern.compile(
            "; |did you mean|see: gpuspool|[.?] (Write|Write:|Name|Make) |the verbs are|control/ knows"
                    + "|^gpuspool add: (to run a command|--[a-z-]+ [^;]*: write|--gpus is how many|either)|^gpuspool clean: --keep");

    @TempDir
    private Path temp;

    private CliSpool spool;

    @BeforeEach
    void makeSpool() throws IOException {
        spool = new CliSpool(temp);
    }

    // ---- command lines

    private static Arguments line(String words, String message) {
        return Arguments.of(words, message);
    }

    /** Words, by blanks; {@code ''} is an empty one. */
    static Stream<Arguments> commandLines() {
        return Stream.of(
                line("statu", "gpuspool: unknown verb statu; did you mean status?"),
                line("frobnicate", "gpuspool: unknown verb frobnicate; the verbs: gpuspool --help"),
                line(
                        "squeue",
                        "gpuspool: unknown verb squeue; did you mean status (shows what runs, what waits and why, and what ended last)?"),
                line(
                        "rm",
                        "gpuspool: unknown verb rm; did you mean cancel (takes jobs out of the queue, or stops them) or clean (deletes records of ended jobs)?"),
                line("submt", "gpuspool: unknown verb submt; did you mean submit?"),
                line(
                        "status --color alwys",
                        "gpuspool status: --color alwys; write auto, always or never (did you mean always?)"),
                line("gpus --color blue", "gpuspool gpus: --color blue; write auto, always or never"),
                line("--jsn", "gpuspool status: unknown option --jsn; did you mean --json?"),
                line("status more", "gpuspool status: too many words, from more on; see: gpuspool status --help"),
                line("status --spool", "gpuspool status: --spool has no value; write --spool DIR"),
                line(
                        "status --spool /proc",
                        "gpuspool status: /proc is not a spool: it has no format. Make one with: gpuspool init --spool /proc"),
                line("init there", "gpuspool init: too many words, from there on; see: gpuspool init --help"),
                line(
                        "init --spool HERE",
                        "gpuspool init: HERE is neither empty nor a spool: it holds a.sh. Nothing was changed. Name another directory with --spool, or an empty one."),
                line(
                        "watch --devices 0,gpu1",
                        "gpuspool watch: --devices: \"gpu1\" in \"0,gpu1\" names no GPU; write indices (0,1), UUIDs (GPU-…, MIG-…) or sim:N for N simulated GPUs"),
                line(
                        "watch --devices ''",
                        "gpuspool watch: --devices: devices has no value; write KEY=VALUE, such as grace=1m"),
                line(
                        "watch --devices 0,,1",
                        "gpuspool watch: --devices: \"\" in \"0,,1\" names no GPU; write indices (0,1), UUIDs (GPU-…, MIG-…) or sim:N for N simulated GPUs"),
                line(
                        "watch --devices sim:0",
                        "gpuspool watch: --devices: \"sim:0\" is no number of simulated GPUs; write sim:N with N from 1 to 1024, for example sim:4 for four simulated GPUs"),
                line(
                        "watch --devices 1,0,1",
                        "gpuspool watch: --devices: \"1\" stands twice in \"1,0,1\"; name each GPU once"),
                line(
                        "watch --devices 7",
                        "gpuspool watch: --devices: no GPU 7 here; there are 0 (AMD Instinct MI300X, GPU-00000000…), 1 (AMD Instinct MI300X, GPU-00000000…)"),
                line(
                        "watch --set devices=0,GPU-dead",
                        "gpuspool watch: --set devices=0,GPU-dead: no GPU-dead here; there are 0 (AMD Instinct MI300X, GPU-00000000…), 1 (AMD Instinct MI300X, GPU-00000000…)"),
                line(
                        "watch --devices GPU-00000000000000a",
                        "gpuspool watch: --devices: GPU-00000000000000a fits GPU-00000000000000a1 and GPU-00000000000000a2; write more of it"),
                line(
                        "watch --devices sim:1 --lock-dir HERE/a.sh",
                        "gpuspool watch: cannot use the lock directory HERE/a.sh: it is not a directory; make room or mend it, or name another one on this host: --lock-dir DIR"),
                line(
                        "watch --set grace",
                        "gpuspool watch: --set grace: grace has no value; write KEY=VALUE, such as grace=1m"),
                line("watch --set grace=5", "gpuspool watch: --set grace=5: 5 has no unit; write 5s, 5m or 5h"),
                line(
                        "watch --set grac=5s",
                        "gpuspool watch: --set grac=5s: unknown key \"grac\"; did you mean \"grace\"?"),
                line(
                        "watch --set grace=5s --set grace=6s",
                        "gpuspool watch: --set grace=6s: grace is given twice; give it once"),
                line(
                        "watch --set keep=0s",
                        "gpuspool watch: --set keep=0s: keep is zero; write a duration above zero, such as 30d"),
                line(
                        "watch --set host=a.b",
                        "gpuspool watch: --set host=a.b: host is needed by every command, not only by this one; set $GPUSPOOL_HOST, or write it in spool.toml"),
                line(
                        "add",
                        "gpuspool add: what is to run? Write: gpuspool add [OPTIONS] -- COMMAND, or name a script file"),
                line(
                        "add nowhere.sh",
                        "gpuspool add: there is no file nowhere.sh; to run a command, put -- before it: gpuspool add -- nowhere.sh"),
                line(
                        "add python train.py",
                        "gpuspool add: to run a command, put -- before it: gpuspool add -- python train.py"),
                line("add a.sh -- x", "gpuspool add: either a file or a command behind --, not both"),
                line(
                        "add t.toml -n 2",
                        "gpuspool add: t.toml: options do not go together with a TOML file; write them into it"),
                line("add -n two -- x", "gpuspool add: --gpus two: write a number, 0 to 1024"),
                line("add -n -1 -- x", "gpuspool add: --gpus -1: write a number, 0 to 1024"),
                line(
                        "add --gpus 0,1 -- x",
                        "gpuspool add: --gpus is how many, not which: 0,1; did you mean --devices 0,1?"),
                line("add --time 90 -- x", "gpuspool add: --time: 90 has no unit; write 90s, 90m or 90h"),
                line("add --time 0s -- x", "gpuspool add: --time 0s: write a duration above zero, such as 90m or 4h"),
                line("add --time 1h --time 2h -- x", "gpuspool add: --time is given twice; give it once"),
                line("add --walltime 4h -- x", "gpuspool add: unknown option --walltime; did you mean --time?"),
                line(
                        "add opts.sh --time 1h",
                        "gpuspool add: time is given here and in opts.sh, line 2; leave one of the two out"),
                line(
                        "add opts.sh -n 1 --env 1A=2",
                        "gpuspool add: \"1A\" is no name for an environment variable; use letters, digits and _, a digit not first\ngpuspool add: opts.sh:3:11: unknown key \"tiem\"; did you mean \"time\"?"),
                line("add --pin name -- x", "gpuspool add: --pin name: write uuid or index"),
                line(
                        "add --devices 0,x -- x",
                        "gpuspool add: --devices has \"x\", which names no GPU; write indices or UUIDs, such as 0,1"),
                line(
                        "add --gpu-type '' -- x",
                        "gpuspool add: --gpu-type '': write a part of a GPU's name, such as A100"),
                line(
                        "add --shell bin/sh -- x",
                        "gpuspool add: --shell \"bin/sh\" is a relative path; write an absolute path, or a name without /"),
                line(
                        "add --cwd ~/x -- x",
                        "gpuspool add: --cwd \"~/x\": ~ is not expanded here; write an absolute path"),
                line("add --env A=1 --env A=2 -- x", "gpuspool add: --env A is given twice; give it once"),
                line(
                        "add a.sh --env A='\"",
                        "gpuspool add: env.A \"'\"\" cannot stand in a #GPUSPOOL line; submit a TOML file, which holds any text"),
                line(
                        "add a.sh --env A=x\ntrue",
                        "gpuspool add: env.A \"x\\ntrue\" cannot stand in a #GPUSPOOL line; submit a TOML file, which holds any text"),
                line(
                        "add --grace soon -- x",
                        "gpuspool add: --grace: \"soon\" is not a duration; write for example 90s, 1h30m or 2d"),
                line(
                        "add --output both -- x",
                        "gpuspool add: --output both: write merged, split, or a path with a / in it, such as logs/%x.log"),
                line("add --env A -- x", "gpuspool add: --env A: write NAME=VALUE"),
                line(
                        "add --env 1A=2 -- x",
                        "gpuspool add: the command:5:1: \"1A\" is no name for an environment variable; use letters, digits and _, a digit not first"),
                line(
                        "add --name a/b -- x",
                        "gpuspool add: --name a/b: write 1 to 64 letters, digits, '.', '_' or '-', not beginning with '.' or '-'"),
                line(
                        "add --name '' -- x",
                        "gpuspool add: --name : write 1 to 64 letters, digits, '.', '_' or '-', not beginning with '.' or '-'"),
                line(
                        "add --cwd HERE/nowhere -- x",
                        "gpuspool add: there is no directory HERE/nowhere; make it, or name another with --cwd"),
                line("add --nmae x -- x", "gpuspool add: unknown option --nmae; did you mean --name?"),
                line(
                        "add HERE",
                        "gpuspool add: there is no file HERE; to run a command, put -- before it: gpuspool add -- HERE"),
                line("show", "gpuspool show: which one? Write: gpuspool show JOB"),
                line("show nobody", "gpuspool show: no job nobody in SPOOL; see: gpuspool status"),
                line("show a b", "gpuspool show: too many words, from b on; see: gpuspool show --help"),
                line("why", "gpuspool why: which one? Write: gpuspool why JOB"),
                line("why nobody", "gpuspool why: no job nobody in SPOOL; see: gpuspool status"),
                line("log nobody", "gpuspool log: no job nobody in SPOOL; see: gpuspool status"),
                line("wait nobody", "gpuspool wait: no job nobody in SPOOL; see: gpuspool status"),
                line("wait --timeout 5 ended", "gpuspool wait: --timeout: 5 has no unit; write 5s, 5m or 5h"),
                line("cancel", "gpuspool cancel: which one? Write: gpuspool cancel JOB"),
                line("cancel nobody", "gpuspool cancel: no job nobody in SPOOL; see: gpuspool status"),
                line("cancel ended", "gpuspool cancel: ended.1 has ended already; see: gpuspool show ended.1"),
                line("hold nobody", "gpuspool hold: no job nobody in SPOOL; see: gpuspool status"),
                line("hold ended", "gpuspool hold: ended.1 has ended already; see: gpuspool show ended.1"),
                line("release nobody", "gpuspool release: no job nobody in SPOOL; see: gpuspool status"),
                line("first held", "gpuspool first: held.job is held; put it back first: gpuspool release held"),
                line("last nobody", "gpuspool last: no job nobody in SPOOL; see: gpuspool status"),
                line("retry", "gpuspool retry: which jobs? Write their names, or --failed for all that failed"),
                line("retry nobody", "gpuspool retry: no job nobody in SPOOL; see: gpuspool status"),
                line(
                        "retry --failed ended",
                        "gpuspool retry: ended.1 is no sweep whose members could have failed; to run it again leave out --failed"),
                line(
                        "clean",
                        "gpuspool clean: which records? Write --older 30d, --keep 1000 or the names of jobs; or set keep in spool.toml"),
                line("clean --older 5", "gpuspool clean: --older: 5 has no unit; write 5s, 5m or 5h"),
                line(
                        "clean --keep -1",
                        "gpuspool clean: --keep -1: write how many of the newest records are to stay, 0 or more"),
                line(
                        "clean --all-runs",
                        "gpuspool clean: --all-runs: of which job? Write its name, or --older 0s for the records of all jobs"),
                line(
                        "clean ended --older 3d",
                        "gpuspool clean: names say which records go; leave out --older, --keep, --done and --failed, or the names"),
                line(
                        "clean queued",
                        "gpuspool clean: queued has not ended: it is queued; to end it: gpuspool cancel queued"),
                line(
                        "check",
                        "gpuspool check: which files? Write: gpuspool check FILE..., or gpuspool check --settings"),
                line(
                        "check nowhere.job",
                        "gpuspool check: there is no file nowhere.job; name job files that are there"),
                line(
                        "check --settings a.job",
                        "gpuspool check: --settings is about spool.toml; leave the files out, and use --example only together with it"),
                line("check --explain gpu", "gpuspool check: --explain: unknown key \"gpu\"; did you mean \"gpus\"?"),
                line(
                        "check --explain --settings",
                        "gpuspool check: --explain is about the keys of job files; leave out --settings and --example"),
                line("pause now", "gpuspool pause: too many words, from now on; see: gpuspool pause --help"),
                line("drain --timeout x", "gpuspool drain: unknown option --timeout; see: gpuspool drain --help"));
    }

    @ParameterizedTest
    @MethodSource("commandLines")
    void commandLine_isToldWhatIsWrong(String words, String message) throws IOException {
        Files.writeString(temp.resolve("a.sh"), "true\n");
        Files.writeString(temp.resolve("t.toml"), "command = 'x'\n");
        Files.writeString(temp.resolve("opts.sh"), "#!/bin/sh\n#GPUSPOOL time=4h\n#GPUSPOOL tiem=4h\ntrue\n");
        FakeAmd unused = FakeAmd.in(temp.resolve("machine")).card(0xa1).card(0xa2);
        spool.onMachine(temp.resolve("machine"));
        Files.writeString(spool.root.resolve("held/held.job"), "true\n");
        spool.queue("queued.job", "true\n");
        spool.done("ended.1");
        List<String> args = new ArrayList<>();
        for (String word : words.split(" ", -1)) {
            args.add(word.equals("''") ? "" : word.replace("HERE", temp.toString()));
        }
        CliSpool.Result result = spool.run(args.toArray(String[]::new));
        assertEquals(message, result.err().strip().replace(temp.toString(), "HERE"));
        assertTrue(result.status() != 0);
    }

    // ---- settings

    private static Arguments setting(String toml, String message) {
        return Arguments.of(toml, message);
    }

    static Stream<Arguments> settings() {
        return Stream.of(
                setting("grace = 5", "spool.toml:1:9: 5 has no unit; write \"5s\", \"5m\" or \"5h\", with the quotes"),
                setting("grac = '5s'", "spool.toml:1:1: unknown key \"grac\"; did you mean \"grace\"?"),
                setting(
                        "colour = 'red'",
                        "spool.toml:1:1: unknown key \"colour\"; the keys are devices, min_free_mem, ignore, keep_idle, collision, pin, hold, hold_percent, pick_lock, max_bypass, cpu_slots, weights, max_gpus_per_user, max_jobs_per_user, max_jobs_per_gpu, retry_delay, longest_retry_delay, max_sweep, notify, settle, settle_no_lease, settle_nfs, max_file_size, durability, shell, cwd, drop_env, output, grace, min_free_disk, keep, log_size, log_keep, history_size, lock_dir, host"),
                setting(
                        "poll_interval = 3",
                        "spool.toml:1:1: unknown key \"poll_interval\"; remove it: there is no polling: a dropped file raises an event"),
                setting(
                        "log_dir = '/x'",
                        "spool.toml:1:1: unknown key \"log_dir\"; remove it: a job's output lies in its own directory"),
                setting(
                        "grace = '5s'\ngrace = '6s'",
                        "spool.toml:2:1: this key is there already; remove one of the two"),
                setting("grace 5s", "spool.toml:1:6: no \"=\" after the key; write key = value"),
                setting("hosts = 3", "spool.toml:1:1: hosts is an integer; write [hosts.NAME] and its keys below it"),
                setting(
                        "[hosts]\nbox = 3",
                        "spool.toml:2:1: hosts.box is an integer; write [hosts.NAME] and its keys below it"),
                setting(
                        "[hosts.'a.b']\ngrace = '5s'",
                        "spool.toml:1:8: \"a.b\" is the name of no host; write the part before the first dot"),
                setting(
                        "[hosts.other]\ngrace = 5",
                        "spool.toml:2:9: 5 has no unit; write \"5s\", \"5m\" or \"5h\", with the quotes"),
                setting(
                        "devices = 'gpu1'",
                        "spool.toml:1:11: \"gpu1\" in \"gpu1\" names no GPU; write indices (0,1), UUIDs (GPU-…, MIG-…) or sim:N for N simulated GPUs"),
                setting(
                        "devices = 3",
                        "spool.toml:1:11: devices is an integer; write a list, such as \"0,1\" or \"sim:4\""),
                setting("settle = '2h'", "spool.toml:1:10: settle is too long; write a duration, 0s to 1h"),
                setting(
                        "settle_no_lease = 'soon'",
                        "spool.toml:1:19: \"soon\" is not a duration; write for example 90s, 1h30m or 2d"),
                setting("settle_nfs = true", "spool.toml:1:14: settle_nfs is a boolean; write a duration, 0s to 1h"),
                setting(
                        "max_file_size = 5",
                        "spool.toml:1:17: 5 has no unit; write \"5MiB\" or \"5GiB\", with the quotes"),
                setting(
                        "max_file_size = '1B'",
                        "spool.toml:1:17: max_file_size is too small; write a size, 1KiB to 64MiB"),
                setting(
                        "max_file_size = '1 elephant'",
                        "spool.toml:1:17: \"1 elephant\" is not a size; write for example 512MiB, 1GiB or 20GB"),
                setting("durability = 'slow'", "spool.toml:1:14: durability is \"slow\"; write \"full\" or \"fast\""),
                setting(
                        "shell = []",
                        "spool.toml:1:9: shell is empty; write a program and its options, such as \"bash -e\""),
                setting("cwd = 'x'", "spool.toml:1:7: cwd \"x\" is relative; write an absolute path"),
                setting(
                        "drop_env = ['A*B']",
                        "spool.toml:1:12: drop_env has \"A*B\", which is no name of a variable; write names, such as [\"SSH_AUTH_SOCK\", \"AWS_*\"]"),
                setting(
                        "drop_env = 3",
                        "spool.toml:1:12: drop_env is an integer; write names, such as [\"SSH_AUTH_SOCK\", \"AWS_*\"]"),
                setting("output = 'both'", "spool.toml:1:10: output is \"both\"; write \"merged\" or \"split\""),
                setting("min_free_disk = '5'", "spool.toml:1:17: 5 has no unit; write 5MiB or 5GiB; 5B is bytes"),
                setting("keep = '0s'", "spool.toml:1:8: keep is zero; write a duration above zero, such as 30d"),
                setting("log_size = '1B'", "spool.toml:1:12: log_size is too small; write a size, 1KiB to 64GiB"),
                setting("log_keep = -1", "spool.toml:1:12: log_keep is -1; write an integer, 0 to 1000"),
                setting("log_keep = 'x'", "spool.toml:1:12: log_keep is the string \"x\"; write an integer, 0 to 1000"),
                setting(
                        "history_size = '1e3'",
                        "spool.toml:1:16: \"1e3\" is not a size; write for example 512MiB, 1GiB or 20GB"),
                setting("lock_dir = 'x'", "spool.toml:1:12: lock_dir \"x\" is relative; write an absolute path"),
                setting("host = 'a.b'", "spool.toml:1:8: host is \"a.b\"; write 1 to 63 letters, digits or -"),
                setting("host = ''", "spool.toml:1:8: host is \"\"; write 1 to 63 letters, digits or -"),
                setting("host = \"\\u0000\"", "spool.toml:1:8: host has a NUL character; remove it"));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void setting_isToldWhatIsWrong(String toml, String message) {
        assertEquals(message, settingMessages(toml));
    }

    private static String settingMessages(String toml) {
        SettingsReader reader = new SettingsReader(Map.of(), List.<SettingOption>of(), "box");
        List<String> texts = reader.read(toml.getBytes(StandardCharsets.UTF_8)).mistakes().stream()
                .map(mistake -> mistake.text())
                .toList();
        return String.join("\n", texts);
    }

    // ---- requests

    static Stream<Arguments> requests() {
        return Stream.of(
                Arguments.of("puase", "not a request: did you mean pause?"),
                Arguments.of(
                        "restart",
                        "not a request: control/ knows pause, drain, let-go, FILE.first, such as exp1.job.first, and CARD.ok"),
                Arguments.of(
                        "nobody.job.first",
                        "no such file lies in incoming/; its whole name is meant, as in exp1.job.first"),
                Arguments.of("held.job.first", "its file lies in held/; move it to incoming/ first"),
                Arguments.of("GPU-5f.ok", "it fits several cards in quarantine; write more of the name"),
                Arguments.of("GPU-9a.ok", "that card is in no quarantine; hosts/*/quarantine names those that are"),
                Arguments.of("GPU-77.ok", "no such card; hosts/*/gpus names all there are"));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void request_isToldWhyItIsRefused(String name, String message) {
        Control.Cards cards = new Control.Cards(Set.of("GPU-5f0c", "GPU-5f77"), Set.of("GPU-9a"), Set.of(), Set.of());
        Control.Verdict verdict = Control.judge(
                name, file -> file.equals("held.job") ? Control.Place.HELD : Control.Place.NOWHERE, () -> cards);
        assertEquals(new Control.Refuse(message), verdict);
    }

    // ---- all of them

    /** Every row there is: input → message. */
    private static Map<String, String> all() {
        Map<String, String> all = new LinkedHashMap<>();
        List<Stream<Arguments>> tables = List.of(
                commandLines(),
                settings(),
                requests(),
                BadScriptTest.oneMistake(),
                BadTomlTest.syntax(),
                BadTomlTest.values(),
                BadKeyTest.inToml(),
                BadKeyTest.inLines());
        int table = 0;
        for (Stream<Arguments> rows : tables) {
            String kind = ++table + " ";
            rows.forEach(row -> all.put(kind + row.get()[0], (String) row.get()[1]));
        }
        return all;
    }

    @Test
    void everyMessage_namesARemedy() {
        Set<String> without = new TreeSet<>();
        all().forEach((input, message) -> {
            for (String line : message.split("\n", -1)) {
                if (!REMEDY.matcher(line).find()) {
                    without.add(line);
                }
            }
        });
        assertEquals(Set.of(), without);
        assertTrue(all().size() > 150, all().size() + " rows");
    }

    @Test
    void differentMistakes_earnDifferentWords() {
        Map<String, Set<String>> inputs = new HashMap<>();
        all().forEach((input, message) ->
                inputs.computeIfAbsent(message, m -> new TreeSet<>()).add(input));
        Set<String> shared = new TreeSet<>();
        inputs.forEach((message, by) -> {
            if (by.size() > 1 && !ONE_MISTAKE.contains(message.replaceFirst("^[0-9]+:[0-9]+: ", ""))) {
                shared.add(message + " <- " + by);
            }
        });
        assertEquals(Set.of(), shared);
    }
}
