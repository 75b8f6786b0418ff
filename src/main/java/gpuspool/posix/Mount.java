package gpuspool.posix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * One mounted file system as {@code /proc/self/mountinfo} tells of it; proc(5).
 *
 * @param point where it is mounted
 * @param type for example {@code ext4} or {@code fuse.sshfs}, lower case
 * @param options those of the mount and those of the file system in one
 */
public record Mount(Path point, String type, Set<String> options) {
    private static final Path TABLE = Path.of("/proc/self/mountinfo");
    private static final int POINT = 4;
    private static final int MOUNT_OPTIONS = 5;
    private static final int OCTAL = 8;
    private static final int OCTAL_DIGITS = 3;

    /** All that is mounted now, in the order in which it was mounted. */
    public static List<Mount> all() throws IOException {
        return parse(new String(Files.readAllBytes(TABLE), StandardCharsets.UTF_8));
    }

    /** Lines that are not in the kernel's form are left out. */
    static List<Mount> parse(String table) {
        List<Mount> mounts = new ArrayList<>();
        for (String line : table.split("\n", -1)) {
            // 36 35 98:0 /root /point mount,options optional:1 - type source super,options
            String[] halves = line.split(" - ", 2);
            String[] mount = halves[0].split(" ", -1);
            String[] system = halves.length == 2 ? halves[1].split(" ", -1) : new String[0];
            if (mount.length > MOUNT_OPTIONS && system.length >= 3) {
                Set<String> options = new HashSet<>(List.of(mount[MOUNT_OPTIONS].split(",", -1)));
                options.addAll(List.of(system[2].split(",", -1)));
                mounts.add(new Mount(
                        Path.of(unescape(mount[POINT])), system[0].toLowerCase(Locale.ROOT), Set.copyOf(options)));
            }
        }
        return mounts;
    }

    /** The one a file lies on, by its real absolute path: the deepest, and of several on one point the last. */
    public static Optional<Mount> under(List<Mount> mounts, Path file) {
        Optional<Mount> found = Optional.empty();
        for (Mount mount : mounts) {
            boolean deeper = found.isEmpty()
                    || mount.point.getNameCount() >= found.get().point.getNameCount();
            if (file.startsWith(mount.point) && deeper) {
                found = Optional.of(mount);
            }
        }
        return found;
    }

    public boolean has(String option) {
        return options.contains(option);
    }

    public boolean isNfs() {
        return type.startsWith("nfs");
    }

    /** The kernel writes a blank, tab, line feed and backslash as {@code \040} and so on. */
    private static String unescape(String field) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < field.length(); i++) {
            boolean escaped = field.charAt(i) == '\\' && i + OCTAL_DIGITS < field.length();
            if (escaped) {
                text.append((char) Integer.parseInt(field.substring(i + 1, i + 1 + OCTAL_DIGITS), OCTAL));
                i += OCTAL_DIGITS;
            } else {
                text.append(field.charAt(i));
            }
        }
        return text.toString();
    }
}
