package gpuspool.web;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a client gets.
 *
 * @param headers besides those that every answer has
 * @param length of the body in bytes; {@link #UNKNOWN} where it is not known beforehand
 */
record Answer(int status, String type, Map<String, String> headers, long length, Body body) {
    static final long UNKNOWN = -1;
    static final int OK = 200;

    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String JSON = "application/json";

    /** Writes what there is to say; memory is bounded, however long it is. */
    interface Body {
        void writeTo(OutputStream out) throws IOException;
    }

    static Answer text(int status, String text) {
        return of(status, TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    static Answer text(long length, Body body) {
        return new Answer(OK, TEXT, Map.of(), length, body);
    }

    static Answer json(byte[] document) {
        return of(OK, JSON, document);
    }

    static Answer of(int status, String type, byte[] bytes) {
        return new Answer(status, type, Map.of(), bytes.length, out -> out.write(bytes));
    }

    Answer with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Answer(status, type, more, length, body);
    }

    Answer withStatus(int other) {
        return new Answer(other, type, headers, length, body);
    }
}
