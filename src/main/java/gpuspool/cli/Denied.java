package gpuspool.cli;

import gpuspool.view.Users;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;

/** Who may not read or write what, whose it is, and who can help. */
final class Denied {
    private static final int PERMISSIONS = 0777;

    private Denied() {}

    /** What stands behind {@code FILE: permission denied}. */
    static String words(Path file) {
        String help = "; ask its owner or root for access, or be them (sudo -u USER gpuspool …)";
        try {
            Path nearest = nearestThatTells(file);
            Map<String, Object> facts = Files.readAttributes(nearest, "unix:uid,mode");
            Users users = new Users();
            String owner = users.name(OptionalInt.of((Integer) facts.get("uid")));
            int self = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            String which = nearest.equals(file) ? "it" : nearest.toString();
            return ": you are " + users.name(OptionalInt.of(self)) + ", and " + which + " belongs to " + owner + " ("
                    + permissions((Integer) facts.get("mode")) + ")" + help;
        } catch (IOException e) {
            // Then the rest of the message has to do.
            return help;
        }
    }

    /** The file itself, or the directory that keeps it from being seen. */
    private static Path nearestThatTells(Path file) throws IOException {
        Path whole = file.toAbsolutePath();
        for (Path at = whole; at != null; at = at.getParent()) {
            // Where it is not readable the one above it may tell.
            if (Files.exists(at)) {
                return at.equals(whole) ? file : at;
            }
        }
        throw new NoSuchFileException(file.toString());
    }

    private static String permissions(int mode) {
        StringBuilder text = new StringBuilder();
        for (int shift = 6; shift >= 0; shift -= 3) {
            int bits = (mode & PERMISSIONS) >> shift;
            text.append((bits & 4) != 0 ? 'r' : '-')
                    .append((bits & 2) != 0 ? 'w' : '-')
                    .append((bits & 1) != 0 ? 'x' : '-');
        }
        return text.toString();
    }
}
