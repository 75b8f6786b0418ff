package gpuspool.spool;

import gpuspool.posix.RandomId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes a spool of an absent or empty directory. */
public final class SpoolMaker {
    private SpoolMaker() {}

    /** Opens the spool, making it first where the directory is absent, empty or a spool half made. */
    public static Spool openOrMake(Path directory, Fs fs) throws IOException {
        if (Files.exists(new Layout(directory).format())) {
            return Spool.open(directory);
        }
        return make(directory, fs);
    }

    /** Makes the spool; a directory that holds anything but the parts of a spool is refused. */
    public static Spool make(Path directory, Fs fs) throws IOException {
        Files.createDirectories(directory);
        Layout layout = new Layout(directory.toRealPath());
        List<Path> parts = List.of(
                layout.incoming(),
                layout.held(),
                layout.running(),
                layout.done(),
                layout.failed(),
                layout.control(),
                layout.hosts(),
                layout.tmp());
        refuseStrangers(directory, layout, parts, fs);
        for (Path part : parts) {
            Files.createDirectories(part);
            fs.sync(part);
        }
        // Last, and by rename: without `format` it is not a spool, and making it again completes it.
        Path draft = layout.tmp().resolve("format." + ProcessHandle.current().pid());
        Files.deleteIfExists(draft);
        String text = "gpuspool " + Spool.LAYOUT_VERSION + "\n" + RandomId.next() + "\n";
        fs.create(draft, text.getBytes(StandardCharsets.US_ASCII));
        fs.sync(draft);
        try {
            fs.renameToFree(draft, layout.format());
        } catch (java.nio.file.FileAlreadyExistsException e) {
            fs.delete(draft);
        }
        fs.sync(layout.root());
        return Spool.open(directory);
    }

    /**
     * Makes the directories again that are missing in a spool that is otherwise there.
     *
     * @return those that were made
     */
    public static List<Path> mend(Layout places, Fs fs) throws IOException {
        List<Path> made = new ArrayList<>();
        for (Path part : missing(places, fs)) {
            fs.mkdir(part);
            made.add(part);
        }
        if (!made.isEmpty()) {
            // A power cut must not take done/ and what is filed in it.
            fs.sync(places.root());
        }
        return made;
    }

    /** Which of them are missing. */
    public static List<Path> missing(Layout places, Fs fs) throws IOException {
        List<Path> missing = new ArrayList<>();
        for (Path part : places.mendable()) {
            if (fs.look(part).isEmpty()) {
                missing.add(part);
            }
        }
        return missing;
    }

    private static void refuseStrangers(Path directory, Layout layout, List<Path> parts, Fs fs) throws IOException {
        for (String name : fs.list(layout.root())) {
            Path part = layout.root().resolve(name);
            if (!parts.contains(part) && !part.equals(layout.settings())) {
                throw new NotASpoolException(directory + " is neither empty nor a spool: it holds " + name
                        + ". Nothing was changed. Name another directory with --spool, or an empty one.");
            }
        }
    }
}
