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
import java.util.regex.Pattern;

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

    /** What only other processes of the program need: the other verbs, what they show, and the one that holds a card. */
    private static final Pattern NOT_HERE = Pattern.compile(
            "gpuspool/cli/(?!Watch)[A-Z]\\w*Verb\\b.*|gpuspool/cli/(Card|Clean|Status|Job|NewJob|Run|HoldCard).*|gpuspool/gpu/cuda/.*");

    /** What is needed where a driver is asked. */
    private static final List<String> DRIVERS = List.of("gpuspool/gpu/nvml/", "gpuspool/gpu/smi/", "gpuspool/gpu/amd/");

    private Preload() {}

    /** Takes some hundred milliseconds, and is for a thread of its own; {@code driven}: a driver tells of the cards. */
    static void run(boolean driven) {
        try {
            loadClasses(driven);
        } catch (IOException | URISyntaxException e) {
            // Only a precaution is missing: what cannot be read now may be when it is needed.
            return;
        }
        for (String text : TOML) {
            JobFile unused = JobReader.read("x.toml", text.getBytes(StandardCharsets.UTF_8), DEFAULTS);
        }
    }

    private static void loadClasses(boolean driven) throws IOException, URISyntaxException {
        CodeSource source = Preload.class.getProtectionDomain().getCodeSource();
        Path file = Path.of(source.getLocation().toURI());
        if (!Files.isRegularFile(file)) {
            return;
        }
        List<String> names;
        try (JarFile jar = new JarFile(file.toFile())) {
            names = jar.stream()
                    .map(JarEntry::getName)
                    .filter(name -> isWanted(name, driven))
                    .toList();
        }
        for (String name : names) {
            load(name.substring(0, name.length() - ENDING.length()).replace('/', '.'));
        }
    }

    private static boolean isWanted(String entry, boolean driven) {
        boolean elsewhere =
                NOT_HERE.matcher(entry).matches() || !driven && DRIVERS.stream().anyMatch(entry::startsWith);
        return entry.endsWith(ENDING) && !elsewhere && PREFIXES.stream().anyMatch(entry::startsWith);
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
