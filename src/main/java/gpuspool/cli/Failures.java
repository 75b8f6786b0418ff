package gpuspool.cli;

import gpuspool.posix.FailureText;
import gpuspool.spool.NotASpoolException;
import gpuspool.view.Words;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;

/** Expected failures as one line on stderr; a stack trace is only for what nobody expected. */
final class Failures {
    private Failures() {}

    static int tell(String verb, IOException failure, PrintStream err) {
        String denied = failure instanceof AccessDeniedException closed && closed.getFile() != null
                ? Denied.words(Path.of(closed.getFile()))
                : "";
        err.println(Words.line("gpuspool " + verb + ": " + FailureText.of(failure) + denied));
        return failure instanceof NotASpoolException ? ExitStatus.NOT_A_SPOOL.code : ExitStatus.FAILED.code;
    }

    /** What was done is done, but somebody would take a part of the answer for all of it. */
    static int tellLostOutput(IOException failure, int status, PrintStream err) {
        err.println("gpuspool: not all of the output could be written: " + Words.line(FailureText.of(failure)));
        return status == ExitStatus.OK.code ? ExitStatus.FAILED.code : status;
    }

    /** Without the C library there are no locks, and without locks no promise can be kept: nothing is run then. */
    static int tellNoNativeCode(LinkageError failure, PrintStream err) {
        err.println("gpuspool: cannot call the C library: " + Words.safe(String.valueOf(failure.getMessage()))
                + ". JNA unpacks a part of itself into $XDG_CACHE_HOME, else ~/.cache, else /tmp: set XDG_CACHE_HOME to a"
                + " directory that can be written and is not mounted noexec; it also needs Linux on x86-64 or aarch64 with"
                + " glibc 2.29 or later. Nothing was started");
        return ExitStatus.FAILED.code;
    }

    /** Also what Java calls it when a thread cannot be made. */
    static int tellOutOfMemory(OutOfMemoryError failure, PrintStream err) {
        err.println("gpuspool: " + Words.safe(String.valueOf(failure.getMessage()))
                + ". If it is a thread that could not be made: this user has as many processes and threads as it may"
                + " (ulimit -u, or the limit of its container); end some or raise the limit, and start gpuspool again."
                + " Running jobs are not touched");
        return ExitStatus.TRY_AGAIN.code;
    }
}
