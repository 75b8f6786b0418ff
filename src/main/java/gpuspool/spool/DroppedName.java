package gpuspool.spool;

import java.util.List;

/** Which names in {@code incoming/} are job files; {@code spool-layout.md}, section 5. */
public final class DroppedName {
    private DroppedName() {}

    /** Whether a file of this name is meant to be a job. */
    public static boolean isJob(String name) {
        return (name.endsWith(".job") || name.endsWith(".toml")) && !name.startsWith(".");
    }

    /** Files beside it that tell that an editor has it open: vim's, Emacs's, LibreOffice's. */
    public static List<String> editorLocks(String name) {
        return List.of("." + name + ".swp", ".#" + name, ".~lock." + name + "#");
    }
}
