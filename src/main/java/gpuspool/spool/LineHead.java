package gpuspool.spool;

import java.nio.charset.StandardCharsets;

/**
 * The first words of a line of the record as watchers write it, read without a parser: of most lines nothing more is wanted, and
 * there may be millions. A line that looks otherwise may be one all the same.
 */
final class LineHead {
    private static final byte[] TIME = bytes("{\"time\":\"");
    private static final byte[] JOB = bytes("\",\"job\":\"");
    private static final byte[] ID = bytes("\",\"id\":\"");
    private static final byte[] STATE = bytes("\",\"state\":\"");
    private static final int TIME_LENGTH = "2026-01-02T03:04:05.678Z".length();
    private static final long HASH_BASIS = 0xcbf29ce484222325L;
    private static final long HASH_PRIME = 0x100000001b3L;

    private byte[] line = {};
    private int length;
    private int at;
    private long time;
    private long idHash;
    private boolean end;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether it is such a line; then the others tell of it. */
    boolean read(byte[] bytes, int count) {
        line = bytes;
        length = count;
        at = 0;
        if (count < 2 || bytes[count - 1] != '}' || !skip(TIME)) {
            return false;
        }
        int from = at;
        at += TIME_LENGTH;
        if (at >= length) {
            return false;
        }
        var millis = Times.parse(new String(bytes, from, TIME_LENGTH, StandardCharsets.ISO_8859_1));
        if (millis.isEmpty() || !skip(JOB) || !skipWord() || !skip(ID)) {
            return false;
        }
        int id = at;
        if (!skipWord()) {
            return false;
        }
        idHash = hash(line, id, at);
        time = millis.getAsLong();
        if (!skip(STATE) || at >= length) {
            return false;
        }
        byte first = line[at];
        end = first == 'd' || first == 'f';
        return end || first == 'c' || first == 'r';
    }

    private boolean skip(byte[] word) {
        if (at + word.length > length) {
            return false;
        }
        for (byte b : word) {
            if (line[at++] != b) {
                return false;
            }
        }
        return true;
    }

    /** To the next quotation mark; names have no escapes. */
    private boolean skipWord() {
        while (at < length && line[at] != '"') {
            if (line[at] == '\\') {
                return false;
            }
            at++;
        }
        return at < length;
    }

    private static long hash(byte[] bytes, int from, int to) {
        long hash = HASH_BASIS;
        for (int i = from; i < to; i++) {
            hash = (hash ^ (bytes[i] & 0xff)) * HASH_PRIME;
        }
        return hash;
    }

    /** The same of a text as of its bytes. */
    static long hash(String id) {
        byte[] bytes = id.getBytes(StandardCharsets.UTF_8);
        return hash(bytes, 0, bytes.length);
    }

    /** Milliseconds since 1970. */
    long time() {
        return time;
    }

    long idHash() {
        return idHash;
    }

    /** Whether it tells of a job's end. */
    boolean isEnd() {
        return end;
    }
}
