package gpuspool.spool;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Facts as {@code key = value} lines that are only ever appended; of several with one key the last counts. A last line without
 * a line feed was torn by a crash and does not count.
 */
public record StatusFile(Map<String, String> facts) {
    /** Whether the job is to be queued again; its words are those of {@link gpuspool.job.Again}. */
    public static final String AGAIN = "again";

    /** Why; its words are those of {@link gpuspool.job.AgainFor}. */
    static final String AGAIN_FOR = "again_for";

    /** The copy that was made for that: {@code device:inode:size:mtime}, the last in nanoseconds since 1970. */
    static final String AGAIN_FILE = "again_file";
    /** Id of the sweep that a job is a member of. */
    public static final String GROUP = "group";

    /** Its number there. */
    public static final String MEMBER = "member";

    /** Where else than in the job's directory its output goes; absolute. */
    public static final String LOG = "log";

    /** The same of its stderr alone. */
    public static final String ERROR_LOG = "error_log";

    /** The process that a job's cards are for, where that is one that is there already: its id and its start. */
    public static final String FOREGROUND = "foreground";

    /** When such a process was seen to have them, in milliseconds since boot. */
    public static final String TAKEN = "taken";

    /** Why it waited, as it was last told before its claim. */
    public static final String WAITED_FOR = "waited_for";

    /** Key of the uid of the user whose job it is. */
    public static final String OWNER = "owner";

    private static final String SEPARATOR = " = ";

    public static StatusFile parse(byte[] content) {
        String text = new String(content, StandardCharsets.UTF_8);
        Map<String, String> facts = new LinkedHashMap<>();
        int start = 0;
        for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
            int separator = text.indexOf(SEPARATOR, start);
            if (separator > start && separator < end) {
                facts.put(text.substring(start, separator), text.substring(separator + SEPARATOR.length(), end));
            }
            start = end + 1;
        }
        return new StatusFile(facts);
    }

    /** The value as it stands in the file, escapes and all: safe to print. */
    public Optional<String> get(String key) {
        return Optional.ofNullable(facts.get(key));
    }

    /** The value's words, which blanks stand between; none where it is empty or missing. */
    public List<String> words(String key) {
        String value = facts.getOrDefault(key, "");
        return value.isEmpty() ? List.of() : List.of(value.split(" "));
    }

    /** The path that a value is. */
    public Optional<java.nio.file.Path> path(String key) {
        return get(key).map(
                        value -> java.nio.file.Path.of(new String(Escapes.unescape(value), StandardCharsets.UTF_8)));
    }

    /** Uid of the user whose job it is. */
    public OptionalInt owner() {
        OptionalLong uid = number(OWNER);
        return uid.isPresent() ? OptionalInt.of((int) uid.getAsLong()) : OptionalInt.empty();
    }

    public OptionalLong number(String key) {
        try {
            return facts.containsKey(key) ? OptionalLong.of(Long.parseLong(facts.get(key))) : OptionalLong.empty();
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** Lines to append, in order. */
    public static final class Lines {
        private final StringBuilder text = new StringBuilder();

        public Lines add(String key, String value) {
            text.append(key).append(SEPARATOR).append(Escapes.escape(value)).append('\n');
            return this;
        }

        /** A value that is escaped already. */
        public Lines addEscaped(String key, String value) {
            text.append(key).append(SEPARATOR).append(value).append('\n');
            return this;
        }

        /** All of these, after its own. */
        public Lines add(Lines others) {
            text.append(others.text);
            return this;
        }

        public Lines add(String key, long value) {
            return add(key, Long.toString(value));
        }

        public byte[] bytes() {
            return text.toString().getBytes(StandardCharsets.UTF_8);
        }

        /** For a file whose last line may be torn: the first line then must not be joined to it. */
        byte[] bytesAfter(byte[] existing) {
            boolean torn = existing.length > 0 && existing[existing.length - 1] != '\n';
            return torn ? ("\n" + text).getBytes(StandardCharsets.UTF_8) : bytes();
        }
    }

    /** Reads a status file; an absent one throws. */
    public static StatusFile read(Fs fs, java.nio.file.Path file) throws IOException {
        return parse(fs.read(file, LARGEST));
    }

    /** Far above what a job's whole life appends. */
    public static final int LARGEST = 1 << 20;
}
