package gpuspool.doctor;

import gpuspool.posix.FileFacts;
import gpuspool.posix.LeasedRead;
import gpuspool.posix.RandomId;
import gpuspool.posix.Renames;
import gpuspool.spool.Fs;
import gpuspool.spool.Layout;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tries in {@code tmp/} what the queue's safety rests on, and takes all of it away again. */
final class FileProbe {
    private static final int LARGEST = 4096;
    private static final byte[] BLOCK = new byte[LARGEST];
    private static final long NANOS_PER_MILLI = 1_000_000;

    /**
     * What came of it.
     *
     * @param failures what did not work, and what the system answered
     * @param noReplace whether it can rename without replacing, in one step; empty where that could not be asked
     * @param leases whether it gives read leases; empty where that could not be asked
     * @param syncMillis how long a file and its directory took to be on disk
     * @param aheadMillis how far the clock that stamps files is ahead of ours; negative: behind
     */
    record Result(
            List<String> failures,
            Optional<Boolean> noReplace,
            Optional<Boolean> leases,
            long syncMillis,
            long aheadMillis) {}

    private final Fs fs;
    private final Path directory;
    private final boolean nativeCode;
    private final List<String> failures = new ArrayList<>();

    private FileProbe(Path directory, Fs fs, boolean nativeCode) {
        this.directory = directory;
        this.fs = fs;
        this.nativeCode = nativeCode;
    }

    /** @param nativeCode whether the C library can be called */
    static Result tryOut(Layout places, Fs fs, boolean nativeCode) throws IOException {
        try {
            return once(places, fs, nativeCode);
        } catch (NoSuchFileException e) {
            // A watcher that starts sweeps tmp/; it does so once.
            return once(places, fs, nativeCode);
        }
    }

    private static Result once(Layout places, Fs fs, boolean nativeCode) throws IOException {
        Path directory = places.tmp().resolve("doctor." + RandomId.next());
        fs.mkdir(directory);
        try {
            return new FileProbe(directory, fs, nativeCode).run();
        } finally {
            for (String name : fs.list(directory)) {
                fs.delete(directory.resolve(name));
            }
            fs.delete(directory);
        }
    }

    private Result run() throws IOException {
        Path file = directory.resolve("file");
        long ahead = create(file);
        refuses("made a file anew that was there", () -> fs.create(file, BLOCK));
        Path second = directory.resolve("second");
        fs.create(second, BLOCK);
        refuses("gave a file a name that was taken", () -> fs.link(second, file));
        fs.rename(second, directory.resolve("renamed"));
        Optional<Boolean> noReplace =
                nativeCode ? Optional.of(renamesToFree(directory.resolve("renamed"), file)) : Optional.empty();
        Optional<Boolean> leases = nativeCode
                ? Optional.of(
                        LeasedRead.read(file, LARGEST, true) instanceof LeasedRead.Content content && content.leased())
                : Optional.empty();
        long start = System.nanoTime();
        fs.sync(file);
        fs.sync(directory);
        long synced = (System.nanoTime() - start) / NANOS_PER_MILLI;
        return new Result(List.copyOf(failures), noReplace, leases, synced, ahead);
    }

    /** Makes the file; how far its time is outside of the time it took, in milliseconds. */
    private long create(Path file) throws IOException {
        long before = System.currentTimeMillis();
        fs.create(file, BLOCK);
        long after = System.currentTimeMillis();
        long made = FileFacts.of(file)
                .orElseThrow(() -> new IOException(file + " is gone right after it was made"))
                .changed()
                .toMillis();
        return made > after ? made - after : Math.min(0, made - before);
    }

    private interface Step {
        void run() throws IOException;
    }

    private void refuses(String otherwise, Step step) throws IOException {
        try {
            step.run();
            failures.add(otherwise);
        } catch (FileAlreadyExistsException e) {
            // As it must be.
            return;
        }
    }

    private boolean renamesToFree(Path from, Path taken) throws IOException {
        try {
            if (!Renames.withoutReplacing(from, taken)) {
                return false;
            }
            failures.add("renamed a file onto another that was not to be replaced");
        } catch (FileAlreadyExistsException e) {
            // As it must be.
            return true;
        }
        return true;
    }
}
