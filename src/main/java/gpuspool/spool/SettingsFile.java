package gpuspool.spool;

import gpuspool.posix.FileFacts;
import gpuspool.posix.LeasedRead;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** The file {@code spool.toml}, as bytes: read whole, without ever blocking. It may be a symbolic link to a file. */
public final class SettingsFile {
    private final Path file;
    private final int limit;
    private final boolean leases;

    /**
     * Looks at nothing yet.
     *
     * @param limit the most bytes it may have
     * @param leases whether the spool's file system knows leases
     */
    public SettingsFile(Layout places, int limit, boolean leases) {
        file = places.settings();
        this.limit = limit;
        this.leases = leases;
    }

    public sealed interface Outcome {}

    /** There is none: all is at its default. */
    public record Absent() implements Outcome {}

    /** Something that cannot be read; what to do is for who made it. */
    public record Unfit(String what, String todo) implements Outcome {}

    /** Somebody has it open for writing. */
    public record BeingWritten() implements Outcome {}

    /** Its bytes at one moment. */
    public static final class Content implements Outcome {
        private final byte[] bytes;
        private final FileFacts facts;
        private final boolean leased;

        private Content(LeasedRead.Content content) {
            bytes = content.bytes();
            facts = content.facts();
            leased = content.leased();
        }

        /** A copy of the bytes. */
        public byte[] bytes() {
            return Arrays.copyOf(bytes, bytes.length);
        }

        public FileFacts facts() {
            return facts;
        }

        /** Whether nobody had it open for writing then; else that is not known. */
        public boolean leased() {
            return leased;
        }
    }

    /** What lies there now, a symbolic link followed; empty where there is nothing. */
    public Optional<FileFacts> look() throws IOException {
        Optional<FileFacts> own = FileFacts.of(file);
        return own.isEmpty() || own.get().isRegular() ? own : throughLink(own.get());
    }

    private Optional<FileFacts> throughLink(FileFacts own) throws IOException {
        try {
            return FileFacts.of(file.toRealPath());
        } catch (NoSuchFileException e) {
            return Optional.of(own);
        }
    }

    public Outcome read() {
        try {
            if (FileFacts.of(file).isEmpty()) {
                return new Absent();
            }
            return read(file.toRealPath());
        } catch (NoSuchFileException e) {
            return new Unfit("is a symbolic link to nothing", "correct the link, or remove it");
        } catch (IOException e) {
            return new Unfit("cannot be read: " + e.getMessage(), "make it readable for the user who runs the watcher");
        }
    }

    private Outcome read(Path real) throws IOException {
        LeasedRead.Outcome outcome = LeasedRead.read(real, limit, leases);
        if (outcome instanceof LeasedRead.Content content) {
            return new Content(content);
        }
        if (outcome instanceof LeasedRead.Unfit unfit) {
            return unfit.facts().isRegular()
                    ? new Unfit("is " + unfit.what() + " bytes", "make it smaller")
                    : new Unfit("is " + unfit.what(), "make it a regular file, or remove it");
        }
        return outcome instanceof LeasedRead.Gone ? new Absent() : new BeingWritten();
    }
}
