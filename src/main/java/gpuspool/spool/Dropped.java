package gpuspool.spool;

import gpuspool.posix.FileFacts;
import gpuspool.posix.RawNames;
import java.nio.file.Path;

/** A job file in {@code incoming/} as it was when it was looked at. */
public record Dropped(Path path, FileFacts facts) {
    /** The name as Java shows it; the raw bytes stay in the path. */
    public String name() {
        return path.getFileName().toString();
    }

    /** The name's bytes as one printable line. */
    public String escapedName() {
        return Escapes.escape(RawNames.lastName(path));
    }
}
