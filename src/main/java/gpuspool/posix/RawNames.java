package gpuspool.posix;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * File names as the bytes the kernel has. A {@link Path} from a directory listing keeps them, but its {@code toString}
 * loses what the locale cannot show; the path's URI does not.
 */
public final class RawNames {
    /** NAME_MAX of every file system there is, in bytes. */
    private static final int LONGEST_NAME = 255;

    /** Stands in Java's texts for a byte that is no UTF-8. */
    public static final char LOST = '\uFFFD';

    private RawNames() {}

    /** The bytes of the path as given. */
    public static byte[] bytes(Path path) {
        String text = path.toString();
        if (text.indexOf(LOST) < 0) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        byte[] absolute = percentDecoded(path.toUri().getRawPath());
        return stripSlash(absolute);
    }

    /** The bytes of the path's last name. */
    public static byte[] lastName(Path path) {
        byte[] all = bytes(path);
        int slash = all.length;
        while (slash > 0 && all[slash - 1] != '/') {
            slash--;
        }
        return java.util.Arrays.copyOfRange(all, slash, all.length);
    }

    /**
     * The entry of a directory that Java shows by this name: a name that lost bytes on its way through a text is looked for. Where
     * there is no such entry, the path that the text itself names.
     */
    public static Path resolve(Path directory, String shown) {
        if (shown.indexOf(LOST) < 0) {
            return directory.resolve(shown);
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                if (entry.getFileName().toString().equals(shown)) {
                    return entry;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // Nothing to be found there: whoever uses the path is told why.
        }
        return directory.resolve(shown);
    }

    /** The path of the entry that has these bytes as its name, whether it exists or not. */
    public static Path entry(Path directory, byte[] name) {
        StringBuilder text = new StringBuilder();
        boolean plain = true;
        for (byte b : name) {
            plain &= b >= 0x20 && b < 0x7f;
            text.append(String.format("%%%02X", b));
        }
        if (plain) {
            return directory.resolve(new String(name, StandardCharsets.US_ASCII));
        }
        // A URI is the one thing from which a path takes bytes as they are.
        String parent = directory.toUri().toString();
        return Path.of(URI.create(parent + (parent.endsWith("/") ? "" : "/") + text));
    }

    /**
     * The file beside this one whose name has something before and after it; empty where that name would be too long for any file
     * to have it.
     */
    public static Optional<Path> sibling(Path file, String before, String after) {
        byte[] name = lastName(file);
        if (before.length() + name.length + after.length() > LONGEST_NAME) {
            return Optional.empty();
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream(LONGEST_NAME);
        all.writeBytes(before.getBytes(StandardCharsets.US_ASCII));
        all.writeBytes(name);
        all.writeBytes(after.getBytes(StandardCharsets.US_ASCII));
        return Optional.of(entry(file.getParent(), all.toByteArray()));
    }

    static byte[] cString(Path path) {
        byte[] raw = bytes(path);
        return java.util.Arrays.copyOf(raw, raw.length + 1);
    }

    private static byte[] stripSlash(byte[] raw) {
        // The URI of a directory ends in a slash that the path does not have.
        return raw.length > 1 && raw[raw.length - 1] == '/' ? java.util.Arrays.copyOf(raw, raw.length - 1) : raw;
    }

    private static byte[] percentDecoded(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '%') {
                out.write(Integer.parseInt(text, i + 1, i + 3, 16));
                i += 2;
            } else {
                out.write(text.charAt(i));
            }
        }
        return out.toByteArray();
    }
}
