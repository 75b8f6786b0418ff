package gpuspool.parallel;

import gpuspool.cli.Verbs;
import gpuspool.posix.QuickStart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code gpuspool parallel} in a directory of its own: in this process, or as one of its own where signals and ends matter. */
final class ParallelBed {
    private static final int PATIENCE_SECONDS = 60;

    final Path directory;
    private final List<Process> started = new ArrayList<>();

    ParallelBed(Path directory) throws IOException {
        this.directory = directory.toRealPath();
        Files.createDirectories(temporary());
    }

    /** Where it makes its spools. */
    Path temporary() {
        return directory.resolve("tmp");
    }

    Path locks() {
        return directory.resolve("locks");
    }

    Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        environment.put("TMPDIR", temporary().toString());
        environment.put("GPUSPOOL_LOCK_DIR", locks().toString());
        return environment;
    }

    List<String> command(String... arguments) {
        return QuickStart.program(arguments);
    }

    /** How one ended. */
    record Result(int status, String out, String err) {}

    /** Something that says nothing that the test asks for. */
    Process startBeside(String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command(arguments))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("beside").toFile());
        builder.environment().putAll(environment());
        Process process = builder.start();
        started.add(process);
        return process;
    }

    Process start(String... arguments) throws IOException {
        return startInto(directory.resolve("out"), arguments);
    }

    /** @param out what its stdout leads to */
    Process startInto(Path out, String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command(arguments))
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(directory.resolve("err").toFile());
        builder.environment().putAll(environment());
        builder.environment().remove("CUDA_VISIBLE_DEVICES");
        Process process = builder.start();
        started.add(process);
        return process;
    }

    /** In this process, on two simulated cards, with these lines on its stdin. */
    Result run(byte[] lines, String... options) {
        List<String> words = new ArrayList<>(List.of("parallel"));
        words.addAll(List.of(options));
        if (!words.contains("--spool") && !words.contains("--devices") && !words.contains("-n")) {
            words.addAll(1, List.of("--devices", "sim:2"));
        }
        Map<String, String> environment = environment();
        environment.put("PATH", System.getenv("PATH"));
        environment.put("HOME", directory.toString());
        Verbs.Outcome outcome = Verbs.run(directory, environment, lines, words.toArray(String[]::new));
        return new Result(outcome.status(), outcome.out(), outcome.err());
    }

    Result run(String lines, String... options) {
        return run(lines.getBytes(StandardCharsets.UTF_8), options);
    }

    Result await(Process process) throws IOException, InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("still runs; it said:\n" + said());
        }
        return new Result(process.exitValue(), Files.readString(directory.resolve("out")), said());
    }

    /** What it has said on stderr. */
    String said() throws IOException {
        return Files.readString(directory.resolve("err"));
    }

    /** What its spools left behind. */
    List<Path> left() throws IOException {
        try (var entries = Files.list(temporary())) {
            return entries.toList();
        }
    }

    void close() throws Exception {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
        for (Path home : left()) {
            Path memory = home.resolve("spool");
            if (Files.isSymbolicLink(memory)) {
                new ProcessBuilder("rm", "-rf", Files.readSymbolicLink(memory).toString())
                        .start()
                        .waitFor();
            }
        }
    }
}
