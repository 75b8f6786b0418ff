package gpuspool.spool;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A directory that is a spool: it has a {@code format} this version can read, {@code incoming/} and {@code running/}. */
public record Spool(Layout layout, String id) {
    /** The layout version this program reads and writes. */
    public static final int LAYOUT_VERSION = 1;

    private static final String FORMAT_WORD = "gpuspool ";
    private static final int ID_DIGITS = 32;

    /** Opens an existing spool. */
    public static Spool open(Path directory) throws IOException {
        // The real path: a watch on a symbolic link reports nothing, ever.
        if (!Files.isDirectory(directory)) {
            boolean exists = isThere(directory);
            throw new NotASpoolException(directory, exists ? "is not a directory" : "does not exist");
        }
        Layout layout = new Layout(directory.toRealPath());
        for (Path needed : List.of(layout.format(), layout.incoming(), layout.running())) {
            if (!isThere(needed)) {
                throw new NotASpoolException(directory, "has no " + needed.getFileName());
            }
        }
        return new Spool(layout, readId(directory));
    }

    /** What may not be looked at is not said to be missing. */
    private static boolean isThere(Path file) throws AccessDeniedException {
        boolean there = Files.exists(file);
        if (!there && !Files.notExists(file)) {
            throw new AccessDeniedException(file.toString());
        }
        return there;
    }

    /** The spool's id, after a look at the version; says nothing of what else a spool needs. */
    public static String readId(Path directory) throws IOException {
        List<String> lines = Files.readAllLines(new Layout(directory).format(), StandardCharsets.UTF_8);
        checkVersion(directory, lines.isEmpty() ? "" : lines.get(0));
        if (lines.size() < 2 || !isId(lines.get(1))) {
            throw NotASpoolException.foreign(directory, "has a format file without a spool id in its second line");
        }
        return lines.get(1);
    }

    private static void checkVersion(Path directory, String line) throws IOException {
        int version;
        try {
            version = line.startsWith(FORMAT_WORD) ? Integer.parseInt(line.substring(FORMAT_WORD.length())) : -1;
        } catch (NumberFormatException e) {
            version = -1;
        }
        if (version < 1) {
            throw NotASpoolException.foreign(directory, "has a format file that says \"" + line + "\"");
        }
        if (version > LAYOUT_VERSION) {
            throw new NewerSpoolException(directory, version);
        }
    }

    private static boolean isId(String text) {
        boolean id = text.length() == ID_DIGITS;
        for (int i = 0; id && i < text.length(); i++) {
            id = text.charAt(i) >= '0' && text.charAt(i) <= '9' || text.charAt(i) >= 'a' && text.charAt(i) <= 'f';
        }
        return id;
    }

    public Layout places() {
        return layout;
    }

    public Path root() {
        return layout.root();
    }
}
