package gpuspool.web;

import gpuspool.posix.FileFacts;
import gpuspool.spool.RunLook;
import gpuspool.spool.StatusFile;
import gpuspool.view.TerminalText;
import gpuspool.view.Words;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a job printed. Whole or its end ({@code ?tail=BYTES}) it is escaped as on a terminal; with {@code ?raw}, and by a {@code Range}, which
 * can only mean bytes of the file, it is exact. Memory is bounded, however long it is.
 */
record JobLog(Path file, FileFacts facts) {
    private static final int BUFFER = 1 << 16;
    private static final int NOT_FOUND = 404;
    private static final Pattern RANGE = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");
    /** Of the end of a log so many bytes at most; the rest of it takes a {@code Range}. */
    private static final long MOST_TAIL = 64 << 20;

    static JobLog of(RunLook look) throws IOException, Refusal {
        String name = look.dir().id().shortName();
        Optional<String> mark = look.contents().startMark();
        if (look.isGroup()) {
            throw new Refusal(NOT_FOUND, name + " is a sweep, and prints nothing itself; its jobs do");
        }
        if (mark.isEmpty()) {
            throw new Refusal(NOT_FOUND, name + " has printed nothing: " + look.state());
        }
        Path own = look.dir().file(mark.get());
        Optional<FileFacts> facts = FileFacts.of(own);
        Optional<Path> elsewhere = look.contents().status().path(StatusFile.LOG);
        if (elsewhere.isPresent() && facts.isPresent()) {
            Optional<FileFacts> other = FileFacts.of(elsewhere.get());
            // Of whoever runs the jobs, or none: this server may read more than they may.
            if (other.isEmpty() || other.get().owner() != facts.get().owner()) {
                throw new Refusal(
                        NOT_FOUND,
                        "the output of " + name + " went to "
                                + Words.line(elsewhere.get().toString()) + ", where "
                                + (other.isEmpty() ? "nothing is" : "somebody else's file is") + " now");
            }
            return regular(name, elsewhere.get(), other.get());
        }
        if (facts.isEmpty()) {
            throw new java.nio.file.NoSuchFileException(own.toString());
        }
        return regular(name, own, facts.get());
    }

    private static JobLog regular(String name, Path file, FileFacts facts) throws Refusal {
        if (!facts.isRegular()) {
            throw new Refusal(NOT_FOUND, "the log of " + name + " is " + facts.kind() + ", and is not read");
        }
        return new JobLog(file, facts);
    }

    Answer answer(Request request) throws Refusal {
        Optional<String> range = request.header("Range");
        if (range.isPresent()) {
            return part(range.get());
        }
        long tail = request.number("tail", 0, MOST_TAIL).orElse(facts.size());
        long from = Math.max(0, facts.size() - tail);
        long length = facts.size() - from;
        Answer answer = request.query().containsKey("raw")
                ? Answer.text(length, out -> copy(from, length, out))
                : Answer.text(Answer.UNKNOWN, out -> {
                    try (TerminalText shown = new TerminalText(out)) {
                        copy(from, length, shown);
                    }
                });
        return answer.with("Accept-Ranges", "bytes");
    }

    /** RFC 9110, section 14; of several parts at once none. */
    private Answer part(String range) throws Refusal {
        Matcher asked = RANGE.matcher(range);
        if (!asked.matches() || asked.group(1).isEmpty() && asked.group(2).isEmpty()) {
            throw new Refusal(400, "Range: bytes=FROM-, bytes=FROM-TO or bytes=-LAST");
        }
        long size = facts.size();
        boolean last = asked.group(1).isEmpty();
        long from = last ? Math.max(0, size - Long.parseLong(asked.group(2))) : Long.parseLong(asked.group(1));
        long to = last || asked.group(2).isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(asked.group(2)));
        if (from > to) {
            return Answer.text(416, "the log has " + size + " bytes\n").with("Content-Range", "bytes */" + size);
        }
        return Answer.text(to - from + 1, out -> copy(from, to - from + 1, out))
                .withStatus(206)
                .with("Content-Range", "bytes " + from + "-" + to + "/" + size);
    }

    private void copy(long from, long length, OutputStream out) throws IOException {
        try (InputStream in = Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            in.skipNBytes(from);
            byte[] buffer = new byte[BUFFER];
            long left = length;
            while (left > 0) {
                int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (count < 0) {
                    throw new IOException(file + " became shorter while it was read");
                }
                out.write(buffer, 0, count);
                left -= count;
            }
        }
    }
}
