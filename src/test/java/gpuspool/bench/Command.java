package gpuspool.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs other programs. */
final class Command {
    private Command() {}

    /** Runs it to its end, its output thrown away. */
    static void run(String... command) throws IOException, InterruptedException {
        int exit = quiet(List.of(command)).start().waitFor();
        if (exit != 0) {
            throw new IOException(command[0] + " ended with " + exit);
        }
    }

    static ProcessBuilder quiet(List<String> command) {
        return new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
    }

    /** Whether it ends soon, and says that all is well. */
    static boolean endsWell(List<String> command) throws IOException, InterruptedException {
        Process process = quiet(command).start();
        if (process.waitFor(5, TimeUnit.SECONDS)) {
            return process.exitValue() == 0;
        }
        process.destroy();
        process.waitFor();
        return false;
    }

    static boolean exists(String name) {
        for (String directory : System.getenv().getOrDefault("PATH", "").split(":")) {
            if (!directory.isEmpty() && Files.isExecutable(Path.of(directory, name))) {
                return true;
            }
        }
        return false;
    }
}
