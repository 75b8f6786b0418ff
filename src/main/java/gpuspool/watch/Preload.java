package gpuspool.watch;

import gpuspool.job.JobDefaults;
import gpuspool.job.JobFile;
import gpuspool.job.JobReader;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * Loads at the start what is otherwise loaded when it is first needed. A watcher runs for months, and an upgrade may write over the
 * program, or remove the Java it runs on, under its feet: what is not in memory by then can never be loaded again.
 */
final class Preload {
    /** Whole packages, and what is needed when a verb is through. */
    private static final List<String> PREFIXES = List.of(
            "gpuspool/cli/",
            "gpuspool/config/",
            "gpuspool/gpu/",
            "gpuspool/job/",
            "gpuspool/plan/",
            "gpuspool/posix/",
            "gpuspool/spool/",
            "gpuspool/supervise/",
            "gpuspool/watch/",
            "com/sun/jna/",
            "io/methvin/",
            "tools/jackson/core/",
            "tools/jackson/dataformat/",
            "picocli/CommandLine$IExitCode");

    /** Little is needed of the library that makes trees of them, and all of that to read these. */
    private static final List<String> TOML =
            List.of("command = ['a']\ntime = '1h'\nenv.A = 'b'\n", "gpus = x\n", "gpu = 1\n");

    private static final String ENDING = ".class";
    private static final JobDefaults DEFAULTS = new JobDefaults(List.of("/bin/sh"));

    private Preload() {}

    /** Takes some hundred milliseconds, and is for a thread of its own. */
    static void run() {
        try {
            loadClasses();
        } catch (IOException | URISyntaxException e) {
            // Only a precaution is missing: what cannot be read now may be when it is needed.
            return;
        }
        for (String text : TOML) {
            JobFile unused = JobReader.read("x.toml", text.getBytes(StandardCharsets.UTF_8), DEFAULTS);
        }
    }

    private static void loadClasses() throws IOException, URISyntaxException {
        CodeSource source = Preload.class.getProtectionDomain().getCodeSource();
        Path file = Path.of(source.getLocation().toURI());
        if (!Files.isRegularFile(file)) {
            return;
        }
        List<String> names;
        try (JarFile jar = new JarFile(file.toFile())) {
            names = jar.stream()
                    .map(JarEntry::getName)
                    .filter(Preload::isWanted)
                    .toList();
        }
        for (String name : names) {
            load(name.substring(0, name.length() - ENDING.length()).replace('/', '.'));
        }
    }

    private static boolean isWanted(String entry) {
        return entry.endsWith(ENDING) && PREFIXES.stream().anyMatch(entry::startsWith);
    }

    private static void load(String name) {
        try {
            Class<?> unused = Class.forName(name, false, Preload.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            // Made for a library that is not here, so never needed here either.
            return;
        }
    }
}
