package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The README's recipes for coreutils, each line as it stands there, in a watched spool. */
@Timeout(120)
final class RecipesTest {
    @TempDir
    private Path temp;

    private SampleBed samples;
    private WatcherBed bed;
    private String section;
    private final List<String> untried = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        samples = new SampleBed(temp, "sim:1");
        bed = samples.bed;
        String readme = Files.readString(Path.of("README.md"));
        int from = readme.indexOf("\n## Recipes\n");
        section = readme.substring(from, readme.indexOf("\n## ", from + 1));
        String[] parts = section.split("\n```\n", -1);
        for (int i = 1; i < parts.length; i += 2) {
            parts[i].lines().filter(line -> !line.equals("cd spool")).forEach(untried::add);
        }
    }

    @AfterEach
    void close() throws IOException {
        samples.close();
    }

    /** The recipe that begins so, without its comment; it counts as tried. */
    private String recipe(String beginning) {
        List<String> found =
                untried.stream().filter(line -> line.startsWith(beginning)).toList();
        assertEquals(1, found.size(), beginning + " in " + untried);
        untried.removeAll(found);
        return found.get(0).replaceFirst("\\s+# .*", "");
    }

    /** What it prints, run in the spool. */
    private String shell(String line) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("timeout", "20", "bash", "-c", line)
                .directory(bed.spool.toFile())
                .redirectErrorStream(true);
        Process shell = builder.start();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, shell.waitFor(), line + ": " + said);
        return said;
    }

    private String run(String beginning) throws IOException, InterruptedException {
        return shell(recipe(beginning));
    }

    private static String waitFor(String flag) {
        return "until [ -e \"$CALLS/" + flag + "\" ]; do sleep 0.05; done\n";
    }

    private void raise(String flag) throws IOException {
        Files.createFile(samples.calls.resolve(flag));
    }

    private void awaitQueue(String pattern) {
        bed.await(pattern, () -> bed.waiting().matches("(?s).*" + pattern + ".*"));
    }

    @Test
    void everyRecipe_doesWhatItSays() throws Exception {
        queue();
        runsAndRecords();
        sweep();
        others();
        chain();
        assertEquals("", run("touch control/drain"));
        assertEquals(0, WatcherBed.awaitExit(samples.watcher));
        assertEquals(List.of(), untried);
    }

    private void queue() throws Exception {
        bed.drop("busy.job", "echo on\n" + waitFor("go"));
        Path unused = bed.awaitOutput("busy.1", "on");
        bed.drop("exp1.job", "true\n");
        bed.await("the kernel's clock ticks", () -> {
            Object now = Files.getAttribute(Files.writeString(temp.resolve("tick"), ""), "unix:ctime");
            return !now.equals(Files.getAttribute(bed.incoming("exp1.job"), "unix:ctime"));
        });
        bed.drop("exp2.job", "true\n");
        assertEquals("exp1.job\nexp2.job\n", run("ls -tcr incoming"));
        awaitQueue("exp1.job\t.*exp2.job\t");
        assertTrue(run("cat hosts/*/waiting").contains("exp1.job\t"));
        assertEquals("", run("touch -c incoming/exp1.job"));
        awaitQueue("exp2.job\t.*exp1.job\t");
        assertEquals("", run("touch control/exp1.job.first"));
        awaitQueue("exp1.job\t.*exp2.job\t");
        assertEquals("", run("mv -n incoming/exp1.job held/"));
        bed.await("it is held", () -> !bed.waiting().contains("exp1.job"));
        assertEquals("", run("mv -n held/exp1.job incoming/"));
        awaitQueue("exp1.job\t");
        assertEquals("", run("rm incoming/exp1.job"));
        bed.await("it is gone", () -> !bed.waiting().contains("exp1.job"));
        String[] pause = recipe("touch control/pause").split("; ");
        assertEquals("", shell(pause[0]));
        raise("go");
        awaitQueue("exp2.job\t[^\n]*paused");
        assertEquals("", shell(pause[1]));
        assertEquals("", samples.outputOf("exp2.1", "done"));
    }

    private void runsAndRecords() throws Exception {
        bed.drop("exp1.job", "echo CUDA out of memory\n" + waitFor("end"));
        Path unused = bed.awaitOutput("exp1.1", "CUDA");
        assertEquals("", run("(cd running/exp1.* && touch cancel)"));
        String host = bed.awaitFiled("exp1.1").getFileName().toString();
        assertEquals(host + "\n", run("until ls done failed"));
        assertTrue(run("ls failed/*/exit.*").matches("failed/" + host + "/exit\\.\\d+\n"));
        assertEquals("failed/" + host + "/output.log\n", run("grep -l"));
        raise("end");
        assertEquals("", run("cp -n failed/exp1.1.*"));
        Path second = bed.awaitFiled("exp1.2");
        assertTrue(second.startsWith(bed.spool.resolve("done")), second.toString());
        assertEquals("", shell(recipe("rm -r done/exp1.1.*").replace("exp1.1", "exp1.2")));
        assertFalse(Files.exists(second));
    }

    private void sweep() throws Exception {
        bed.drop("exp1.job", "#GPUSPOOL sweep.n=1,2\n" + waitFor("swept"));
        String progress = recipe("cat running/exp1.*/progress");
        bed.await(
                "it tells how far it is",
                () -> !WatcherBed.list(bed.spool.resolve("running")).stream()
                        .filter(name -> name.startsWith("exp1.")
                                && Files.exists(bed.spool
                                        .resolve("running")
                                        .resolve(name)
                                        .resolve("progress")))
                        .toList()
                        .isEmpty());
        String said = shell(progress);
        assertTrue(said.matches("made \\d, done 0, failed 0 of 2\n"), said);
        raise("swept");
        assertTrue(bed.awaitFiled("exp1.3").startsWith(bed.spool.resolve("done")));
    }

    private void others() throws Exception {
        assertEquals("", run("touch control/GPU-5f0c2a1b.ok"));
        bed.await("no such card is here", () -> bed.names("control").contains("GPU-5f0c2a1b.ok.refused"));
        assertEquals("", run("touch control/let-go; rm control/let-go"));
        assertEquals("", run("for lr in 0.1 0.01 0.001; do echo \"python"));
        for (String rate : List.of("0.1", "0.01", "0.001")) {
            assertEquals("", samples.outputOf("lr-" + rate + ".1", "done"));
            assertEquals(
                    List.of("lr-" + rate + ": bin/python train.py --lr " + rate + " [0]"),
                    samples.pythonOf("lr-" + rate + ":"));
        }
        assertEquals("", run("for i in 1 2 3 4"));
        for (int i = 1; i <= 4; i++) {
            assertEquals("", samples.outputOf("small-" + i + ".1", "done"));
            assertEquals(Long.toString(18L << 30), WatcherBed.fact(bed.filed("small-" + i + ".1"), "gpu_mem"));
        }
        String last = section.substring(section.indexOf("its last line is `") + "its last line is `".length());
        Files.writeString(bed.root.resolve("next.job"), "echo next\n");
        bed.drop("this.job", last.substring(0, last.indexOf('`')) + "\n");
        assertEquals("next\n", samples.outputOf("next.1", "done"));
    }

    private void chain() throws Exception {
        for (String beginning : List.of(
                "echo 'python prepare.py'",
                "for lr in 0.1 0.01; do",
                "printf '#GPUSPOOL gpus=0 after=lr",
                "printf '#GPUSPOOL gpus=0 after_any",
                "printf '#GPUSPOOL begin")) {
            assertEquals("", run(beginning));
        }
        assertEquals("", samples.outputOf("compare.1", "done"));
        List<String> calls = Files.readAllLines(samples.calls.resolve("python"));
        assertEquals("compare: bin/python compare.py []", calls.get(calls.size() - 1));
        assertEquals("prep: bin/python prepare.py [0]", calls.get(calls.size() - 4));
        assertEquals("", samples.outputOf("tell.1", "done"));
        assertEquals("-s\ncompare\nme\n", samples.note("mail-tell"));
        awaitQueue("tonight.job\tnot before ");
    }
}
