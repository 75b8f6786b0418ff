package gpuspool.spool;

import gpuspool.job.JobId;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What a job directory says for the record.
 *
 * @param script the text of its file {@code script}, escaped and cut
 * @param reason the lines of its file {@code reason}, escaped and cut
 * @param moved when its directory was last renamed, where {@code status} has no time of its end
 */
record HistoryFacts(
        JobId id, JobDir.Contents contents, Optional<String> script, Optional<String> reason, String moved) {
    /** Bytes of {@code script} and of {@code reason} that are told. */
    static final int LONGEST_TEXT = 64 * 1024;

    /** Reads what these lines need beyond what was seen in the directory. */
    static HistoryFacts read(JobDir dir, JobDir.Contents contents, Collection<HistoryState> states, Fs fs)
            throws IOException {
        Optional<String> script =
                states.contains(HistoryState.RUNNING) ? text(dir, JobDir.SCRIPT, contents, fs) : Optional.empty();
        Optional<String> reason = states.contains(HistoryState.FAILED)
                // For people, and nobody unescapes it: a backslash stays one.
                ? text(dir, JobDir.REASON, contents, fs)
                        .map(text -> text.replace("\\x5c", "\\").strip())
                : Optional.empty();
        boolean timed = contents.status().get("ended").isPresent();
        return new HistoryFacts(dir.id(), contents, script, reason, timed ? "" : moved(dir, fs));
    }

    private static Optional<String> text(JobDir dir, String name, JobDir.Contents contents, Fs fs) throws IOException {
        if (!contents.has(name)) {
            return Optional.empty();
        }
        byte[] bytes = fs.read(dir.file(name), LONGEST_TEXT + 1);
        boolean cut = bytes.length > LONGEST_TEXT;
        int length = cut ? wholeCharacters(bytes) : bytes.length;
        return Optional.of(Escapes.escapeLines(java.util.Arrays.copyOf(bytes, length)) + (cut ? "…" : ""));
    }

    /** Where to cut so that no character is split. */
    private static int wholeCharacters(byte[] bytes) {
        int end = LONGEST_TEXT;
        while (end > LONGEST_TEXT - 4 && (bytes[end] & 0xc0) == 0x80) {
            end--;
        }
        return end;
    }

    private static String moved(JobDir dir, Fs fs) throws IOException {
        Instant changed =
                fs.look(dir.path()).map(facts -> facts.changed().toInstant()).orElse(Instant.EPOCH);
        return Times.format(changed);
    }

    Optional<String> fact(String key) {
        return contents.status().get(key);
    }

    /** Which lines the tree can still tell of a job that lies there now. */
    static List<HistoryState> states(JobDir.Contents contents, Where where) {
        List<HistoryState> states = new ArrayList<>();
        StatusFile status = contents.status();
        if (status.get("claimed").isPresent()
                && (where.isEnd() || status.get("command").isPresent())) {
            states.add(HistoryState.CLAIMED);
        }
        if (contents.startMark().isPresent()) {
            states.add(HistoryState.RUNNING);
        }
        if (where.isEnd()) {
            states.add(HistoryState.of(where));
        }
        return states;
    }
}
