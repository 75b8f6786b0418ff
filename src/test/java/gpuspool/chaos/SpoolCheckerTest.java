package gpuspool.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The checker reports each break of the promise: for every rule a good tree is spoiled by hand in that one respect. */
final class SpoolCheckerTest {
    private static final String COOKIE = "0123456789abcdef0123456789abcde";
    private static final String FORMAT = "gpuspool 1\n" + "ab".repeat(16) + "\n";

    @TempDir
    private Path root;

    /** A good spool: `ok` in done/, `bad` with its code in failed/, one timed out, one refused, one on two cards. */
    private static final class Sample {
        final Path spool;
        final Ledger ledger;
        final List<TestJob> jobs = new ArrayList<>();
        final TestJob ok;
        final TestJob bad;
        final TestJob deaf;
        final TestJob refused;
        final TestJob two;
        private int cookies;
        private long clock = 1000;

        Sample(Path root) throws IOException {
            spool = Files.createDirectories(root.resolve("spool"));
            ledger = new Ledger(root.resolve("ledger"));
            for (String name : List.of("incoming", "held", "running", "done", "failed", "control", "hosts", "tmp")) {
                Files.createDirectory(spool.resolve(name));
            }
            Files.writeString(spool.resolve("format"), FORMAT);
            JobScripts scripts = new JobScripts(ledger, new Random(1), "s");
            ok = scripts.make(JobScripts.Kind.LINES, "ok.job");
            bad = scripts.make(JobScripts.Kind.FAILS, "bad.job");
            deaf = scripts.make(JobScripts.Kind.DEAF, "deaf.job");
            refused = scripts.make(JobScripts.Kind.REFUSED, "no.job");
            two = scripts.make(JobScripts.Kind.TWO_CARDS, "two cards.job");
            file(ok, "done/ok.1.h", "exit.0", "sim:0", "0");
            file(bad, "failed/bad.1.h", "exit." + bad.code(), "sim:1", "1");
            file(deaf, "failed/deaf.1.h", "exit.137", "sim:0", "0");
            file(refused, "failed/no.1.h", "token", "", null);
            Files.writeString(spool.resolve("failed/no.1.h/reason"), "needs 99\n");
            file(two, "done/two_cards.1.h", "exit.0", "sim:2 sim:3", "2,3");
        }

        void file(TestJob job, String where, String mark, String devices, String cards) throws IOException {
            jobs.add(job);
            Path directory = Files.createDirectory(spool.resolve(where));
            Files.writeString(directory.resolve(job.name()), job.text());
            String code = mark.startsWith("exit.") ? mark.substring(5) : null;
            String said = code == null ? "" : "pid=1\ngo 2\nexit=" + code + " end\n";
            Files.writeString(directory.resolve(mark), said + " ".repeat(512 - said.length()));
            Files.writeString(directory.resolve("script"), job.text());
            StringBuilder status = new StringBuilder();
            Map.of(
                            "id", directory.getFileName().toString(),
                            "host", "h",
                            "owner", "0",
                            "inode", "1:2",
                            "boot", "b",
                            "lockdir", "l",
                            "cookie", COOKIE + cookies++,
                            "devices", devices,
                            "queued", "q",
                            "claimed", "c")
                    .forEach((key, value) ->
                            status.append(key).append(" = ").append(value).append('\n'));
            status.append("name = ").append(job.name()).append("\nending = nonsense\nending = ");
            status.append(job.ending()).append("\nended = e\n");
            if (code != null) {
                status.append("exit = ").append(code).append('\n');
            }
            status.append("ending = torn");
            Files.writeString(directory.resolve("status"), status);
            if (cards != null) {
                Files.writeString(directory.resolve("output.log"), job.stdout());
                say(Ledger.START, directory.getFileName().toString(), cards, job);
                if (job.finishes()) {
                    say(Ledger.END, directory.getFileName().toString(), cards, job);
                }
            }
        }

        void say(String what, String id, String cards, TestJob job) throws IOException {
            say(what, id, cards, clock++, job.token());
        }

        void say(String what, String id, String cards, long nanos, String token) throws IOException {
            Files.writeString(
                    ledger.file(),
                    String.join(" ", what, id, cards, Long.toString(nanos), token) + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }

        Path at(String name) {
            return spool.resolve(name);
        }

        void move(String from, String to) throws IOException {
            Files.move(at(from), at(to));
        }

        void edit(String name, String from, String to) throws IOException {
            String text = Files.readString(at(name));
            assertTrue(text.contains(from), name + " has no " + from);
            Files.writeString(at(name), text.replace(from, to));
        }

        void unsay(String line) throws IOException {
            List<String> lines = Files.readAllLines(ledger.file()).stream()
                    .filter(l -> !l.contains(line))
                    .toList();
            Files.write(ledger.file(), lines);
        }

        SpoolChecker checker() {
            return new SpoolChecker(spool, jobs, ledger).format(FORMAT);
        }
    }

    @FunctionalInterface
    private interface Spoil {
        void on(Sample sample) throws IOException;
    }

    private record Rule(String words, Spoil spoil) {}

    private static Rule rule(String words, Spoil spoil) {
        return new Rule(words, spoil);
    }

    @Test
    void aGoodTreeIsGood() throws IOException {
        assertEquals(List.of(), new Sample(root).checker().numbersWithoutGaps().check());
    }

    /** {@code bad.1} was stopped and queued again, {@code bad.2} is what became of that. */
    private static Sample queuedAgain(Path root) throws IOException {
        Sample sample = new Sample(root);
        sample.file(sample.bad, "failed/bad.2.h", "exit." + sample.bad.code(), "sim:1", "1");
        sample.jobs.remove(sample.jobs.size() - 1);
        sample.edit("failed/bad.1.h/status", "= exited\n", "= interrupted\nagain = handed\n");
        return sample;
    }

    @Test
    void aJobQueuedAgainIsGood() throws IOException {
        assertEquals(List.of(), queuedAgain(root).checker().numbersWithoutGaps().check());
    }

    @TestFactory
    List<DynamicTest> everyBreakOfAJobQueuedAgainIsReported() {
        return dynamic(
                SpoolCheckerTest::queuedAgain,
                List.of(
                        rule("is in 2 places", s -> s.edit("failed/bad.1.h/status", "again = handed\n", "")),
                        rule("and that is made", s -> s.edit("failed/bad.1.h/status", "= handed", "= made")),
                        rule("its ending is unknown", s -> s.edit("failed/bad.1.h/status", "interrupted", "unknown")),
                        rule("is lost", s -> Files.delete(s.at("failed/bad.2.h/bad.job"))),
                        rule("was started 2 times", s -> s.say(Ledger.START, "bad.1.h", "1", s.bad)),
                        rule("was started 2 times", s -> s.say(Ledger.START, "bad.2.h", "1", s.bad)),
                        rule("and is not filed", s -> s.move("failed/bad.1.h", "running/bad.1.h")),
                        rule("the layout does not know", s -> Files.createFile(s.at("failed/bad.1.h/again"))),
                        rule(
                                "is in 2 places",
                                s -> Files.copy(s.at("failed/bad.1.h/bad.job"), s.at("incoming/b.job")))));
    }

    @TestFactory
    List<DynamicTest> everyBreakIsReported() {
        List<Rule> rules = List.of(
                rule("is lost", s -> Files.delete(s.at("done/ok.1.h/ok.job"))),
                rule("is in 2 places", s -> Files.copy(s.at("done/ok.1.h/ok.job"), s.at("incoming/copy.job"))),
                rule("is in 2 places", s -> Files.copy(s.at("done/ok.1.h/ok.job"), s.at("tmp/x.job"))),
                rule("is no place for a job", s -> s.move("done/ok.1.h", "tmp/ok.1.h")),
                rule("is still in incoming/", s -> s.move("done/ok.1.h/ok.job", "incoming/ok.job")),
                rule("was started and is in incoming/", s -> s.move("done/ok.1.h/ok.job", "incoming/ok.job")),
                rule("is still in running/ok.1.h", s -> s.move("done/ok.1.h", "running/ok.1.h")),
                rule("is not the file that was dropped", s -> s.edit("done/ok.1.h/ok.job", "hello", "hallo")),
                rule("has another name now", s -> s.move("done/ok.1.h/ok.job", "done/ok.1.h/other.job")),
                rule("was started 2 times", s -> s.say(Ledger.START, "ok.1.h", "0", s.ok)),
                rule("ended 2 times", s -> s.say(Ledger.END, "ok.1.h", "0", s.ok)),
                rule("was started 0 times", s -> s.unsay("ok.1.h")),
                rule("was never started", s -> s.unsay("bad.1.h")),
                rule("never came to its end", s -> s.unsay("end ok.1.h")),
                rule("never came to its end", s -> s.unsay("end bad.1.h")),
                rule("but ran as ok.2.h", s -> {
                    s.unsay("ok.1.h");
                    s.say(Ledger.START, "ok.2.h", "0", s.ok);
                    s.say(Ledger.END, "ok.2.h", "0", s.ok);
                }),
                rule("was refused and has run", s -> s.say(Ledger.START, "no.1.h", "0", s.refused)),
                rule("refused without a reason", s -> Files.delete(s.at("failed/no.1.h/reason"))),
                rule("nobody submitted", s -> s.say(Ledger.START, "q.1.h", "0", 9000, "t-else")),
                rule("not understood", s -> Files.writeString(s.ledger.file(), "?\n", StandardOpenOption.APPEND)),
                rule("is torn", s -> Files.writeString(s.ledger.file(), "start", StandardOpenOption.APPEND)),
                rule("must have", s -> s.edit("done/ok.1.h/output.log", "last of", "")),
                rule("must have", s -> s.edit("failed/bad.1.h/output.log", "hello", "hello hello")),
                rule("no output.log", s -> Files.delete(s.at("done/ok.1.h/output.log"))),
                rule("in done/ with the mark exit.3", s -> s.move("done/ok.1.h/exit.0", "done/ok.1.h/exit.3")),
                rule("exit in status is 0", s -> s.move("done/ok.1.h/exit.0", "done/ok.1.h/exit.3")),
                rule("the supervisor wrote exit=0 end", s -> s.move("done/ok.1.h/exit.0", "done/ok.1.h/exit.3")),
                rule("in failed/ though it exited with 0", s -> s.move("done/ok.1.h", "failed/ok.1.h")),
                rule("must be exit.", s -> {
                    String right = Integer.toString(s.bad.code());
                    s.move("failed/bad.1.h/exit." + right, "failed/bad.1.h/exit.77");
                    s.edit("failed/bad.1.h/exit.77", "exit=" + right + " ", "exit=77 ");
                    s.edit("failed/bad.1.h/status", "exit = " + right, "exit = 77");
                }),
                rule("no exit code", s -> s.move("done/ok.1.h/exit.0", "done/ok.1.h/exit.256")),
                rule("not one of the closed set", s -> s.edit("done/ok.1.h/status", "= exited", "= fine")),
                rule("not one of the closed set", s -> s.edit("done/ok.1.h/status", "ending", "anding")),
                rule(
                        "the ending is unknown, must be exited",
                        s -> s.edit("failed/bad.1.h/status", "= exited", "= unknown")),
                rule("is unknown, but it has the mark", s -> s.edit("failed/bad.1.h/status", "= exited", "= unknown")),
                rule("the ending is cancelled", s -> s.edit("done/ok.1.h/status", "= exited", "= cancelled")),
                rule("exited, but the mark is started", s -> s.move("done/ok.1.h/exit.0", "done/ok.1.h/started")),
                rule("has 0 marks", s -> Files.delete(s.at("done/ok.1.h/exit.0"))),
                rule("has 2 marks", s -> Files.createFile(s.at("done/ok.1.h/token"))),
                rule("which the layout does not know", s -> Files.createFile(s.at("done/ok.1.h/exit.00"))),
                rule("which the layout does not know", s -> Files.createFile(s.at("done/ok.1.h/note"))),
                rule("holds 2 dropped files", s -> Files.createFile(s.at("done/ok.1.h/x.toml"))),
                rule("has 0 marks", s -> Files.createDirectory(s.at("failed/x.1.h"))),
                rule("is no directory", s -> Files.createFile(s.at("done/x"))),
                rule("one id twice", s -> Files.createDirectory(s.at("failed/ok.1.h"))),
                rule("the same cookie", s -> s.edit("failed/bad.1.h/status", COOKIE + 1, COOKIE + 0)),
                rule("not 32 hex", s -> s.edit("failed/bad.1.h/status", COOKIE + 1, "xyz")),
                rule("not a well-formed id", s -> s.move("done/ok.1.h", "done/ok.01.h")),
                rule("not a well-formed id", s -> s.move("done/ok.1.h", "done/ok")),
                rule("have gaps", s -> s.move("done/ok.1.h", "done/ok.3.h")),
                rule("id in status is ok.1.h", s -> s.move("done/ok.1.h", "done/ok.2.h")),
                rule("host in status is h", s -> s.move("done/ok.1.h", "done/ok.1.g")),
                rule("name in status is", s -> s.edit("done/ok.1.h/status", "name = ok", "name = ko")),
                rule("no boot in status", s -> s.edit("done/ok.1.h/status", "boot = ", "toob = ")),
                rule("should have the stem two_cards", s -> s.move("done/two_cards.1.h", "done/two.1.h")),
                rule("card 0 under two jobs", s -> {
                    s.unsay("deaf.1.h");
                    s.say(Ledger.START, "deaf.1.h", "0", 1001, s.deaf.token());
                }),
                rule("card 0 under two jobs", s -> s.say(Ledger.STRAY, "ok.1.h", "0", 5000, s.ok.token())),
                rule("asked for 2 cards and got [2]", s -> {
                    s.unsay("two_cards");
                    s.say(Ledger.START, "two_cards.1.h", "2", s.two);
                }),
                rule("asked for 2 cards and got [2, 2]", s -> {
                    s.unsay("two_cards");
                    s.say(Ledger.START, "two_cards.1.h", "2,2", s.two);
                }),
                rule("status says sim:2 sim:1", s -> s.edit("done/two_cards.1.h/status", "sim:3", "sim:1")),
                rule("left in tmp/", s -> Files.createDirectory(s.at("tmp/x"))),
                rule("format was changed", s -> s.edit("format", "ab", "cd")),
                rule("format is not two lines", s -> s.edit("format", "gpuspool 1", "gpuspool 2")),
                rule("format is gone", s -> Files.delete(s.at("format"))),
                rule("held/ is gone", s -> Files.delete(s.at("held"))),
                rule("which nobody put there", s -> Files.createFile(s.at("strange"))));
        return dynamic(Sample::new, rules);
    }

    private interface Maker {
        Sample make(Path root) throws IOException;
    }

    private List<DynamicTest> dynamic(Maker good, List<Rule> rules) {
        List<DynamicTest> tests = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            Path place = root.resolve("rule-" + i);
            tests.add(DynamicTest.dynamicTest(i + ": " + rule.words(), () -> {
                Sample sample = good.make(place);
                rule.spoil().on(sample);
                List<String> found = sample.checker().numbersWithoutGaps().check();
                assertTrue(found.stream().anyMatch(v -> v.contains(rule.words())), found::toString);
            }));
        }
        return tests;
    }

    @Test
    void whatTheTestKilledMayBeUnknownAndNothingElseMay() throws IOException {
        Sample sample = new Sample(root);
        sample.edit("failed/bad.1.h/status", "= exited", "= unknown");
        sample.edit("failed/bad.1.h/status", "exit = " + sample.bad.code() + "\n", "");
        sample.edit("failed/bad.1.h/exit." + sample.bad.code(), "exit=", "e");
        sample.move("failed/bad.1.h/exit." + sample.bad.code(), "failed/bad.1.h/started");
        sample.unsay("end bad.1.h");
        String token = sample.bad.token();
        assertNotEquals(List.of(), sample.checker().check());
        assertNotEquals(
                List.of(),
                sample.checker()
                        .harmed(Map.of(token, SpoolChecker.Harm.JOB_KILLED))
                        .check());
        assertEquals(
                List.of(),
                sample.checker()
                        .harmed(Map.of(token, SpoolChecker.Harm.SUPERVISOR_KILLED))
                        .check());
        sample.edit("failed/bad.1.h/status", "= unknown", "= interrupted");
        assertNotEquals(
                List.of(),
                sample.checker()
                        .harmed(Map.of(token, SpoolChecker.Harm.SUPERVISOR_KILLED))
                        .check());
        assertEquals(
                List.of(),
                sample.checker()
                        .harmed(Map.of(token, SpoolChecker.Harm.POWER_LOST))
                        .check());
    }

    @Test
    void aProcessThatOutlivesItsFiledJobIsReported() throws Exception {
        Sample sample = new Sample(root);
        ProcessBuilder builder = new ProcessBuilder("sleep", "60");
        builder.environment().put("GPUSPOOL_COOKIE", COOKIE + 0);
        Process stray = builder.start();
        try {
            List<String> found = sample.checker().check();
            assertEquals(1, found.size(), found::toString);
            assertTrue(found.get(0).contains("process " + stray.pid()), found::toString);
            assertTrue(found.get(0).contains("done/ok.1.h"), found::toString);
        } finally {
            stray.destroyForcibly();
            assertTrue(stray.waitFor(10, TimeUnit.SECONDS));
        }
        assertEquals(List.of(), sample.checker().check());
    }

    @Test
    void aQueueThatIsNotEmptyIsNoBreakWhileItRuns() throws IOException {
        Sample sample = new Sample(root);
        TestJob next = new JobScripts(sample.ledger, new Random(2), "n").make(JobScripts.Kind.TRUE, "next.job");
        sample.jobs.add(next);
        Files.writeString(sample.at("incoming/next.job"), next.text());
        Files.createDirectory(sample.at("running/half.1.h"));
        assertEquals(List.of(), sample.checker().stillRunning().check());
        assertNotEquals(List.of(), sample.checker().check());
    }

    @Test
    void theFingerprintSeesEveryChangeButTheWatchersOwnReport() throws IOException {
        Sample sample = new Sample(root);
        String before = Tree.fingerprint(sample.spool);
        Files.createDirectory(sample.at("hosts/h"));
        Files.writeString(sample.at("hosts/h/watcher"), "pid = 1\n");
        assertEquals(before, Tree.fingerprint(sample.spool));
        Files.writeString(sample.at("done/ok.1.h/status"), "x", StandardOpenOption.APPEND);
        String appended = Tree.fingerprint(sample.spool);
        assertNotEquals(before, appended);
        sample.move("done/ok.1.h/exit.0", "done/ok.1.h/exit.1");
        assertNotEquals(appended, Tree.fingerprint(sample.spool));
        String renamed = Tree.fingerprint(sample.spool);
        sample.move("done/ok.1.h/exit.1", "done/ok.1.h/exit.0");
        assertNotEquals(renamed, Tree.fingerprint(sample.spool));
        Path file = sample.at("done/ok.1.h/script");
        String again = Files.readString(file);
        String was = Tree.fingerprint(sample.spool);
        Files.delete(file);
        Files.createFile(sample.at("tmp/x"));
        Files.writeString(file, again);
        assertNotEquals(was, Tree.fingerprint(sample.spool), "the same bytes in another file");
    }

    @Test
    void stemsAreMadeAsTheLayoutSays() {
        assertEquals("exp1", SpoolChecker.stem("exp1.job"));
        assertEquals("a_b___", SpoolChecker.stem("a b\u00c3\u00a9?.toml"));
        assertEquals("job-x", SpoolChecker.stem("-x.job"));
        assertEquals("job", SpoolChecker.stem(".job"));
        assertEquals("v1.2.host", SpoolChecker.stem("v1.2.host.job"));
        assertEquals(64, SpoolChecker.stem("x".repeat(90) + ".job").length());
    }
}
