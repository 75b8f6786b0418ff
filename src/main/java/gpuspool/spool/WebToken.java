package gpuspool.spool;

import gpuspool.posix.FileFacts;
import gpuspool.posix.RandomId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/** The secret by which {@code POST /acquire} knows the user whose server it is; {@code spool-layout.md}, section 1.4. */
public final class WebToken {
    private static final String NAME = "web.token";
    private static final int OTHERS = 077;
    private static final int LARGEST = 256;
    private static final Path SELF = Path.of("/proc/self/");

    private final Layout places;
    private final String host;
    private final Fs fs;

    public WebToken(Layout places, String host, Fs fs) {
        this.places = places;
        this.host = host;
        this.fs = fs;
    }

    public Path file() {
        return places.host(host).resolve(NAME);
    }

    /**
     * What it is; made where it is missing.
     *
     * @return empty while no watcher has ever been here: then there is no place for it, and nothing to give
     * @throws IOException also where others could read it, or have made it
     */
    public Optional<String> read() throws IOException {
        Optional<FileFacts> there = fs.look(file());
        if (there.isEmpty() && fs.look(places.host(host)).isEmpty()) {
            return Optional.empty();
        }
        if (there.isEmpty()) {
            make();
            there = fs.look(file());
        }
        FileFacts facts = there.orElseThrow(() -> new NoSuchFileException(file().toString()));
        if (!facts.isRegular() || facts.owner() != ownUid() || (facts.mode() & OTHERS) != 0) {
            throw new IOException(file() + " is no file that this server's user alone may read (it is "
                    + facts.kind() + " of uid " + facts.owner() + ", mode "
                    + Integer.toOctalString(facts.mode() & 0777)
                    + "); start the server as that user, or remove the file: it is made anew");
        }
        String token = new String(fs.read(file(), LARGEST), StandardCharsets.US_ASCII).strip();
        if (token.isEmpty()) {
            throw new IOException(file() + " is empty; remove it: it is made anew");
        }
        return Optional.of(token);
    }

    /** Uid of this process. */
    public static int ownUid() throws IOException {
        return (Integer) Files.getAttribute(SELF, "unix:uid");
    }

    /** Whole under its name or not at all, and never readable by others; of two who make it at once one is first. */
    private void make() throws IOException {
        Path draft = places.tmp().resolve("web-token." + RandomId.next());
        byte[] token = (RandomId.next() + RandomId.next() + "\n").getBytes(StandardCharsets.US_ASCII);
        try (SeekableByteChannel out = Files.newByteChannel(
                draft,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer left = ByteBuffer.wrap(token);
            while (left.hasRemaining()) {
                out.write(left);
            }
        }
        try {
            fs.link(draft, file());
        } catch (FileAlreadyExistsException e) {
            // Somebody else's is as good.
            return;
        } finally {
            fs.delete(draft);
        }
    }
}
