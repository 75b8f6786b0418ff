package gpuspool.build;

import com.sun.jna.Library;
import com.sun.jna.Native;
import io.methvin.watcher.DirectoryWatcher;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/**
 * A program for {@link PackagedLauncherIT}: uses each packed library a little. Prints one line, so that whatever a library
 * or the JVM adds of its own is seen.
 */
final class PackedLibrariesProbe {
    interface Libc extends Library {
        int getpid();
    }

    @CommandLine.Command(name = "probe")
    static final class Verb implements Runnable {
        @CommandLine.Option(names = "--x")
        int x;

        @Override
        public void run() {}
    }

    private PackedLibrariesProbe() {}

    public static void main(String[] args) throws Exception {
        long pid = Native.load("c", Libc.class).getpid();
        JsonNode toml = new TomlMapper()
                .readTree("a.b = 1.5e3\n[c]\nd = 1732000000000000000\n".getBytes(StandardCharsets.UTF_8));
        int exit = new CommandLine(new Verb()).execute("--x", "3");
        DirectoryWatcher watcher = DirectoryWatcher.builder()
                .path(Path.of(args[0]))
                .fileHashing(false)
                .listener(event -> {})
                .build();
        System.out.println((pid == ProcessHandle.current().pid())
                + " " + toml.get("a").get("b").doubleValue()
                + " " + toml.get("c").get("d").longValue()
                + " " + exit
                + " " + watcher.isClosed());
        watcher.close();
    }
}
