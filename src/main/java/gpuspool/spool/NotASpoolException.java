package gpuspool.spool;

import java.io.IOException;
import java.nio.file.Path;

/** The directory named is not a spool; the message says why and how to make one. */
public class NotASpoolException extends IOException {
    private static final long serialVersionUID = 1;

    NotASpoolException(Path directory, String why) {
        super(directory + " is not a spool: it " + why + ". Make one with: gpuspool init --spool " + directory);
    }

    NotASpoolException(String message) {
        super(message);
    }
}
