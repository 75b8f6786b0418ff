package gpuspool.doctor;

import gpuspool.posix.FileFacts;
import gpuspool.posix.Mount;
import gpuspool.spool.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether the directories of a spool are there, on one file system, and open to the right people. */
final class SpoolDirectories {
    static final String CHECK = "spool";

    private static final int WRITE_BY_OTHERS = 0002;
    private static final int WRITE_BY_GROUP = 0020;
    private static final int STICKY = 01000;

    private SpoolDirectories() {}

    /**
     * One directory as it was found.
     *
     * @param facts empty where there is none
     * @param open whether we may list it and write in it
     * @param mounted whether something is mounted on it
     */
    record Part(Path path, Optional<FileFacts> facts, boolean open, boolean mounted) {
        static Part at(Path path, List<Mount> mounts) throws IOException {
            return new Part(
                    path,
                    FileFacts.of(path),
                    Files.isReadable(path) && Files.isWritable(path) && Files.isExecutable(path),
                    mounts.stream().anyMatch(mount -> mount.point().equals(path)));
        }

        String name() {
            return path.getFileName() + "/";
        }

        boolean isWritableBy(int bit) {
            return facts.filter(FileFacts::isDirectory)
                    .filter(known -> (known.mode() & bit) != 0)
                    .isPresent();
        }
    }

    /** @param above the directory that holds the spool */
    record Facts(Part above, Part root, List<Part> parts) {
        static Facts of(Layout places, List<Mount> mounts) throws IOException {
            List<Part> parts = new ArrayList<>();
            for (Path path : Patient.directories(places)) {
                parts.add(Part.at(path, mounts));
            }
            Path root = places.root();
            Path above = root.getParent() == null ? root : root.getParent();
            return new Facts(Part.at(above, mounts), Part.at(root, mounts), parts);
        }
    }

    static List<Finding> judge(Facts facts, long user) {
        List<Finding> findings = new ArrayList<>();
        List<String> closed = new ArrayList<>();
        FileFacts root = facts.root.facts().orElseThrow();
        for (Part part : facts.parts) {
            shape(part, root).ifPresent(findings::add);
            if (part.facts().filter(FileFacts::isDirectory).isPresent() && !part.open()) {
                closed.add(part.name());
            }
        }
        if (!closed.isEmpty()) {
            findings.add(closed(facts, closed, user == root.owner()));
        }
        openToAll(facts).ifPresent(findings::add);
        openToGroup(facts).ifPresent(findings::add);
        if (findings.isEmpty()) {
            findings.add(Finding.ok(CHECK, "its directories are all there, on one file system, and can be written"));
        }
        return findings;
    }

    private static Optional<Finding> shape(Part part, FileFacts root) {
        String path = Patient.quoted(part.path());
        if (part.facts().isEmpty()) {
            return Optional.of(Finding.problem(CHECK, part.name() + " is missing", "mkdir " + path));
        }
        FileFacts facts = part.facts().get();
        if (!facts.isDirectory()) {
            return Optional.of(Finding.problem(
                    CHECK,
                    part.name() + " must be a directory of its own; it is " + facts.kind(),
                    "stop the watcher, put a directory in its place, and move there what belongs there: " + path));
        }
        if (part.mounted() || facts.device() != root.device()) {
            return Optional.of(Finding.problem(
                    CHECK,
                    part.name() + " is on another file system than the spool, so nothing can be renamed into it or out",
                    "stop the watcher, unmount it, and move what lies there into the spool: " + path));
        }
        return Optional.empty();
    }

    private static Finding closed(Facts facts, List<String> names, boolean ours) {
        String list = String.join(" ", names);
        return ours
                ? Finding.problem(
                        CHECK,
                        "you own the spool, but may not list or write in " + list,
                        "chmod u+rwx " + paths(facts, names))
                : Finding.note(
                        CHECK,
                        "you may not list or write in " + list + "; it is the spool of user "
                                + facts.root.facts().orElseThrow().owner(),
                        "ask its owner, if you are to submit jobs there or run its watcher");
    }

    private static String paths(Facts facts, List<String> names) {
        List<String> paths = facts.parts.stream()
                .filter(part -> names.contains(part.name()))
                .map(part -> Patient.quoted(part.path()))
                .toList();
        return String.join(" ", paths);
    }

    private static Optional<Finding> openToAll(Facts facts) {
        List<Part> open = new ArrayList<>(facts.parts);
        open.add(0, facts.root);
        // Above it the sticky bit helps: the spool can then not be replaced by another.
        if (!facts.above.isWritableBy(STICKY)) {
            open.add(0, facts.above);
        }
        open.removeIf(part -> !part.isWritableBy(WRITE_BY_OTHERS));
        if (open.isEmpty()) {
            return Optional.empty();
        }
        List<String> paths =
                open.stream().map(part -> Patient.quoted(part.path())).toList();
        return Optional.of(Finding.problem(
                CHECK,
                "everybody on this machine may write in " + String.join(" ", paths)
                        + ", and so run programs as the one who runs the watcher",
                "chmod o-w " + String.join(" ", paths)));
    }

    private static Optional<Finding> openToGroup(Facts facts) {
        List<String> open = facts.parts.stream()
                .filter(part -> part.isWritableBy(WRITE_BY_GROUP))
                .map(Part::name)
                .toList();
        return open.isEmpty()
                ? Optional.empty()
                : Optional.of(Finding.note(
                        CHECK,
                        "the group of " + String.join(" ", open)
                                + " may write there: its members can run programs as the one who runs the watcher"));
    }
}
