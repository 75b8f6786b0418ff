package gpuspool.spool;

import gpuspool.posix.FileFacts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * All runs that the records of all hosts tell the end of, each once, one after the other. They are gone through twice, first for what
 * is told more than once, so that memory does not depend on how many there are but for some bytes each.
 */
public final class HistoryRuns {
    private final Layout places;
    private final Fs fs;
    private final Progress progress;

    /** @param progress told now and then how far it has come */
    public HistoryRuns(Layout places, Fs fs, Progress progress) {
        this.places = places;
        this.fs = fs;
        this.progress = progress;
    }

    /** Bytes read of those there are. */
    public interface Progress {
        void at(long bytes, long of);
    }

    /**
     * What a first look found.
     *
     * @param lines how many tell of a step
     * @param bad how many are none: torn, or not understood
     * @param first the earliest time in them, milliseconds since 1970; empty where there is none
     * @param unread files that could not be read, and why
     */
    public record Survey(long lines, long bad, OptionalLong first, List<String> unread, Repeats repeats) {}

    /** Runs whose end is told more than once: of these the last line counts. */
    public static final class Repeats {
        private final LongSet ids = new LongSet();

        private Repeats() {}
    }

    private interface PerLine {
        void line(HistoryBytes line);
    }

    /** Counts, and finds what is told more than once. */
    public Survey survey() throws IOException {
        LongSet seen = new LongSet();
        Repeats repeats = new Repeats();
        LineHead head = new LineHead();
        long[] counts = new long[2];
        long[] first = {Long.MAX_VALUE};
        List<String> unread = new ArrayList<>();
        eachLine(
                line -> {
                    Optional<RunParser.Step> step = Optional.empty();
                    boolean known = line.isWhole() && head.read(line.bytes(), line.length());
                    if (!known && line.isWhole()) {
                        step = RunParser.parse(line.bytes(), line.length());
                    }
                    if (known || step.isPresent()) {
                        long time = step.map(RunParser.Step::time).orElse(head.time());
                        boolean end = step.map(read -> read.run().isPresent()).orElse(head.isEnd());
                        long id = step.map(read -> LineHead.hash(read.id())).orElse(head.idHash());
                        counts[0]++;
                        first[0] = Math.min(first[0], time);
                        if (end && !seen.add(id)) {
                            boolean unused = repeats.ids.add(id);
                        }
                    } else {
                        counts[1] += line.isWhole() && line.length() == 0 ? 0 : 1;
                    }
                },
                unread,
                0);
        OptionalLong earliest = counts[0] == 0 ? OptionalLong.empty() : OptionalLong.of(first[0]);
        return new Survey(counts[0], counts[1], earliest, List.copyOf(unread), repeats);
    }

    /**
     * Tells of each run that ended at or after a time.
     *
     * @param since milliseconds since 1970
     * @return how many more lines turned out not to be understood
     */
    public long read(Survey survey, long since, Consumer<RecordedRun> to) throws IOException {
        LineHead head = new LineHead();
        Map<String, RecordedRun> repeated = new HashMap<>();
        long[] bad = new long[1];
        eachLine(
                line -> {
                    boolean known = line.isWhole() && head.read(line.bytes(), line.length());
                    boolean wanted = line.isWhole() && (!known || head.isEnd() && head.time() >= since);
                    Optional<RunParser.Step> step =
                            wanted ? RunParser.parse(line.bytes(), line.length()) : Optional.empty();
                    bad[0] += known && wanted && step.isEmpty() ? 1 : 0;
                    Optional<RecordedRun> run =
                            step.filter(read -> read.time() >= since).flatMap(RunParser.Step::run);
                    if (run.isPresent()
                            && survey.repeats.ids.contains(
                                    LineHead.hash(run.get().id()))) {
                        repeated.put(run.get().id(), run.get());
                    } else {
                        run.ifPresent(to);
                    }
                },
                new ArrayList<>(),
                1);
        repeated.values().forEach(to);
        return bad[0];
    }

    private void eachLine(PerLine todo, List<String> unread, int pass) throws IOException {
        List<Path> files = files();
        long size = 0;
        for (Path file : files) {
            size += fs.look(file).map(FileFacts::size).orElse(0L);
        }
        long read = pass * size;
        for (Path file : files) {
            try (HistoryBytes lines = new HistoryBytes(file)) {
                for (int i = 1; lines.next(); i++) {
                    todo.line(lines);
                    read += lines.length() + 1;
                    if (i % 1000 == 0) {
                        progress.at(read, 2 * size);
                    }
                }
            } catch (IOException e) {
                // One that was put aside or merged meanwhile has its lines in another.
                if (fs.look(file).isPresent()) {
                    unread.add(places.root().relativize(file) + ": " + e.getMessage());
                }
            }
        }
    }

    /** The oldest part of each host first. */
    private List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String host : fs.list(places.hosts())) {
            Path directory = places.host(host);
            if (fs.look(directory).filter(FileFacts::isDirectory).isPresent()) {
                HistoryFiles of = new HistoryFiles(directory);
                for (int number : of.parts(fs)) {
                    files.add(of.part(number));
                }
                files.add(of.current());
            }
        }
        return files;
    }
}
