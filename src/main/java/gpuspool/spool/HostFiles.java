package gpuspool.spool;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** What a watcher tells about itself in {@code hosts/<host>/}: who it is, its cards, why jobs wait, what needs attention. Replaced by rename. */
public final class HostFiles {
    /** Lines of reasons written before the rest is only counted. */
    public static final int MOST_REASONS = 1000;

    private final Path directory;
    private final Fs fs;

    public HostFiles(Layout places, String host, Fs fs) throws IOException {
        directory = places.host(host);
        this.fs = fs;
        if (!Files.isDirectory(directory)) {
            // Never its parents: where the spool is gone, nothing may come to lie in its place.
            fs.mkdir(directory);
        }
    }

    public static Path watcherFile(Path hostDirectory) {
        return hostDirectory.resolve("watcher");
    }

    public static Path waitingFile(Path hostDirectory) {
        return hostDirectory.resolve("waiting");
    }

    public static Path cardsFile(Path hostDirectory) {
        return hostDirectory.resolve("gpus");
    }

    public static Path attentionFile(Path hostDirectory) {
        return hostDirectory.resolve("attention");
    }

    public static Path machineFile(Path hostDirectory) {
        return hostDirectory.resolve("machine");
    }

    public static Path log(Path hostDirectory) {
        return hostDirectory.resolve("watcher.log");
    }

    /** A watcher that leaves takes its name off the door, and nobody else's; {@code root}: a way to its spool, which may be renamed. */
    public static void removeWatcher(Path root, String host, long pid, Fs fs) throws IOException {
        Path file = watcherFile(new Layout(root).host(host));
        boolean own = fs.look(file).isPresent()
                && StatusFile.read(fs, file).number("pid").equals(OptionalLong.of(pid));
        if (own) {
            fs.delete(file);
        }
    }

    /** Which machine watches under this name: kept when the watcher leaves, so that it is known again under another. */
    public void writeMachine(String machine) throws IOException {
        replace(machineFile(directory), (machine + "\n").getBytes(StandardCharsets.UTF_8));
    }

    public void writeWatcher(StatusFile.Lines facts) throws IOException {
        replace(watcherFile(directory), facts.bytes());
    }

    /** A queued job's name, escaped, and why it waits. */
    public record Waiting(String name, String reason) {}

    /** How many jobs wait for the same reason. */
    public record Count(long jobs, String reason) {}

    /**
     * @param more how many wait beyond those listed
     * @param why of these
     */
    public void writeWaiting(String asOf, List<Waiting> waiting, long more, List<Count> why) throws IOException {
        StringBuilder text = new StringBuilder("as of ").append(asOf).append('\n');
        for (Waiting job : waiting) {
            text.append(job.name())
                    .append('\t')
                    .append(Escapes.escape(job.reason()))
                    .append('\n');
        }
        if (more > 0) {
            text.append("… and ").append(more).append(" more\n");
        }
        for (Count count : why) {
            text.append("… ")
                    .append(count.jobs())
                    .append(": ")
                    .append(Escapes.escape(count.reason()))
                    .append('\n');
        }
        replace(waitingFile(directory), text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * A card of the watcher.
     *
     * @param word as in {@code devices} of {@code status}
     * @param index its number, or {@code -}
     * @param state one of the words of {@code spool-layout.md}, section 10.2
     * @param what what to say of it: the job that has it, or why it is not free; empty text for a free one
     * @param name the product's; empty text where it is not known
     */
    public record Card(String word, String index, String state, String what, String name) {
        /** The word of the line that says why it is not known which cards there are. */
        public static final String NOBODY_KNOWS = "unknown";
    }

    public void writeCards(String asOf, List<Card> cards) throws IOException {
        StringBuilder text = new StringBuilder("as of ").append(asOf).append('\n');
        for (Card card : cards) {
            text.append(Escapes.escape(card.word()))
                    .append('\t')
                    .append(card.index())
                    .append('\t')
                    .append(card.state())
                    .append('\t')
                    .append(Escapes.escape(card.what()))
                    .append('\t')
                    .append(Escapes.escape(card.name()))
                    .append('\n');
        }
        replace(cardsFile(directory), text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** What the operator should know now, a line each; none is an empty file. */
    public void writeAttention(List<String> lines) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            text.append(Escapes.escape(line)).append('\n');
        }
        replace(attentionFile(directory), text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private void replace(Path file, byte[] content) throws IOException {
        Path draft = file.resolveSibling("." + file.getFileName() + ".new");
        fs.overwrite(draft, content);
        fs.rename(draft, file);
    }
}
