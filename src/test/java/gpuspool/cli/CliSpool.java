package gpuspool.cli;

import gpuspool.config.HostName;
import gpuspool.posix.ProcFiles;
import gpuspool.spool.DiskFs;
import gpuspool.spool.SpoolMaker;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A real spool in a directory of its own, and commands run on it in this process. */
final class CliSpool {
    final Path directory;
    final Path root;
    private String input = "";
    private boolean errIsTerminal;
    private final Map<String, String> more = new HashMap<>();

    CliSpool(Path directory) throws IOException {
        this.directory = directory.toRealPath();
        root = SpoolMaker.make(this.directory.resolve("spool"), new DiskFs()).root();
    }

    CliSpool onATerminal() {
        errIsTerminal = true;
        return this;
    }

    /** What a command printed and ended with. The spool's own path stands as {@code SPOOL}, the host's name as {@code HOST}. */
    record Result(int status, String out, String err) {}

    /** From now on the machine whose root directory this is shows which GPUs there are. */
    CliSpool onMachine(Path machine) {
        return with("GPUSPOOL_TEST_ROOT", machine.toString());
    }

    /** From now on the environment of commands has this, too. */
    CliSpool with(String variable, String value) {
        more.put(variable, value);
        return this;
    }

    CliSpool withInput(String text) {
        input = text;
        return this;
    }

    Result run(String... args) throws IOException {
        Map<String, String> environment = new HashMap<>(more);
        environment.put("GPUSPOOL_SPOOL", root.toString());
        Result result = runIn(environment, args);
        return new Result(result.status, tidy(result.out), tidy(result.err));
    }

    Result runIn(Map<String, String> environment, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = Main.run(
                args,
                new Invocation(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                        input.isEmpty(),
                        errIsTerminal,
                        environment,
                        directory));
        return new Result(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /**
     * All that a command printed to a reader who leaves.
     *
     * @param word of which he reads so many, and whatever comes until the next
     */
    String readUntilGone(String word, int times, String... args) {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        OutputStream pipe = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                if (read.toString(StandardCharsets.UTF_8).split(word, -1).length > times) {
                    throw new IOException("nobody reads");
                }
                read.write(b);
            }
        };
        Map<String, String> environment = new HashMap<>(more);
        environment.put("GPUSPOOL_SPOOL", root.toString());
        int status = Main.run(
                args,
                new Invocation(
                        new PrintStream(pipe, false, StandardCharsets.UTF_8),
                        System.err,
                        new ByteArrayInputStream(new byte[0]),
                        true,
                        false,
                        environment,
                        directory));
        String said = read.toString(StandardCharsets.UTF_8);
        if (status != 0) {
            throw new AssertionError("it ended with " + status + ": " + said);
        }
        return said;
    }

    private String tidy(String text) throws IOException {
        return text.replace(root.toString(), "SPOOL")
                .replace(directory.toString(), "HERE")
                .replace("." + host(), ".HOST");
    }

    static String host() throws IOException {
        return HostName.current();
    }

    Path queue(String name, String text) throws IOException {
        return Files.writeString(root.resolve("incoming").resolve(name), text);
    }

    /** A job directory as a watcher would have made it; {@code facts} are more lines for {@code status}. */
    Path jobDir(String where, String name, String mark, String markText, String facts) throws IOException {
        Path dir = root.resolve(where).resolve(name + "." + host());
        Files.createDirectory(dir);
        String stem = name.substring(0, name.lastIndexOf('.'));
        Files.writeString(dir.resolve(stem + ".job"), "true\n");
        Files.writeString(dir.resolve("output.log"), "line 1\nline 2\n");
        Files.writeString(dir.resolve(mark), markText + " ".repeat(100));
        Files.writeString(
                dir.resolve("status"),
                "name = " + stem + ".job\nowner = 0\nhost = " + host() + "\nboot = " + ProcFiles.bootId()
                        + "\ndevices = sim:0 sim:1\ngpus = 2\ncommand = python train.py\n" + facts);
        return dir;
    }

    Path done(String name) throws IOException {
        return jobDir("done", name, "exit.0", "", "ending = exited\nelapsed = 61000\n");
    }

    Path failed(String name, int code) throws IOException {
        return jobDir("failed", name, "exit." + code, "", "ending = exited\nexit = " + code + "\nelapsed = 1000\n");
    }

    /** A watcher's note whose process is this one. */
    void watched(String devices) throws IOException {
        long pid = ProcessHandle.current().pid();
        Path host = Files.createDirectories(root.resolve("hosts").resolve(host()));
        Files.writeString(
                host.resolve("watcher"),
                "pid = " + pid + "\npid_start = " + ProcFiles.startTicks(pid).orElseThrow() + "\nboot = "
                        + ProcFiles.bootId() + "\ndevices = " + devices + "\n");
    }

    void waiting(String asOf, String name, String reason) throws IOException {
        Path host = Files.createDirectories(root.resolve("hosts").resolve(host()));
        Files.writeString(host.resolve("waiting"), "as of " + asOf + "\n" + name + "\t" + reason + "\n");
    }
}
