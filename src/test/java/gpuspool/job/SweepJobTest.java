package gpuspool.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SweepJobTest {
    private static final String GROUP = "exp1.1.box";

    private static SweepFile sweep(String name, String text) {
        return JobReader.readSweep(name, text.getBytes(StandardCharsets.UTF_8), JobFiles.DEFAULTS)
                .orElseThrow(() -> new AssertionError(JobFiles.messages(name, JobFiles.read(name, text))));
    }

    private static String memberText(SweepFile sweep, int number) {
        return new String(sweep.member(GROUP, number), StandardCharsets.UTF_8);
    }

    /** A member as the watcher that claims it understands it. */
    private static JobSpec member(SweepFile sweep, int number) {
        return JobFiles.valid("exp1-00001.toml", memberText(sweep, number));
    }

    private static List<Map<String, String>> all(SweepFile sweep) {
        List<Map<String, String>> values = new ArrayList<>();
        for (int number = 1; number <= sweep.members(); number++) {
            values.add(member(sweep, number).member().orElseThrow().values());
        }
        return values;
    }

    private static final String COMMAND = "command = 'train {lr} {seed}'\n";

    @Test
    void grid_isCountedWithTheLastParameterFastest() {
        SweepFile sweep = sweep("a.toml", COMMAND + "[sweep]\nlr = [0.1, 0.01]\nseed = '1..3'\n");
        List<String> scripts = new ArrayList<>();
        for (int number = 1; number <= sweep.members(); number++) {
            scripts.add(JobFiles.text(member(sweep, number).script()).strip());
        }
        assertEquals(
                List.of("train 0.1 1", "train 0.1 2", "train 0.1 3", "train 0.01 1", "train 0.01 2", "train 0.01 3"),
                scripts);
    }

    @Test
    void values_standAsTheyAreWritten() {
        SweepFile sweep = sweep(
                "a.toml",
                COMMAND + "[sweep]\nlr = [0.10, 1e-3 , 1_000, true, 'a, \"b\"', +7, 0x1F, # a comment\n inf]\n");
        List<String> written =
                all(sweep).stream().map(values -> values.get("lr")).toList();
        assertEquals(List.of("0.10", "1e-3", "1_000", "true", "a, \"b\"", "+7", "0x1F", "inf"), written);
    }

    @Test
    void ranges_haveBothEndsAndSteps() {
        SweepFile sweep = sweep("a.toml", COMMAND + "[sweep]\nx = '-1..1'\ny = '1..9..4'\nz = '3..1..-2'\n");
        assertEquals(3 * 3 * 2, sweep.members());
        assertEquals(Map.of("x", "-1", "y", "1", "z", "3"), all(sweep).get(0));
        assertEquals(Map.of("x", "1", "y", "9", "z", "1"), all(sweep).get(17));
    }

    @Test
    void sample_drawsEachCombinationAtMostOnceAndTheSameAgain() {
        String text = COMMAND + "[sweep]\nsample = 200\nsample_seed = %d\na = '1..20'\nb = '1..50'\n";
        List<Map<String, String>> drawn = all(sweep("a.toml", text.formatted(1)));
        assertEquals(200, new HashSet<>(drawn).size());
        assertEquals(drawn, all(sweep("a.toml", text.formatted(1))));
        assertTrue(!drawn.equals(all(sweep("a.toml", text.formatted(2)))));
        Set<String> firsts = new HashSet<>();
        drawn.forEach(values -> firsts.add(values.get("a")));
        assertTrue(firsts.size() > 15, () -> "drawn from a corner: " + firsts);
    }

    @Test
    void sampleOfMoreThanThereAre_isAllOfThemInOrder() {
        SweepFile sweep = sweep("a.toml", COMMAND + "[sweep]\nsample = 20\na = '1..3'\n");
        assertEquals(List.of(Map.of("a", "1"), Map.of("a", "2"), Map.of("a", "3")), all(sweep));
    }

    @Test
    void permutation_ofAnySizeIsOne() {
        for (long limit : new long[] {1, 2, 3, 4, 5, 16, 17, 1000}) {
            Permutation permutation = new Permutation(limit, 42);
            Set<Long> found = new HashSet<>();
            for (long i = 0; i < limit; i++) {
                found.add(permutation.at(i));
            }
            assertEquals(limit, found.size());
            assertTrue(found.stream().allMatch(number -> number >= 0 && number < limit));
        }
        Permutation huge = new Permutation(Long.MAX_VALUE, 1);
        assertTrue(huge.at(0) >= 0 && huge.at(0) != huge.at(1));
    }

    @Test
    void member_hasAllElseOfTheSweep_andItsValuesWhereTheyAreMeant() {
        String text = """
                command = ["train", "{lr}", "${lr}", "{other}", "{ lr }"]
                gpus = 2
                time = "4h"
                cwd = "/data/{lr}"
                devices = ["0", "1"]

                [env]
                RATE = "is {lr}"
                TRICK = "a\\tb\\"c\\\\"

                [sweep]
                max_parallel = 3
                lr = ["{lr}"]
                """;
        JobSpec member = member(sweep("a.toml", text), 1);
        assertEquals("#!/bin/sh\nexec 'train' '{lr}' '${lr}' '{other}' '{ lr }'\n", JobFiles.text(member.script()));
        assertEquals(2, member.gpus());
        assertEquals("/data/{lr}", member.cwd().orElseThrow());
        assertEquals(Map.of("RATE", "is {lr}", "TRICK", "a\tb\"c\\"), member.env());
        assertEquals(List.of("0", "1"), member.cards().devices());
        assertTrue(member.sweep().isEmpty());
        assertEquals(
                Map.of("GPUSPOOL_SWEEP_LR", "{lr}", "GPUSPOOL_SWEEP_NUMBER", "1", "GPUSPOOL_GROUP", GROUP),
                member.member().orElseThrow().environment());
    }

    @Test
    void script_becomesTheMembersCommandWithItsOptionLines() {
        String text = """
                #!/usr/bin/env python3
                #GPUSPOOL gpus=0 env.RATE={lr} sweep.lr=0.1,0.01
                #GPUSPOOL sweep.seed=1..5 sweep.sample=3
                print("\""{lr} \\ 'x' ${lr} {y}\""")
                """;
        SweepFile sweep = sweep("a.job", text);
        assertEquals(3, sweep.members());
        JobSpec member = member(sweep, 2);
        String rate = member.member().orElseThrow().values().get("lr");
        assertEquals(List.of("/usr/bin/env", "python3"), member.interpreter());
        assertEquals(0, member.gpus());
        assertEquals(Map.of("RATE", rate), member.env());
        String expected = text.replace("${lr}", "@").replace("{lr}", rate).replace("@", "${lr}");
        assertEquals(expected, JobFiles.text(member.script()));
    }

    @Test
    void scriptOfAnyBytes_isTheSameInAMember() {
        String text = "#GPUSPOOL sweep.a=1\necho \"\"\"\"x\"\"\r\t\u0001\\u0041\\\n\"";
        assertEquals(text + "\n", JobFiles.text(member(sweep("a.job", text), 1).script()));
        String toml = "command = '''\n\"\"\"{a}\"\\'''\n[sweep]\na=1\n".replace("a=1", "a = ['\"']");
        assertEquals(
                "\"\"\"\"\"\\\n", JobFiles.text(member(sweep("a.toml", toml), 1).script()));
    }

    @Test
    void taskOfAnArray_isToldUnderItsOwnName() {
        Member member = new Member(GROUP, 7, Map.of(Member.TASK, "9"));
        assertEquals("9", member.environment().get("SLURM_ARRAY_TASK_ID"));
        assertEquals(GROUP, member.environment().get("SLURM_ARRAY_JOB_ID"));
        assertEquals("7", member.environment().get("GPUSPOOL_SWEEP_NUMBER"));
    }

    @Test
    void waitingForOthers_isTheSweepsOwnAndNotItsMembers() {
        JobSpec spec = JobFiles.valid("a.toml", "command = 'x'\nsweep.a = [1]\n");
        Value word = new Value.Text("x", Place.START);
        SweepFile sweep = new SweepFile(
                Map.of(JobKey.COMMAND, word, JobKey.BEGIN, word, JobKey.AFTER, word, JobKey.AFTER_ANY, word), spec);
        assertTrue(
                !memberText(sweep, 1).contains("begin") && !memberText(sweep, 1).contains("after"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void wrongTable_isToldWhatAndWhere(String table, String message) {
        String text = COMMAND + table;
        assertEquals(List.of("a.toml:" + message), JobFiles.messages("a.toml", JobFiles.read("a.toml", text)));
    }

    /** Table → message. */
    public static Stream<Arguments> wrong() {
        String list = "; write a list, such as [0.1, 0.01], or a range, such as \"1..5\"";
        return Stream.of(
                arguments("sweep = 3", "2:9: sweep is an integer; write a table of lists, such as lr = [0.1, 0.01]"),
                arguments("[sweep]", "2:2: sweep has no parameter; write a table of lists, such as lr = [0.1, 0.01]"),
                arguments(
                        "[[sweep]]\nlr = 1",
                        "2:3: sweep is an array; write a table of lists, such as lr = [0.1, 0.01]"),
                arguments("sweep.lr = 1", "2:12: lr is an integer" + list),
                arguments("sweep.lr = []", "2:12: lr is an empty list: that makes no job at all" + list),
                arguments(
                        "sweep.lr = [1, [2]]",
                        "2:16: element 2 of lr is an array; write a number, a string or a boolean"),
                arguments("sweep.lr = [\"a\\u0000\"]", "2:13: element 1 of lr has a NUL character; remove it"),
                arguments(
                        "sweep.lr = '1-5'",
                        "2:12: lr is \"1-5\", which is no range of whole numbers; write for example \"1..5\", or \"1..9..2\" for each second one"),
                arguments(
                        "sweep.lr = '5..1'",
                        "2:12: the range \"5..1\" has no number in it; write \"1..5\", or a step that leads there, such as \"5..1..-1\""),
                arguments(
                        "sweep.lr = '1..5..0'",
                        "2:12: the range \"1..5..0\" never comes to its end; write a step that is not 0"),
                arguments(
                        "sweep.lr = '1..9000000000'",
                        "2:12: the range \"1..9000000000\" has 9000000000 numbers; write one of at most 1000000000"),
                arguments(
                        "sweep.'a-b' = [1]",
                        "2:15: \"a-b\" is no name for a parameter; use at most 64 letters, digits and _, a digit not first"),
                arguments(
                        "[sweep]\nlr = [1]\nLR = [2]",
                        "4:6: the parameters lr and LR would both be GPUSPOOL_SWEEP_LR; call one of them something else"),
                arguments(
                        "sweep.number = [1]",
                        "2:16: a parameter called number would hide GPUSPOOL_SWEEP_NUMBER, the member's number; call it something else"),
                arguments("[sweep]\nsample = 0\nlr = [1]", "3:10: sample is 0; write an integer, 1 to 2147483647"),
                arguments(
                        "[sweep]\nmax_parallel = 'x'\nlr = [1]",
                        "3:16: max_parallel is the string \"x\"; write an integer, 1 to 1000000"),
                arguments(
                        "[sweep]\na = '1..101'\nb = '1..100'",
                        "2:2: sweep is 10100 jobs; at most 10000 are allowed (max_sweep); shorten a list, or write sample = 100 for so many at random"),
                arguments(
                        "[sweep]\nsample = 10001\na = '1..101'\nb = '1..100'",
                        "2:2: sweep is 10001 jobs; at most 10000 are allowed (max_sweep); ask for fewer"),
                arguments(
                        "[sweep]\nsample = 1\na = '1..1000000000'\nb = '1..1000000000'\nc = '1..1000000000'",
                        "2:2: sweep is more than 9223372036854775807 jobs; at most 10000 are allowed (max_sweep); ask for fewer"),
                arguments(
                        "[sweep]\na = [1]\n[member]\ngroup = 'a.1.box'\nnumber = 1",
                        "2:2: a member of a sweep cannot be a sweep itself; remove sweep, or member"),
                arguments(
                        "[member]\ngroup = 'a'\nnumber = 1",
                        "2:2: member is not as gpuspool writes it (\"group or number\"); remove it: a sweep makes its members by itself"),
                arguments(
                        "[member]\nvalues.a = 1",
                        "2:2: member is not as gpuspool writes it (\"a\"); remove it: a sweep makes its members by itself"),
                arguments("member = 1", "2:10: member is an integer; write nothing: it is made by gpuspool"));
    }

    @ParameterizedTest
    @MethodSource("wrongOptions")
    void wrongOption_isToldWhatAndWhere(String options, String message) {
        String text = "#GPUSPOOL " + options + "\nls\n";
        assertEquals(List.of("a.job:1:" + message), JobFiles.messages("a.job", JobFiles.read("a.job", text)));
    }

    /** Options → message. */
    public static Stream<Arguments> wrongOptions() {
        return Stream.of(
                arguments("sweep=3", "11: sweep needs a name; write sweep.lr=0.1,0.01 or sweep.seed=1..5"),
                arguments("member=3", "11: member is written by gpuspool itself; remove it"),
                arguments(
                        "sweep.sample=3",
                        "11: sweep has no parameter; write a table of lists, such as lr = [0.1, 0.01]"),
                arguments(
                        "sweep.lr=1 sweep.sample=x",
                        "35: sample is the string \"x\"; write an integer, 1 to 2147483647"),
                arguments(
                        "sweep.lr=1..x",
                        "20: lr is \"1..x\", which is no range of whole numbers; write for example \"1..5\", or \"1..9..2\" for each second one"),
                arguments("sweep.lr=1 sweep.lr=2", "22: sweep.lr is given twice; remove it here or in line 1"));
    }

    @Test
    void scriptThatIsNotUtf8_cannotBeASweep() {
        byte[] bytes = "#GPUSPOOL sweep.a=1\necho @\n".getBytes(StandardCharsets.ISO_8859_1);
        bytes[bytes.length - 2] = (byte) 0xe9;
        assertEquals(
                List.of("a.job:1:11: a script with a sweep must be UTF-8, and this one is not; save it as UTF-8"),
                JobFiles.messages("a.job", JobReader.read("a.job", bytes, JobFiles.DEFAULTS)));
    }

    @Test
    void directoryInBraces_isAbsoluteWithItsValue() {
        SweepFile sweep = sweep("a.toml", "command = 'x'\ncwd = '{d}/x'\nsweep.d = ['/a']\n");
        assertEquals("/a/x", member(sweep, 1).cwd().orElseThrow());
        assertEquals(
                List.of("a.toml:2:7: cwd \"{d}/x\" is relative; write an absolute path"),
                JobFiles.messages("a.toml", JobFiles.read("a.toml", "command = 'x'\ncwd = '{d}/x'\n")));
    }

    @Test
    void listOfPathsInAnOption_isNoRange() {
        SweepFile sweep = sweep("a.job", "#GPUSPOOL sweep.d=../a,/b/..,x sweep.e=../a\nls\n");
        assertEquals(Map.of("d", "../a", "e", "../a"), all(sweep).get(0));
        assertEquals(3, sweep.members());
    }
}
