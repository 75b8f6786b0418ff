package gpuspool.spool;

import gpuspool.posix.RawNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.Arrays;

/** Requests in {@code control/}, made as by touch and taken back as by rm; {@code spool-layout.md}, section 1.5. */
public final class Requests {
    /** What follows a file's name in the request for it to come first. */
    static final String FIRST = ".first";

    private static final int LONGEST_NAME = 255;
    private static final int MOST_TRIES = 100;

    private final Layout places;
    private final Fs fs;

    public Requests(Layout places, Fs fs) {
        this.places = places;
        this.fs = fs;
    }

    /** Makes a request; false where it lies there already. */
    public boolean make(Path request) throws IOException {
        try {
            fs.create(request, new byte[0]);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    /** Takes a request back; false where there is none. */
    public boolean takeBack(Path request) throws IOException {
        try {
            fs.delete(request);
            return true;
        } catch (IOException e) {
            if (fs.look(request).isPresent()) {
                throw e;
            }
            return false;
        }
    }

    /** Asks for this dropped file to come before all others; asked again, before those that were asked for meanwhile. */
    public void makeFirst(Path file) throws IOException {
        byte[] name = RawNames.lastName(file);
        if (name.length + FIRST.length() > LONGEST_NAME) {
            throw new IOException(
                    "the name of " + Escapes.escape(name) + " is too long for a request in control/; rename"
                            + " it, to " + (LONGEST_NAME - FIRST.length()) + " bytes at most");
        }
        Path request = firstOf(name);
        // It may be served and removed between two tries.
        for (int i = 0; i < MOST_TRIES; i++) {
            if (make(request) || fs.touch(request)) {
                return;
            }
        }
        throw new IOException("cannot make " + request + ": it comes and goes; try again");
    }

    /** Takes back the request for this dropped file to come first, if there is one. */
    public void takeBackFirst(Path file) throws IOException {
        byte[] name = RawNames.lastName(file);
        if (name.length + FIRST.length() <= LONGEST_NAME) {
            boolean unused = takeBack(firstOf(name));
        }
    }

    private Path firstOf(byte[] name) {
        byte[] both = Arrays.copyOf(name, name.length + FIRST.length());
        System.arraycopy(FIRST.getBytes(StandardCharsets.US_ASCII), 0, both, name.length, FIRST.length());
        return RawNames.entry(places.control(), both);
    }
}
