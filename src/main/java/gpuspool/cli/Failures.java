package gpuspool.cli;

import gpuspool.spool.NotASpoolException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Expected failures as one line on stderr; a stack trace is only for what nobody expected. */
final class Failures {
    private Failures() {}

    static int tell(String verb, IOException failure, PrintStream err) {
        err.println("gpuspool " + verb + ": " + describe(failure));
        return failure instanceof NotASpoolException ? ExitStatus.NOT_A_SPOOL.code : ExitStatus.FAILED.code;
    }

    /** Without the C library there are no locks, and without locks no promise can be kept: nothing is run then. */
    static int tellNoNativeCode(LinkageError failure, PrintStream err) {
        err.println("gpuspool: cannot call the C library: " + Words.safe(String.valueOf(failure.getMessage()))
                + ". JNA unpacks a part of itself into $XDG_CACHE_HOME, else ~/.cache, else /tmp: set XDG_CACHE_HOME to a"
                + " directory that can be written and is not mounted noexec; it also needs Linux on x86-64 or aarch64 with"
                + " glibc 2.29 or later. Nothing was started");
        return ExitStatus.FAILED.code;
    }

    /** What the system answered, to what. */
    static String describe(IOException failure) {
        if (!(failure instanceof FileSystemException file) || file.getFile() == null) {
            return failure.getMessage() == null ? failure.toString() : failure.getMessage();
        }
        String why = file.getReason();
        if (failure instanceof NoSuchFileException) {
            why = "no such file or directory";
        } else if (failure instanceof AccessDeniedException) {
            why = "permission denied";
        } else if (why == null) {
            why = failure.getClass().getSimpleName();
        }
        return file.getFile() + ": " + why;
    }
}
