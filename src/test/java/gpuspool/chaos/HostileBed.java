package gpuspool.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import gpuspool.posix.QuickStart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** One watched spool for many bad drops, and what can be seen of each from outside: the tree and the commands. */
final class HostileBed implements AutoCloseable {
    private final SpoolTestBed bed;
    private final WatcherProcess watcher;
    private final List<Process> children = new ArrayList<>();
    private int after;

    HostileBed() throws IOException, InterruptedException {
        bed = SpoolTestBed.create(System.nanoTime());
        watcher = bed.watch();
        watcher.awaitWatching(bed.spool());
    }

    SpoolTestBed bed() {
        return bed;
    }

    Path scratch(String name) {
        return bed.root().resolve(name);
    }

    /** The file in incoming/ whose name has these bytes, a character each. */
    Path incoming(String name) {
        return Tree.rawPath(bed.spool().resolve("incoming"), name);
    }

    /** Whole and at once, by a rename. */
    void drop(String name, String text) throws IOException {
        Path draft = Files.write(scratch("draft"), text.getBytes(StandardCharsets.ISO_8859_1));
        Files.move(draft, incoming(name));
    }

    /** The next good job runs and is filed, whatever lies before it. */
    void assertTheNextJobRuns() throws IOException {
        TestJob job = bed.scripts().make(JobScripts.Kind.NO_CARD, "after-" + ++after + ".job");
        assertTrue(bed.drop(job));
        awaitFiled("after-" + after + ".1");
    }

    void await(String what, Callable<Boolean> condition) {
        Awaitility.await(what + " in " + bed.root())
                .atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .until(condition);
    }

    /** Where the run, such as {@code x.1}, was filed; null if it was not. */
    Path filed(String run) throws IOException {
        for (String place : List.of("done", "failed")) {
            for (Path path : Tree.list(bed.spool().resolve(place))) {
                if (path.getFileName().toString().matches(java.util.regex.Pattern.quote(run) + "\\.[A-Za-z0-9-]+")) {
                    return path;
                }
            }
        }
        return null;
    }

    Path awaitFiled(String run) throws IOException {
        await(run + " is filed", () -> filed(run) != null);
        return filed(run);
    }

    /** Filed under failed/ as refused, with a reason that holds these words. */
    void assertRefused(String run, String words) throws IOException {
        Path filed = awaitFiled(run);
        assertEquals("refused", Tree.status(filed).get("ending"), filed.toString());
        String reason = Files.readString(filed.resolve("reason"));
        assertTrue(reason.contains(words), reason);
    }

    /** Filed under done/ with this output, and the dropped bytes in its directory. */
    void assertRan(String run, String name, String text, String output) throws IOException {
        Path filed = awaitFiled(run);
        assertEquals(text, bytes(Tree.rawPath(filed, name)), filed.toString());
        assertEquals(output, bytes(filed.resolve("output.log")), filed.toString());
        assertEquals("done", filed.getParent().getFileName().toString());
    }

    static String bytes(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }

    /** The reasons in {@code hosts/HOST/waiting}: name as it is written there → reason. */
    Map<String, String> waiting() throws IOException {
        Map<String, String> reasons = new java.util.LinkedHashMap<>();
        for (Path host : Tree.list(bed.spool().resolve("hosts"))) {
            if (Files.exists(host.resolve("waiting"))) {
                Files.readString(host.resolve("waiting"))
                        .lines()
                        .filter(line -> line.contains("\t"))
                        .forEach(line -> reasons.put(
                                line.substring(0, line.indexOf('\t')), line.substring(line.indexOf('\t') + 1)));
            }
        }
        return reasons;
    }

    interface Steps {
        void run() throws Exception;
    }

    /** Does this while nothing is started. */
    void whilePaused(Steps steps) throws Exception {
        Path pause = Files.createFile(bed.spool().resolve("control/pause"));
        try {
            steps.run();
        } finally {
            Files.delete(pause);
        }
    }

    void awaitShown(String name, String words) {
        await(
                name + " is shown as waiting: " + words,
                () -> waiting().getOrDefault(name, "").contains(words));
    }

    /** What {@code gpuspool WORDS… --spool DIR} prints, both streams; it must end with 0. */
    String command(String... words) throws IOException, InterruptedException {
        return run(gpuspool(words));
    }

    /** The same for a terminal: what comes to it, before it makes {@code CR LF} of every line feed. */
    String onTerminal(String... words) throws IOException, InterruptedException {
        Path script = Path.of("/usr/bin/script");
        assumeTrue(Files.isExecutable(script), "no script(1), which makes a terminal");
        StringBuilder line = new StringBuilder("stty -opost;");
        gpuspool(words).forEach(word -> line.append(" '").append(word).append('\''));
        return run(List.of(script.toString(), "-qec", line.toString(), "/dev/null"));
    }

    private List<String> gpuspool(String... words) {
        List<String> command = QuickStart.program(words);
        command.addAll(List.of("--spool", bed.spool().toString()));
        return command;
    }

    private String run(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(bed.root(), "command", ".out");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("GPUSPOOL_"));
        Process process = builder.start();
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), "it hangs: " + command);
        assertEquals(0, process.exitValue(), bytes(output));
        return bytes(output);
    }

    /** A process that plays a writer; killed at the end if it still lives. */
    Process sh(String script, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", script, "sh"));
        command.addAll(List.of(arguments));
        return start(command);
    }

    Process start(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        Files.createTempFile(bed.root(), "child", ".out").toFile())
                .start();
        children.add(process);
        return process;
    }

    void run(String script, String... arguments) throws IOException, InterruptedException {
        Process process = sh(script, arguments);
        assertTrue(process.waitFor(20, TimeUnit.SECONDS), script);
        assertEquals(0, process.exitValue(), script);
    }

    boolean watcherLives() {
        return watcher.alive();
    }

    String log() throws IOException {
        return watcher.output();
    }

    @Override
    public void close() throws IOException {
        children.forEach(Process::destroyForcibly);
        watcher.close();
        bed.close();
    }
}
