package gpuspool.parallel;

import java.nio.charset.StandardCharsets;

/**
 * Text of which every byte counts, UTF-8 or not: each char is one byte, so that lines are cut, joined and searched as text and reach the
 * shell as they came.
 */
final class Raw {
    private Raw() {}

    static String of(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Of a word as Java has it. */
    static String of(String word) {
        return of(word.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] bytes(String raw) {
        return raw.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** For people. */
    static String shown(String raw) {
        return new String(bytes(raw), StandardCharsets.UTF_8);
    }
}
