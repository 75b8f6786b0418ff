package gpuspool.spool;

import gpuspool.posix.FileFacts;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads what was added to the records of all hosts since it was asked last: each line once, also when a file is put aside for a
 * new one. Where a record was made anew it begins again with all of it.
 */
public final class HistoryFollower {
    private final Layout places;
    private final Fs fs;
    private final long atFirst;
    private final Map<String, Place> reached = new HashMap<>();

    /** Up to where a host's record was read. */
    private record Place(String file, long position) {}

    /** Takes the lines; all in the order of the files. */
    public interface Taker {
        /** One host's record is told from its beginning: what was told of it before is void. */
        void begin(String host);

        void take(String host, HistoryReader.Line line);
    }

    /** @param atFirst how many bytes of each host's record are read the first time, from its end */
    public HistoryFollower(Layout places, Fs fs, long atFirst) {
        this.places = places;
        this.fs = fs;
        this.atFirst = atFirst;
    }

    /** Reads on; not by two threads at once. */
    public void read(Taker taker) throws IOException {
        for (String host : fs.list(places.hosts())) {
            readIfThere(host, taker);
        }
    }

    private void readIfThere(String host, Taker taker) throws IOException {
        try {
            read(host, taker);
        } catch (NoSuchFileException | NotDirectoryException e) {
            // Put aside or made anew in between: found under its new name the next time. Or no host's at all.
        }
    }

    private record Part(Path file, FileFacts facts) {}

    private void read(String host, Taker taker) throws IOException {
        List<Part> parts = parts(HistoryFiles.of(places, host));
        Place place = reached.get(host);
        int at = 0;
        while (place != null
                && at < parts.size()
                && !parts.get(at).facts().identity().equals(place.file())) {
            at++;
        }
        long from = place == null ? 0 : place.position();
        if (place == null || at == parts.size() || parts.get(at).facts().size() < from) {
            taker.begin(host);
            reached.remove(host);
            long left = atFirst;
            at = parts.size();
            from = 0;
            while (at > 0 && left > 0) {
                at--;
                from = Math.max(0, parts.get(at).facts().size() - left);
                left -= parts.get(at).facts().size();
            }
        }
        for (; at < parts.size(); at++) {
            read(host, parts.get(at), from, taker);
            from = 0;
        }
    }

    private void read(String host, Part part, long from, Taker taker) throws IOException {
        String identity = part.facts().identity();
        if (part.facts().size() <= from) {
            reached.put(host, new Place(identity, from));
            return;
        }
        try (HistoryReader reader = new HistoryReader(part.file(), from)) {
            try {
                for (Optional<HistoryReader.Line> line = reader.next(); line.isPresent(); line = reader.next()) {
                    taker.take(host, line.get());
                }
            } finally {
                // Also after an error: what was told is not told again.
                reached.put(host, new Place(identity, reader.position()));
            }
        }
    }

    private List<Part> parts(HistoryFiles files) throws IOException {
        List<Path> paths = new ArrayList<>();
        for (int number : files.parts(fs)) {
            paths.add(files.part(number));
        }
        paths.add(files.current());
        List<Part> parts = new ArrayList<>();
        for (Path path : paths) {
            Optional<FileFacts> facts = fs.look(path);
            if (facts.isPresent() && facts.get().isRegular()) {
                parts.add(new Part(path, facts.get()));
            }
        }
        return parts;
    }
}
