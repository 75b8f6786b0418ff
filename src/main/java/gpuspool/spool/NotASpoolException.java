package gpuspool.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The directory named is not a spool; the message says why and how to make one. */
public class NotASpoolException extends IOException {
    private static final long serialVersionUID = 1;

    NotASpoolException(Path directory, String why) {
        super(shown(directory) + " is not a spool: it " + why + ". Make one with: gpuspool init --spool "
                + shown(directory) + near(directory));
    }

    /** Another program's directory, or one that is damaged; {@code init} leaves it alone. */
    static NotASpoolException foreign(Path directory, String why) {
        return new NotASpoolException(shown(directory) + " is not a spool: it " + why
                + ", and is left alone. Name another directory" + near(directory));
    }

    /** An empty name is that of the directory one is in. */
    private static String shown(Path directory) {
        return directory.toString().isEmpty() ? "." : directory.toString();
    }

    /** The spool that is probably meant: the one in the directory, or around it. */
    private static String near(Path directory) {
        Path around = directory.toAbsolutePath().normalize().getParent();
        Path in = directory.resolve("spool");
        if (isSpool(in)) {
            return "; or did you mean --spool " + in + "?";
        }
        return around != null && isSpool(around) ? "; or did you mean --spool " + around + "?" : "";
    }

    private static boolean isSpool(Path directory) {
        Layout layout = new Layout(directory);
        return Files.exists(layout.format()) && Files.exists(layout.running());
    }

    NotASpoolException(String message) {
        super(message);
    }
}
