package gpuspool.job;

import java.util.Optional;

/**
 * Paths of a job's own log files, in which {@code %} and a letter stand for something of the job. What is no path is one of the
 * words of {@code output}; a path has a {@code /}.
 */
public final class LogPath {
    private static final String LETTERS = "xjAauh%";

    private LogPath() {}

    static boolean isPath(Value value) {
        return value instanceof Value.Text text && text.text().contains("/");
    }

    /** The path as written; relative ones begin in the job's directory of work. */
    static String read(Key key, Value value) {
        String path = Values.text(key, value);
        if (path.startsWith("~") || path.startsWith("$")) {
            throw new BadValueException(
                    key.key() + " " + Printable.quote(path) + ": " + path.charAt(0) + " is not expanded here",
                    Values.write(key));
        }
        if (!path.contains("/") || path.endsWith("/")) {
            throw new BadValueException(key.key() + " is " + Printable.quote(path), Values.write(key));
        }
        for (int at = path.indexOf('%'); at >= 0; at = path.indexOf('%', at + 2)) {
            if (at + 1 == path.length() || LETTERS.indexOf(path.charAt(at + 1)) < 0) {
                String what = path.substring(at, Math.min(path.length(), at + 2));
                throw new BadValueException(
                        key.key() + " has " + Printable.quote(what) + ", which stands for nothing",
                        "write %x (name), %j (id), %A (id of the sweep), %a (number in it), %u (user), %h (host), or %%"
                                + " for a percent sign");
            }
        }
        return path;
    }

    /**
     * The path of one run.
     *
     * @param pattern as {@link #read} gave it
     * @param member of which sweep it is a part; of none: its own id, and 0
     * @param user who runs it
     */
    public static String of(String pattern, JobId id, Optional<Member> member, String user) {
        StringBuilder path = new StringBuilder();
        int from = 0;
        for (int at = pattern.indexOf('%'); at >= 0; at = pattern.indexOf('%', from)) {
            path.append(pattern, from, at);
            from = at + 2;
            switch (pattern.charAt(at + 1)) {
                case 'x' -> path.append(id.stem());
                case 'j' -> path.append(id);
                case 'A' -> path.append(member.map(Member::group).orElse(id.toString()));
                case 'a' -> path.append(member.map(Member::task).orElse("0"));
                case 'u' -> path.append(user);
                case 'h' -> path.append(id.host());
                default -> path.append('%');
            }
        }
        return path.append(pattern, from, pattern.length()).toString();
    }
}
