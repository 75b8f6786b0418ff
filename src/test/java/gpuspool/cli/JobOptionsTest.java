package gpuspool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.job.JobDefaults;
import gpuspool.job.JobFile;
import gpuspool.job.JobFlag;
import gpuspool.job.JobKey;
import gpuspool.job.JobReader;
import gpuspool.job.JobSpec;
import gpuspool.job.KeyText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Model.CommandSpec;

/** The options of {@code add} are the keys of job files, and what they say arrives. */
class JobOptionsTest {
    @TempDir
    private Path directory;

    private CliSpool spool;

    @BeforeEach
    void makeSpool() throws IOException {
        spool = new CliSpool(directory);
        Files.writeString(directory.resolve("go.sh"), "true\n");
    }

    @Test
    void options_areTheKeysAndNothingElse() {
        CommandSpec spec = CommandLines.commandLine(
                        VerbTable.ADD, VerbTable.ADD.make(Invocation.ofProcess()), Invocation.ofProcess())
                .getCommandSpec();
        TreeSet<String> options = new TreeSet<>();
        spec.options().forEach(option -> options.addAll(List.of(option.names())));
        TreeSet<String> expected = new TreeSet<>(List.of("-n", "-G", "--host", "--name", "--spool", "-h", "--help"));
        Stream.of(JobKey.values())
                .filter(key -> key.isForPeople() && key != JobKey.COMMAND)
                .forEach(key -> expected.add("--" + key.key().replace('_', '-')));
        assertEquals(expected, options);
    }

    static List<JobFlag> flags() {
        return JobFlag.all();
    }

    @ParameterizedTest
    @MethodSource("flags")
    void exampleOfEveryKey_arrivesInACommandAndInAScript(JobFlag flag) throws IOException {
        String example = flag.key().example();
        Files.createDirectories(directory.resolve("data"));
        String value = flag.key() == JobKey.CWD
                ? directory.resolve("data").toString()
                : flag.key() == JobKey.ERROR ? directory.resolve(example).toString() : example;
        if (flag.key() != JobKey.SHELL) { // A command behind -- runs without one.
            add(flag, value, "--name", "word", "--", "true");
            assertArrives(flag, "word.toml", value);
        }
        add(flag, value, "go.sh");
        assertArrives(flag, "go.job", value);
    }

    /** What a key is of no use without, as in TOML. */
    private static final Map<JobKey, List<String>> NEEDS =
            Map.of(JobKey.RETRY_ON, List.of("retries", "2"), JobKey.SIGNAL, List.of("time", "1h"));

    private void add(JobFlag flag, String value, String... what) throws IOException {
        List<String> words = new ArrayList<>(List.of("add", flag.name(), value));
        List<String> needs = NEEDS.getOrDefault(flag.key(), List.of());
        if (!needs.isEmpty()) {
            words.addAll(List.of("--" + needs.get(0), needs.get(1)));
        }
        words.addAll(List.of(what));
        spool.run(words.toArray(String[]::new));
    }

    private static String needed(JobKey key) {
        List<String> needs = NEEDS.getOrDefault(key, List.of());
        return needs.isEmpty()
                ? ""
                : needs.get(0) + " = " + (needs.get(1).matches("[0-9]+") ? needs.get(1) : "'" + needs.get(1) + "'")
                        + "\n";
    }

    private void assertArrives(JobFlag flag, String file, String value) throws IOException {
        JobSpec got =
                read(file, Files.readAllBytes(spool.root.resolve("incoming").resolve(file)));
        String toml = flag.key() == JobKey.CWD || flag.key() == JobKey.ERROR
                ? flag.key().key() + " = " + KeyText.tomlString(value)
                : KeyText.exampleInToml(flag.key());
        JobSpec asked =
                read("a.toml", ("command = 'true'\n" + needed(flag.key()) + toml).getBytes(StandardCharsets.UTF_8));
        JobSpec silent = read("a.toml", ("command = 'true'\n" + needed(flag.key())).getBytes(StandardCharsets.UTF_8));
        assertTrue(!facts(asked, true).equals(facts(silent, true)), "the example changes something");
        assertEquals(facts(asked, flag.key() == JobKey.CWD), facts(got, flag.key() == JobKey.CWD));
    }

    private static JobSpec read(String name, byte[] bytes) {
        JobFile read = JobReader.read(name, bytes, new JobDefaults(List.of("/bin/sh")));
        return ((JobFile.Valid) read).spec();
    }

    /** All that is asked for but what runs; and where only where that was asked, for a command runs where it was typed. */
    private static List<Object> facts(JobSpec spec, boolean withPlace) {
        return List.of(
                spec.interpreter().size() > 1 ? spec.interpreter() : "",
                spec.gpus(),
                spec.cards(),
                withPlace ? spec.cwd() : Optional.empty(),
                spec.env(),
                spec.output(),
                spec.telling(),
                spec.time(),
                spec.grace(),
                spec.turn(),
                spec.runs(),
                spec.sweep());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " a  b ",
                "a,b",
                "a\"b",
                "it's",
                "a=b",
                "$HOME ${X} `x`",
                "\\n \\",
                "#x",
                "gr\u00f6\u00dfe",
                "a\tb"
            })
    void anyText_arrivesAsItIs(String text) throws IOException {
        spool.run("add", "--env", "A=" + text, "--name", "word", "--", "true");
        spool.run("add", "--env", "A=" + text, "go.sh");
        for (String file : List.of("word.toml", "go.job")) {
            JobSpec got =
                    read(file, Files.readAllBytes(spool.root.resolve("incoming").resolve(file)));
            assertEquals(Map.of("A", text), got.env(), file);
        }
    }

    @Test
    void textThatNoLineHolds_neverBecomesPartOfTheScript() throws IOException {
        for (String text : List.of("A=x\nrm -r data", "A=it's \"x\"", "A\nB=x", "A B=x")) {
            CliSpool.Result result = spool.run("add", "--env", text, "go.sh");
            assertEquals(2, result.status(), text);
            assertTrue(result.err().contains("cannot stand in a #GPUSPOOL line"), result.err());
        }
        assertEquals(
                0, spool.run("add", "--env", "A=it's \"x\"\n", "--", "true").status());
    }

    @Test
    void listsGivenOneByOne_areOneList() throws IOException {
        spool.run("add", "--devices", "0", "--devices", "1,2", "--", "true");
        String toml = Files.readString(spool.root.resolve("incoming/true.toml"));
        assertTrue(toml.contains("devices = [\"0\", \"1\", \"2\"]\n"), toml);
    }
}
