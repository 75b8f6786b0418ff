package gpuspool.watch;

import static gpuspool.watch.WatcherBed.fact;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.cli.Verbs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The samples, all in one spool at once: each runs as it stands, or with the line changed that its comments name. */
@Timeout(60)
final class SamplesTest {
    /** What a job may print to whoever is told of it. */
    private static final String HOSTILE = "first\\n~!touch pwned\\n\\033[2J<!channel> & \"q\" \\\\n \\tt\\001 ```\\n";

    @TempDir
    private static Path temp;

    private static SampleBed samples;
    private static String nightlySaid;

    @BeforeAll
    static void dropThem() throws Exception {
        samples = new SampleBed(temp, "sim:14");
        for (String name : List.of(
                "hello.job",
                "env.job",
                "steps.job",
                "cpu.toml",
                "fails.job",
                "two-gpus.toml",
                "train.job",
                "every-key.toml",
                "slurm.job",
                "python-env.job",
                "torchrun.job",
                "sweep.toml",
                "array.job",
                "small-jobs.toml")) {
            samples.drop(name);
        }
        samples.drop("has-torch.job", "train.job", "", "");
        samples.drop("conda-env.job", "python-env.job", "venv=.venv", "venv=none");
        samples.drop("checkpoint.job", "checkpoint.job", "time=4h signal=USR1@5m", "time=10s signal=USR1@9s");
        samples.drop("jupyter.job", "jupyter.job", "time=8h", "time=2s");
        samples.drop("search.job", "search.job", "TRIES=20", "TRIES=3");
        for (String messenger : List.of("mail", "webhook")) {
            samples.bed.drop(
                    "to-" + messenger + ".toml",
                    "command = '''printf '" + HOSTILE + "'; exit 3'''\nnotify = [\""
                            + samples.sample("notify-" + messenger + ".sh") + "\"]\n");
        }
        assertEquals("", samples.run("chain.sh", samples.bed.spool.toString(), "exp"));
        assertEquals("", samples.run("chain.sh", "spool", "bad"));
        assertEquals("", samples.run("nightly.sh"));
        nightlySaid = samples.run("nightly.sh", samples.bed.spool.toString());
        Files.createFile(samples.calls.resolve("morning"));
    }

    @AfterAll
    static void close() throws IOException {
        if (samples != null) {
            samples.close();
        }
    }

    @Test
    void everySample_isRunAndChecks() throws IOException {
        List<String> all = WatcherBed.list(SampleBed.SAMPLES);
        assertEquals(new TreeSet<>(all), samples.used());
        for (String name : all) {
            if (!name.endsWith(".sh") && !name.equals("spool.toml")) {
                Verbs.Answer answer = Verbs.run(SampleBed.SAMPLES, Map.of(), "check", name);
                assertEquals(0, answer.status(), answer.said());
                assertTrue(answer.said().startsWith(name + ": ok: "), answer.said());
            }
        }
    }

    @Test
    void simpleOnes_sayWhatTheySay() throws IOException {
        assertTrue(samples.outputOf("hello.1", "done").matches("hello from GPU \\d+\n"));
        assertTrue(samples.outputOf("env.1", "done").contains("good morning from job env (env.1."));
        assertTrue(samples.outputOf("steps.1", "done").contains("step 3: the sum is 500500\n"));
        assertEquals("GPUs visible to me: ''\n", samples.outputOf("cpu.1", "done"));
        assertEquals("about to fail on purpose\n", samples.outputOf("fails.1", "failed"));
        assertTrue(samples.outputOf("every-key.1", "done").matches("training on GPUs \\d+\n"));
        assertTrue(samples.outputOf("train.1", "done").contains("\nlearnt: y = "));
        assertTrue(samples.outputOf("has-torch.1", "done").contains("torch.nn.functional.mse_loss"));
        assertTrue(samples.outputOf("slurm.1", "done").contains("1 GPU, 4 threads\n"));
        Path two = samples.bed.awaitFiled("two-gpus.1");
        assertTrue(WatcherBed.read(two.resolve("stdout.log")).matches("training on GPUs \\d+,\\d+ with .*0.01\n"));
        assertEquals("a warning goes to stderr.log\n", WatcherBed.read(two.resolve("stderr.log")));
    }

    @Test
    void pythonEnv_isThatOfTheVenvOrOfConda() throws IOException {
        assertEquals("activated\n", samples.outputOf("python-env.1", "done"));
        assertEquals("", samples.outputOf("conda-env.1", "done"));
        assertEquals(List.of(".venv/bin/python train.py"), arguments("python-env: "));
        assertEquals(List.of("home/envs/train/bin/python train.py"), arguments("conda-env: "));
        assertEquals("shell.bash hook\n", samples.note("conda"));
    }

    @Test
    void torchrun_hasFourGpusAndItsOwnPort() throws IOException {
        String said = samples.outputOf("torchrun.1", "done");
        assertTrue(said.matches("8 --standalone --nproc-per-node=gpu train.py \\[\\d+,\\d+,\\d+,\\d+\\]\n"), said);
    }

    @Test
    void sweepAndArray_areAllTheirCombinations() throws IOException {
        assertTrue(samples.bed.awaitFiled("sweep.1").startsWith(samples.bed.spool.resolve("done")));
        List<String> sweep = new ArrayList<>();
        for (String rate : List.of("0.1", "1e-3")) {
            for (int seed = 1; seed <= 3; seed++) {
                sweep.add("bin/python train.py --lr " + rate + " --seed " + seed + " --out runs/lr" + rate + "-seed"
                        + seed);
            }
        }
        assertEquals(new TreeSet<>(sweep), new TreeSet<>(arguments("sweep-0000\\d: ")));
        assertTrue(samples.bed.awaitFiled("array.1").startsWith(samples.bed.spool.resolve("done")));
        assertEquals(
                List.of(
                        "bin/python train.py --lr 0.001",
                        "bin/python train.py --lr 0.003",
                        "bin/python train.py --lr 0.01"),
                arguments("array-0000\\d: ").stream().sorted().limit(3).toList());
        String log = Files.readString(samples.bed.root.resolve("lr-4.log"));
        assertTrue(log.matches("task 4 of 5: learning rate 0.001 on GPU \\d+\n"), log);
    }

    private static List<String> arguments(String job) throws IOException {
        return samples.pythonOf("").stream()
                .filter(line -> line.matches(job + ".*"))
                .map(line -> line.replaceFirst(job, "").replaceFirst(" \\[\\d+\\]$", ""))
                .toList();
    }

    @Test
    void smallJobs_shareGpus() throws IOException {
        assertTrue(samples.bed.awaitFiled("small-jobs.1").startsWith(samples.bed.spool.resolve("done")));
        TreeSet<String> cards = new TreeSet<>();
        for (int i = 1; i <= 8; i++) {
            Path member = samples.bed.awaitFiled("small-jobs-0000" + i + ".1");
            cards.add(fact(member, "devices"));
            assertEquals(Long.toString(18L << 30), fact(member, "gpu_mem"));
        }
        assertTrue(cards.size() < 8, cards.toString());
    }

    @Test
    void chain_goesLinkByLinkAndBreaksWhereOneFails() throws IOException {
        assertEquals("", samples.outputOf("exp-report.1", "done"));
        List<String> calls = samples.pythonOf("exp-");
        assertEquals("exp-prepare: bin/python prepare.py []", calls.get(0));
        assertTrue(calls.get(1).matches("exp-train: bin/python train.py \\[\\d+\\]"), calls.toString());
        assertEquals(List.of("exp-report: bin/python report.py []"), calls.subList(2, calls.size()));
        assertEquals("", samples.outputOf("bad-report.1", "done"));
        Path train = samples.bed.awaitFiled("bad-train.1");
        assertEquals("refused", fact(train, "ending"));
        String reason = Files.readString(train.resolve("reason"));
        assertTrue(reason.contains("after \"bad-prepare\": bad-prepare.1 failed (exit 3)"), reason);
    }

    @Test
    void search_submitsItselfUntilThereAreEnough() throws IOException {
        assertEquals("", samples.outputOf("search.2", "done"));
        String last = samples.outputOf("search.3", "done");
        List<String> tried = Files.readAllLines(samples.bed.root.resolve("search.tsv"));
        assertEquals(3, tried.size(), tried.toString());
        assertEquals(3, new TreeSet<>(arguments("search: ")).size(), tried.toString());
        assertTrue(tried.stream().allMatch(line -> line.matches("\\d\\.\\d\\de-0\\d\t0\\.2\\d+")), tried.toString());
        assertTrue(tried.contains(last.strip().replace("the best: ", "")), last);
    }

    @Test
    void jupyter_tellsItsAddressAndEndsWithItsTime() throws IOException {
        String said = samples.outputOf("jupyter.1", "failed");
        assertTrue(
                said.matches("(?s)http://127.0.0.1:8888/lab\\?token=5eaf00d on \\d+\n.*kernels are shut down\n"), said);
        assertEquals("timed out", fact(samples.bed.awaitFiled("jupyter.1"), "ending"));
        assertEquals("lab --no-browser --ip=127.0.0.1\n", samples.note("jupyter"));
    }

    @Test
    void checkpoint_goesOnWhereItWas() throws IOException {
        assertTrue(samples.outputOf("checkpoint.1", "failed").endsWith("saved\n"));
        assertTrue(Files.exists(samples.bed.filed("checkpoint.1").resolve("exit.85")));
        assertEquals("", samples.outputOf("checkpoint.2", "done"));
        assertEquals(
                List.of("bin/python train.py", "bin/python train.py --resume latest.pt"), arguments("checkpoint: "));
    }

    @Test
    void nightly_isAddedOnceAndNotBesideAnEarlierOne() throws IOException {
        assertTrue(nightlySaid.matches("no new job tonight: .*/nightly-.* is still there\n"), nightlySaid);
        String name = samples.pythonOf("nightly-").get(0).replaceFirst(":.*", "");
        assertEquals("", samples.outputOf(name + ".1", "done"));
    }

    @Test
    void mail_showsWhatWasPrintedAndObeysNoneOfIt() throws IOException {
        Path filed = told("to-mail", "mail-to-mail.stdin");
        assertEquals("-s\ngpuspool: to-mail exited 3\nme@example.org\n", samples.note("mail-to-mail"));
        String id = filed.getFileName().toString();
        String message = samples.note("mail-to-mail.stdin");
        assertTrue(message.matches("(?s)" + id + ": exited with 3 after \\d+ s on GPU \\d+\n.*"), message);
        assertEquals(
                filed + "\n\n  first\n  ~!touch pwned\n  [2J<!channel> & \"q\" \\n \tt ```\n",
                message.substring(message.indexOf('\n') + 1));
    }

    @Test
    void webhook_isSentJsonThatCallsNobody() throws IOException {
        Path unused = told("to-webhook", "curl-to-webhook.stdin");
        List<String> arguments = samples.note("curl-to-webhook").lines().toList();
        assertEquals(
                List.of(
                        "--config",
                        samples.home().resolve(".config/gpuspool/webhook").toString()),
                arguments.subList(0, 2));
        assertEquals("@-", arguments.get(arguments.size() - 1));
        String message = samples.note("curl-to-webhook.stdin");
        assertTrue(message.startsWith("{\"text\": \"to-webhook: exited 3 after "), message);
        assertEquals(
                "\\n```\\nfirst\\n~!touch pwned\\n[2J&lt;!channel&gt; &amp; \\\"q\\\" \\\\n  t '''\\n```\"}",
                message.substring(message.indexOf(" s\\n```") + 2));
    }

    private static Path told(String job, String note) throws IOException {
        Path filed = samples.bed.awaitFiled(job + ".1");
        samples.bed.await(note, () -> Files.exists(samples.calls.resolve(note)));
        return filed;
    }
}
