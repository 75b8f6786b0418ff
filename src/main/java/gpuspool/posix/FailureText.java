package gpuspool.posix;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** What the system answered, as one line for people. */
public final class FailureText {
    private FailureText() {}

    public static String of(IOException failure) {
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
