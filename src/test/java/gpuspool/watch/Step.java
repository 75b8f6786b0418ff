package gpuspool.watch;

import java.nio.file.Path;
import java.util.Set;

/** One call by which an engine touches its world: what stands in for the world may do, spoil or replace it. */
final class Step {
    enum Kind {
        MKDIR,
        CREATE,
        APPEND,
        ADD_LINES,
        OVERWRITE,
        TOUCH,
        RENAME,
        RENAME_TO_FREE,
        LINK,
        DELETE,
        SYNC,
        LIST,
        READ,
        LOOK,
        SPACE,
        LOCK,
        SHARE,
        CLOSE,
        RETIRE,
        LAUNCH
    }

    private static final Set<Kind> LOOKS = Set.of(Kind.LIST, Kind.READ, Kind.LOOK, Kind.SPACE);
    private static final Set<Kind> WRITES = Set.of(Kind.CREATE, Kind.APPEND, Kind.ADD_LINES, Kind.OVERWRITE);

    private final Kind kind;
    private final Path path;
    private final Path to;
    private final byte[] content;

    /** @param to where a rename or link leads; else the same as {@code path} */
    Step(Kind kind, Path path, Path to, byte[] content) {
        this.kind = kind;
        this.path = path;
        this.to = to;
        this.content = content;
    }

    Step(Kind kind, Path path) {
        this(kind, path, path, new byte[0]);
    }

    Kind kind() {
        return kind;
    }

    /** What it is done to; a lock's name, and for a launch the job directory. */
    Path path() {
        return path;
    }

    Path to() {
        return to;
    }

    byte[] content() {
        return content;
    }

    /** The last name of its path. */
    String name() {
        return path.getFileName().toString();
    }

    /** The last name of the directory it lies in. */
    String parent() {
        return path.getParent() == null ? "" : path.getParent().getFileName().toString();
    }

    boolean is(Kind other) {
        return kind == other;
    }

    /** Whether anything in the world is different afterwards. */
    boolean changes() {
        return !LOOKS.contains(kind);
    }

    /** Whether a kill may leave it done by halves. */
    boolean writes() {
        return WRITES.contains(kind);
    }

    boolean isRename() {
        return kind == Kind.RENAME || kind == Kind.RENAME_TO_FREE;
    }

    @Override
    public String toString() {
        String words = kind + " " + parent() + "/" + name();
        return path.equals(to) ? words : words + " -> " + to.getParent().getFileName() + "/" + to.getFileName();
    }
}
