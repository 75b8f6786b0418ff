package gpuspool.job;

/** Paths of a job's own log files. What is no path is one of the words of {@code output}; a path has a {@code /}. */
final class LogPath {
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
        return path;
    }
}
