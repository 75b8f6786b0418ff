package gpuspool.spool;

import gpuspool.posix.FileFacts;
import gpuspool.posix.RandomId;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Makes a host's record anew: lines of the jobs that lie in the tree from the tree, those of jobs that are gone from the old files.
 * Beside a watcher that goes on adding lines, and killed anywhere, it loses none; a line may be there twice until it is run again.
 *
 * <p>The file that is added to is put aside first, so that all older parts stand still. What replaces them is a draft under a
 * dot-name, on stable storage before a link gives it its name in the record. That link decides: a draft that has a second name
 * replaces the parts up to its number, which are deleted by now or by the next run; one that has none is thrown away.
 */
public final class HistoryRebuild {
    private static final Pattern SPILL = Pattern.compile("\\.history\\.tree\\.[0-9a-f]{32}");

    private final Layout places;
    private final String host;
    private final HistoryFiles files;
    private final Fs fs;

    public HistoryRebuild(Layout places, String host, Fs fs) {
        this.places = places;
        this.host = host;
        this.fs = fs;
        files = HistoryFiles.of(places, host);
    }

    /**
     * What it did.
     *
     * @param fromTree lines made from job directories
     * @param kept lines of jobs that are no longer in the tree
     * @param bad lines in the old files that were none, and are gone
     * @param unclear job directories that do not tell enough, or could not be read; their old lines are kept
     */
    public record Result(long fromTree, long kept, long bad, long unclear) {}

    /** Told how far it has come. */
    public interface Steps {
        /**
         * @param done job directories looked at
         * @param whole how many there were when it began
         */
        void looked(long done, long whole);
    }

    /** @throws IOException when it came to nothing; the record is then as it was, but for parts put aside */
    public Result run() throws IOException {
        return run((done, whole) -> {});
    }

    /** The same, telling how far it has come. */
    public Result run(Steps steps) throws IOException {
        if (fs.look(files.directory()).isEmpty()) {
            fs.mkdir(files.directory());
        }
        finishEarlier();
        putAside();
        int upTo = files.next(fs) - 1;
        Path draft = files.draft(upTo);
        Path spill = files.directory().resolve(".history.tree." + RandomId.next());
        try {
            HistoryTree tree = HistoryTree.collect(places, host, spill, fs, steps);
            Map<Integer, FileFacts> replaced = parts(upTo);
            HistoryMerge merge = merge(tree, spill, draft, replaced);
            fs.sync(draft);
            publish(draft);
            finish(draft, replaced);
            return new Result(tree.lines().size(), merge.kept(), merge.bad(), tree.unclear());
        } finally {
            // Without a second name it replaces nothing, whatever went wrong.
            dropUnlessPublished(draft);
            drop(spill);
        }
    }

    /** The regular files among the parts up to this number. */
    private Map<Integer, FileFacts> parts(int upTo) throws IOException {
        Map<Integer, FileFacts> parts = new TreeMap<>();
        for (int number : files.parts(fs)) {
            Optional<FileFacts> facts = fs.look(files.part(number)).filter(FileFacts::isRegular);
            if (number <= upTo && facts.isPresent()) {
                parts.put(number, facts.get());
            }
        }
        return parts;
    }

    private HistoryMerge merge(HistoryTree tree, Path spill, Path draft, Map<Integer, FileFacts> parts)
            throws IOException {
        try (HistoryMerge merge = new HistoryMerge(tree, spill, draft, fs)) {
            for (Map.Entry<Integer, FileFacts> part : parts.entrySet()) {
                // An empty one may be a name that a watcher has just taken for itself.
                if (part.getValue().size() > 0) {
                    merge.keepFrom(files.part(part.getKey()));
                }
            }
            merge.finish();
            return merge;
        }
    }

    private void putAside() throws IOException {
        Optional<FileFacts> current = fs.look(files.current());
        if (current.isPresent() && !current.get().isRegular()) {
            throw new IOException(
                    files.current() + " is " + current.get().kind() + ", not a regular file; move it away");
        }
        if (current.isPresent()) {
            History.putAside(files, fs);
        }
    }

    /** What a run that was killed had decided is done; what it had not is removed. */
    private void finishEarlier() throws IOException {
        for (String name : fs.list(files.directory())) {
            Path file = files.directory().resolve(name);
            OptionalInt upTo = HistoryFiles.replacedUpTo(name);
            if (upTo.isPresent() && isPublished(file)) {
                finish(file, parts(upTo.getAsInt()));
            } else if (upTo.isPresent() || SPILL.matcher(name).matches()) {
                drop(file);
            }
        }
    }

    /** Becomes the file that is added to; where a watcher has begun one meanwhile, the latest part. */
    private void publish(Path draft) throws IOException {
        Path name = files.current();
        while (!link(draft, name)) {
            name = files.part(files.next(fs));
        }
        fs.sync(files.directory());
    }

    private boolean link(Path draft, Path name) throws IOException {
        try {
            fs.link(draft, name);
            return true;
        } catch (FileAlreadyExistsException e) {
            // It may be ours all the same: the tree decides, not the error.
            return isPublished(draft);
        }
    }

    /** Deletes what the draft replaces, unless it is another file by now, and then its own first name. */
    private void finish(Path draft, Map<Integer, FileFacts> replaced) throws IOException {
        String own = identity(draft);
        for (Map.Entry<Integer, FileFacts> old : replaced.entrySet()) {
            Path part = files.part(old.getKey());
            String identity = old.getValue().identity();
            if (identity(part).equals(identity) && !identity.equals(own)) {
                drop(part);
            }
        }
        drop(draft);
    }

    private boolean isPublished(Path draft) throws IOException {
        String own = identity(draft);
        boolean published = identity(files.current()).equals(own);
        for (int number : files.parts(fs)) {
            published |= identity(files.part(number)).equals(own);
        }
        return published && !own.isEmpty();
    }

    private String identity(Path file) throws IOException {
        return fs.look(file).map(FileFacts::identity).orElse("");
    }

    private void dropUnlessPublished(Path draft) throws IOException {
        if (!isPublished(draft)) {
            drop(draft);
        }
    }

    private void drop(Path file) throws IOException {
        HistoryFiles.drop(file, fs);
    }
}
