package gpuspool.cli;

import gpuspool.posix.NativeCode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * {@code gpuspool make-archive FILE SPOOL}: loads what short commands need, and the JVM writes it into FILE as it ends. For watchers, not
 * for people, and so no {@link Verb}.
 */
final class ArchiveTraining {
    private static final String CLASS = ".class";

    /** Of these rooms all classes: which of them a command needs is not worth a list that somebody has to keep. */
    private static final List<String> ROOMS = List.of(
            "gpuspool/job/",
            "gpuspool/spool/",
            "gpuspool/foreground/",
            "gpuspool/posix/",
            "gpuspool/view/",
            "gpuspool/config/",
            "com/sun/jna/");

    /** Of {@code cli} those that stand outside the parser of options. */
    private static final List<String> CLI = List.of("Main", "Run", "Plain", "Status", "Exit", "Failures", "Invocation");

    private ArchiveTraining() {}

    static int run(String[] args, Invocation call) {
        if (args.length != 3) {
            call.err().println("gpuspool: " + StartArchive.VERB + " is for watchers");
            return ExitStatus.USAGE.code;
        }
        try (JarFile program = new JarFile(System.getProperty("java.class.path"))) {
            for (JarEntry entry : Collections.list(program.entries())) {
                if (isWanted(entry.getName())) {
                    load(entry.getName());
                }
            }
        } catch (IOException e) {
            return Failures.tell(StartArchive.VERB, e, call.err());
        }
        Optional<String> trouble = NativeCode.trouble();
        if (trouble.isPresent()) {
            call.err().println("gpuspool: C code cannot be called: " + trouble.get());
            return ExitStatus.FAILED.code;
        }
        Invocation unseen = new Invocation(
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
                call.err(),
                call.in(),
                false,
                false,
                call.environment(),
                call.directory());
        return StatusPage.print(Optional.of(Path.of(args[2])), unseen);
    }

    private static boolean isWanted(String entry) {
        if (!entry.endsWith(CLASS)) {
            return false;
        }
        String room = entry.substring(0, entry.lastIndexOf('/') + 1);
        String name = entry.substring(room.length());
        return ROOMS.contains(room)
                || room.equals("gpuspool/cli/") && CLI.stream().anyMatch(name::startsWith);
    }

    private static void load(String entry) {
        String name = entry.substring(0, entry.length() - CLASS.length()).replace('/', '.');
        try {
            var unused = Class.forName(name, false, ArchiveTraining.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            // One that this Java cannot load is not in the archive, and not needed on it either.
        }
    }
}
