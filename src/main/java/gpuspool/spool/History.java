package gpuspool.spool;

import gpuspool.posix.FileFacts;
import gpuspool.posix.SharedAppend;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Adds lines to a host's record ({@code spool-layout.md}, section 1.6). Several may do so at once, and the file may be moved or
 * deleted at any time: it is opened anew for every batch. Nothing decides by the record, so nobody waits for it.
 */
public final class History {
    /** Times a batch is written again whose file was moved away meanwhile. */
    private static final int MOST_TRIES = 3;

    private final HistoryFiles files;
    private final Fs fs;
    private final LongSupplier largest;

    /** @param largest size in bytes at which the file becomes an older part */
    public History(HistoryFiles files, Fs fs, LongSupplier largest) {
        this.files = files;
        this.fs = fs;
        this.largest = largest;
    }

    /** What became of a batch: how many of its lines are not in the record, and why; with none, why it could not be put aside. */
    public record Outcome(int missing, Optional<IOException> why) {}

    /** Adds these lines, each with its line feed, by one write. */
    public Outcome append(List<String> lines) {
        byte[] batch = String.join("", lines).getBytes(StandardCharsets.UTF_8);
        try {
            SharedAppend.Added added = write(batch);
            if (added.written() < batch.length) {
                String why = files.current() + " took only " + added.written() + " of " + batch.length + " bytes";
                int whole = lineFeeds(batch, added.written());
                return new Outcome(lines.size() - whole, Optional.of(new IOException(why)));
            }
            boolean large = added.before().size() + batch.length >= largest.getAsLong();
            return new Outcome(0, large ? putAside(added) : Optional.empty());
        } catch (IOException e) {
            return new Outcome(lines.size(), Optional.of(e));
        }
    }

    /** What is read by a rebuild was moved aside first, and a batch that came too late for it is in the new file as well. */
    private SharedAppend.Added write(byte[] batch) throws IOException {
        SharedAppend.Added added = writeOnce(batch);
        for (int i = 1; i < MOST_TRIES && !isCurrent(added); i++) {
            added = writeOnce(batch);
        }
        return added;
    }

    private SharedAppend.Added writeOnce(byte[] batch) throws IOException {
        try {
            return fs.addLines(files.current(), batch);
        } catch (IOException e) {
            if (fs.look(files.directory()).isPresent()) {
                throw e;
            }
            makeDirectory();
            return fs.addLines(files.current(), batch);
        }
    }

    private void makeDirectory() throws IOException {
        try {
            fs.mkdir(files.directory());
        } catch (FileAlreadyExistsException e) {
            // Another one was quicker; what lies there now is told by the next try.
            return;
        }
    }

    private boolean isCurrent(SharedAppend.Added added) throws IOException {
        Optional<FileFacts> there = fs.look(files.current());
        return there.map(FileFacts::identity).equals(Optional.of(added.before().identity()));
    }

    private static int lineFeeds(byte[] batch, int length) {
        int count = 0;
        for (int i = 0; i < length; i++) {
            count += batch[i] == '\n' ? 1 : 0;
        }
        return count;
    }

    private Optional<IOException> putAside(SharedAppend.Added added) {
        try {
            if (isCurrent(added)) {
                putAside(files, fs);
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e);
        }
    }

    /** Makes the file that is added to an older part, unless somebody else is quicker. */
    static void putAside(HistoryFiles files, Fs fs) throws IOException {
        Optional<String> before = fs.look(files.current()).map(FileFacts::identity);
        Path part = reserve(files, fs);
        Optional<String> reserved = fs.look(part).map(FileFacts::identity);
        try {
            fs.rename(files.current(), part);
        } catch (IOException e) {
            // The tree decides, not the error.
            if (fs.look(files.current()).map(FileFacts::identity).equals(before) && before.isPresent()) {
                throw e;
            }
        } finally {
            // Only what was reserved and never used. Another empty file is one that somebody has just opened and is
            // about to write
            // to; thrown away, its inode could be that of the next file, and nobody would notice that the lines are
            // gone.
            if (reserved.isPresent() && fs.look(part).map(FileFacts::identity).equals(reserved)) {
                HistoryFiles.drop(part, fs);
            }
        }
    }

    /** An empty file under a number that is nobody else's: a rename onto it replaces nothing, on every file system. */
    private static Path reserve(HistoryFiles files, Fs fs) throws IOException {
        int number = files.next(fs);
        while (true) {
            try {
                fs.create(files.part(number), new byte[0]);
                return files.part(number);
            } catch (FileAlreadyExistsException e) {
                number++;
            }
        }
    }
}
