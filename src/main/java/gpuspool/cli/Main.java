package gpuspool.cli;

import gpuspool.gpu.HolderLine;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the program begins. What is typed most, a plain {@code gpuspool} or {@code gpuspool status}, is answered without loading
 * the parser of options and the libraries of the other verbs; it takes half the time so.
 */
public final class Main {
    private static final String SPOOL = "--spool";

    private Main() {}

    public static void main(String[] args) {
        StandardOut.install();
        int status = run(args, Invocation.ofProcess());
        System.out.flush();
        if (StandardOut.lost().isPresent() && !(args.length > 0 && args[0].equals("watch"))) {
            status = Failures.tellLostOutput(StandardOut.lost().get(), status, System.err);
        }
        // Newer JDKs set up their logging for an exit, which takes longer than all of a plain status.
        if (status != ExitStatus.OK.code) {
            System.exit(status);
        }
    }

    static int run(String[] args, Invocation call) {
        int next = args.length > 0 && args[0].equals("status") ? 1 : 0;
        if (args.length == next) {
            return StatusPage.print(Optional.empty(), call);
        }
        if (args.length == next + 2 && args[next].equals(SPOOL) && !args[next + 1].isEmpty()) {
            return StatusPage.print(Optional.of(Path.of(args[next + 1])), call);
        }
        if (args.length == 1 && (args[0].equals("--version") || args[0].equals("-V"))) {
            call.out().println("gpuspool " + version());
            return ExitStatus.OK.code;
        }
        if (args[0].equals("run")) {
            Optional<PlainRun> plain = PlainRun.of(args, call.directory());
            if (plain.isPresent()) {
                return RunStart.plain(plain.get(), call);
            }
        }
        if (args[0].equals(HolderLine.VERB)) {
            return HoldCard.run(args, call);
        }
        if (args[0].equals(StartArchive.VERB)) {
            return ArchiveTraining.run(args, call);
        }
        try {
            return CommandLines.run(args, call);
        } catch (OutOfMemoryError e) {
            return Failures.tellOutOfMemory(e, call.err());
        } catch (LinkageError e) {
            return Failures.tellNoNativeCode(e, call.err());
        }
    }

    /** The version this program was built as, for example {@code 0.1.0}. */
    static String version() {
        try (InputStream in = Main.class.getResourceAsStream("/gpuspool/version.txt")) {
            if (in == null) {
                return "unknown";
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
