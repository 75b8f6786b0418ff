package gpuspool.chaos;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Reads of the spool that the tests share. */
public final class Tree {
    private static final List<String> NAMES_ONLY = List.of("incoming", "held", "running", "control", "tmp");

    private Tree() {}

    /**
     * Everything that a recovery without anything to recover must leave as it is: names, kinds, modes, inodes, times
     * and contents; not {@code hosts/}, where a watcher reports itself, and not the times of the directories through
     * which a watcher may pass. Lines, sorted: a difference can be read.
     */
    public static String fingerprint(Path spool) throws IOException {
        TreeSet<String> lines = new TreeSet<>();
        Files.walkFileTree(spool, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attrs) throws IOException {
                Path name = spool.relativize(dir);
                if (name.equals(Path.of("hosts"))) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                boolean inside = name.getNameCount() > 1
                        && !NAMES_ONLY.contains(name.getName(0).toString());
                lines.add(line(name, dir) + (inside ? " " + attrs.lastModifiedTime() : ""));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attrs) throws IOException {
                lines.add(line(spool.relativize(file), file)
                        + " " + attrs.lastModifiedTime() + " " + attrs.size() + " "
                        + (attrs.isRegularFile() ? sha256(Files.readAllBytes(file)) : "-"));
                return FileVisitResult.CONTINUE;
            }
        });
        return String.join("\n", lines);
    }

    /** The names in a directory; none where there is no such directory (any more). */
    public static List<Path> list(Path directory) throws IOException {
        List<Path> found = new ArrayList<>();
        try (var entries = Files.newDirectoryStream(directory)) {
            entries.forEach(found::add);
        } catch (NoSuchFileException e) {
            return List.of();
        }
        found.sort(null);
        return found;
    }

    /** A file's name as its bytes, a character each: what the kernel knows, whatever this machine's locale is. */
    public static String rawName(Path file) {
        String path = file.toUri().getRawPath();
        String name = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return percentDecoded(name.substring(name.lastIndexOf('/') + 1));
    }

    /** The file in a directory whose name has these bytes, a character each. */
    public static Path rawPath(Path directory, String bytes) {
        StringBuilder uri = new StringBuilder(directory.toUri().toString());
        if (uri.charAt(uri.length() - 1) != '/') {
            uri.append('/');
        }
        for (byte b : bytes.getBytes(StandardCharsets.ISO_8859_1)) {
            uri.append('%').append(HexFormat.of().toHexDigits(b));
        }
        return Path.of(URI.create(uri.toString()));
    }

    private static String percentDecoded(String text) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '%') {
                plain.append((char) HexFormat.fromHexDigits(text, i + 1, i + 3));
                i += 2;
            } else {
                plain.append(text.charAt(i));
            }
        }
        return plain.toString();
    }

    /** {@code status} as the layout reads it: a key's last line counts, a line without its line feed does not. */
    public static Map<String, String> status(Path jobDirectory) throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        String text;
        try {
            text = Files.readString(jobDirectory.resolve("status"), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return facts;
        }
        text.substring(0, text.lastIndexOf('\n') + 1).lines().forEach(line -> {
            int equals = line.indexOf(" = ");
            if (equals > 0) {
                facts.put(line.substring(0, equals), unescape(line.substring(equals + 3)));
            } else if (line.endsWith(" =")) {
                facts.put(line.substring(0, line.length() - 2), "");
            }
        });
        return facts;
    }

    public static boolean isMark(String name) {
        return name.equals("token")
                || name.equals("started")
                || name.equals("foreground")
                || name.equals("group")
                || name.matches("exit\\.(0|[1-9][0-9]{0,2})");
    }

    public static boolean isDrop(String name) {
        return !name.startsWith(".") && (name.endsWith(".job") || name.endsWith(".toml"));
    }

    /** The whole lines that the supervisor wrote over the blanks. */
    static List<String> markLines(Path mark) throws IOException {
        String text = Files.readString(mark, StandardCharsets.ISO_8859_1);
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    private static String unescape(String value) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            if (value.startsWith("\\x", i) && i + 4 <= value.length()) {
                plain.append((char) HexFormat.fromHexDigits(value, i + 2, i + 4));
                i += 3;
            } else {
                plain.append(value.charAt(i));
            }
        }
        return plain.toString();
    }

    private static String line(Path name, Path path) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(path, "unix:mode,ino", LinkOption.NOFOLLOW_LINKS);
        return name + " " + Integer.toOctalString((Integer) attributes.get("mode")) + " " + attributes.get("ino");
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
