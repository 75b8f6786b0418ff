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

    private static String describe(IOException failure) {
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
