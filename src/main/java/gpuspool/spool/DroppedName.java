package gpuspool.spool;

import gpuspool.posix.RawNames;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Which names in {@code incoming/} are job files; {@code spool-layout.md}, section 5. */
public final class DroppedName {
    /** What vim, Emacs and LibreOffice put around a file's name while they have it open. */
    private static final List<Around> EDITORS =
            List.of(new Around(".", ".swp"), new Around(".#", ""), new Around(".~lock.", "#"));

    private record Around(String before, String after) {}

    private DroppedName() {}

    /** Whether a file of this name is meant to be a job. */
    public static boolean isJob(String name) {
        return (name.endsWith(".job") || name.endsWith(".toml")) && !name.startsWith(".");
    }

    /** Files beside it that tell, when they are there, that an editor has it open. */
    public static List<Path> editorLocks(Path file) {
        return EDITORS.stream()
                .flatMap(around -> RawNames.sibling(file, around.before, around.after).stream())
                .toList();
    }

    /** The job file that an editor has open while this one is there; empty where it tells of none. */
    public static Optional<Path> editedBy(Path lock) {
        String name = lock.getFileName().toString();
        for (Around around : EDITORS) {
            int end = name.length() - around.after.length();
            if (name.startsWith(around.before) && name.endsWith(around.after) && end > around.before.length()) {
                String edited = name.substring(around.before.length(), end);
                if (isJob(edited)) {
                    return Optional.of(lock.resolveSibling(edited));
                }
            }
        }
        return Optional.empty();
    }
}
