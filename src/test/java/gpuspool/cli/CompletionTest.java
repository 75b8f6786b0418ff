package gpuspool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What real shells offer, asked with the texts that {@code gpuspool completion} prints. */
class CompletionTest {
    private static final String DONE = "== done";

    @TempDir
    Path directory;

    private CliSpool spool;

    @BeforeEach
    void makeSpool() throws IOException {
        spool = new CliSpool(directory);
        for (String name : List.of(
                "exp1.job",
                "exp2.toml",
                "a b.job",
                "$(touch PWNED).job",
                "x:y.job",
                "-n.job",
                ".h.job",
                "notes",
                "it's.job")) {
            spool.queue(name, "true\n");
        }
        Files.writeString(spool.root.resolve("held/parked.job"), "true\n");
        spool.jobDir("running", "runs.1", "started", "", "");
        spool.done("exp1.1");
        spool.failed("exp1.2", 1);
        Files.createDirectory(spool.root.resolve("done/$(id).1.x"));
    }

    private static boolean isInstalled(String program) {
        return Stream.of("/bin/", "/usr/bin/").anyMatch(place -> Files.isExecutable(Path.of(place + program)));
    }

    /** What a script says that goes on behind the completions of its shell. */
    private String ask(List<String> shell, String script) throws Exception {
        Files.writeString(
                directory.resolve("completion"),
                spool.run("completion", shell.get(0)).out());
        List<String> command = new ArrayList<>(shell);
        command.add(Files.writeString(directory.resolve("script"), script + "\necho '" + DONE + "'\n")
                .toString());
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("said").toFile());
        builder.environment().put("GPUSPOOL_SPOOL", spool.root.toString());
        builder.environment().put("LC_ALL", "C.UTF-8");
        Process process = builder.start();
        process.getOutputStream().close();
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        String said = Files.readString(directory.resolve("said"), StandardCharsets.UTF_8);
        assertTrue(said.endsWith(DONE + "\n"), said);
        assertFalse(Files.exists(directory.resolve("PWNED")), "a name was carried out");
        return said.substring(0, said.length() - DONE.length() - 1);
    }

    /** @param words of the line, each as bash splits it; the last is the one to complete */
    private Set<String> bash(String... words) throws Exception {
        StringBuilder script = new StringBuilder("source ./completion\nCOMP_WORDS=(gpuspool");
        for (String word : words) {
            script.append(" '").append(word.replace("'", "'\\''")).append("'");
        }
        script.append(")\nCOMP_CWORD=").append(words.length).append("\n_gpuspool\n");
        script.append("for one in \"${COMPREPLY[@]}\"; do printf '%s\\n' \"$one\"; done\n");
        return new TreeSet<>(
                ask(List.of("bash", "--norc"), script.toString()).lines().toList());
    }

    @Test
    void bash_offersVerbsAndOptionsWithTheirValues() throws Exception {
        assertEquals(Set.of("status"), bash("st"));
        assertEquals(Set.of("submit"), bash("sub"));
        assertEquals(Set.of("--color"), bash("status", "--co"));
        assertEquals(Set.of("auto", "always", "never"), bash("status", "--color", ""));
        assertEquals(Set.of("auto", "always"), bash("status", "--color", "=", "a"));
        assertEquals(Set.of("never"), bash("--color", "n"), "without a verb it is status");
        assertEquals(Set.of("uuid", "index"), bash("add", "--pin", ""));
        assertEquals(Set.of("grace="), bash("watch", "--set", "gr"));
        assertEquals(Set.of("gpus", "gpu_type", "gpu_mem"), bash("check", "--explain", "gpu"));
        assertEquals(Set.of("bash", "zsh", "fish"), bash("completion", ""));
        assertTrue(bash("add", "--", "bas").contains("bash"), "a command");
        assertEquals(Set.of(), bash("frobnicate", ""));
    }

    @Test
    void bash_offersTheJobsThatAVerbIsFor() throws Exception {
        assertEquals(
                Set.of("exp1", "exp2", "a\\ b.job", "\\$\\(touch\\ PWNED\\).job", "x\\:y.job", "it\\'s.job"),
                bash("hold", ""));
        assertEquals(Set.of("parked"), bash("release", ""));
        assertEquals(Set.of("runs.1", "exp1.1", "exp1.2"), bash("log", ""));
        assertEquals(Set.of("exp1.1", "exp1.2"), bash("retry", "exp1"));
        assertEquals(Set.of("exp1"), bash("hold", "exp2", "exp1"));
        assertEquals(Set.of("a\\ b.job"), bash("hold", "a\\ "));
        assertEquals(Set.of("a b.job"), bash("hold", "'a"), "the line editor quotes it");
        assertEquals(Set.of("\\$\\(touch\\ PWNED\\).job"), bash("hold", "$"));
        assertEquals(Set.of("x\\:y.job"), bash("hold", "x\\:"));
        assertEquals(Set.of("exp1", "exp2", "exp1.1", "exp1.2"), bash("add", "--after", "ex"));
    }

    @Test
    void bash_looksIntoTheSpoolThatTheLineNames() throws Exception {
        Path other = Files.createDirectories(directory.resolve("other one/incoming"));
        Files.writeString(other.resolve("else.job"), "true\n");
        Files.writeString(other.resolve("new\nline.job"), "true\n");
        assertEquals(Set.of("else", "$'new\\nline.job'"), bash("hold", "--spool", directory + "/other\\ one", ""));
        assertEquals(Set.of("else"), bash("hold", "--spool", "=", "'" + directory + "/other one'", "e"));
        assertEquals(Set.of("else"), bash("hold", "--spool", "$PWD/other\\ one", "e"));
        assertEquals(Set.of(), bash("hold", "--spool", "$(touch PWNED)", ""));
        assertEquals(Set.of(), bash("hold", "--spool", "/nonexistent", ""));
    }

    @Test
    void zsh_offersTheSame() throws Exception {
        assumeTrue(isInstalled("zsh"), "zsh");
        String script = """
                compadd() { [[ ${@[-2]} == -a ]] && print -rl -- $names }
                _describe() { print -rl -- ${(P)@[-1]} }
                _files() { print files }
                compset() { PREFIX=${PREFIX#*=} }
                source ./completion
                ask() { words=(gpuspool "$@"); CURRENT=$#words; PREFIX=$words[-1]; _gpuspool; print -- -- }
                ask hold ''
                ask log --spool "'$GPUSPOOL_SPOOL'" ''
                ask status --color=a
                ask watch --lock-dir ''
                ask status --w
                """;
        List<String> said = ask(List.of("zsh", "-f"), script).lines().toList();
        List<List<String>> answers = new ArrayList<>(List.of(new ArrayList<>()));
        for (String line : said) {
            if (line.equals("--")) {
                answers.add(new ArrayList<>());
            } else {
                answers.get(answers.size() - 1).add(line);
            }
        }
        assertEquals(
                Set.of("exp1", "exp2", "a b.job", "$(touch PWNED).job", "x:y.job", "it's.job"),
                Set.copyOf(answers.get(0)));
        assertEquals(Set.of("runs.1", "exp1.1", "exp1.2"), Set.copyOf(answers.get(1)));
        assertEquals(List.of("auto", "always", "never"), answers.get(2));
        assertEquals(List.of("files"), answers.get(3));
        assertTrue(answers.get(4).stream().anyMatch(option -> option.startsWith("--watch:show it anew")), "options");
    }

    @Test
    void fish_offersTheSame() throws Exception {
        assumeTrue(isInstalled("fish"), "fish");
        String script = """
                source ./completion
                complete -C 'gpuspool hold '
                echo ===
                complete -C "gpuspool log --spool $GPUSPOOL_SPOOL r"
                echo ===
                complete -C 'gpuspool status --color a' | string replace -r '\\t.*' ''
                """;
        Files.writeString(spool.root.resolve("incoming/new\nline.job"), "true\n");
        String[] answers = ask(List.of("fish", "--no-config"), script).split("===\n", -1);
        assertEquals(
                Set.of("exp1", "exp2", "a b.job", "$(touch PWNED).job", "x:y.job", "it's.job"),
                Set.copyOf(answers[0].lines().toList()));
        assertEquals("runs.1\n", answers[1]);
        assertEquals(Set.of("auto", "always"), Set.copyOf(answers[2].lines().toList()));
    }

    @Test
    void everyVerbAndOption_isInEveryText() throws IOException {
        Invocation call = new Invocation(System.out, System.err, System.in, false, false, Map.of(), directory);
        for (Completion.Shell shell : Completion.Shell.values()) {
            CliSpool.Result printed = spool.run("completion", shell.toString());
            assertEquals(0, printed.status(), printed.err());
            for (VerbModel verb : VerbModel.all(call)) {
                assertTrue(printed.out().contains(verb.entry().verb), shell + " " + verb.entry());
                for (VerbModel.Flag flag : verb.options()) {
                    for (String name : flag.names()) {
                        String shown = shell == Completion.Shell.FISH ? name.replaceFirst("^--?", "") : name;
                        assertTrue(printed.out().contains(shown), shell + " " + verb.entry() + " " + name);
                    }
                }
            }
            assertFalse(printed.out().matches("(?s).*@[A-Z]+@.*"), "a place that nothing was put into: " + shell);
        }
        assertEquals(2, spool.run("completion", "powershell").status());
        assertEquals(
                "gpuspool completion: SHELL powershell; write bash, zsh or fish\n",
                spool.run("completion", "powershell").err());
    }
}
