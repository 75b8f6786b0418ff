package gpuspool.spool;

import java.nio.file.Path;

/** The spool was made by a later version; nothing in it is touched. */
public final class NewerSpoolException extends NotASpoolException {
    private static final long serialVersionUID = 1;

    private final int version;

    NewerSpoolException(Path directory, int version) {
        super(directory + " has layout version " + version + "; this gpuspool knows versions up to "
                + Spool.LAYOUT_VERSION + ". Nothing was touched. Use the gpuspool that made it, or a newer one.");
        this.version = version;
    }

    /** The layout version found. */
    public int version() {
        return version;
    }
}
