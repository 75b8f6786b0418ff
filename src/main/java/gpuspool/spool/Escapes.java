package gpuspool.spool;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;

/** Bytes as one line of UTF-8 and back: what is not printable or not UTF-8 stands as {@code \xHH}. */
public final class Escapes {
    private static final int HEX = 16;

    private Escapes() {}

    public static String escape(byte[] raw) {
        return escape(raw, false);
    }

    /** Text of several lines: all but the line feeds between them. */
    static String escapeLines(byte[] raw) {
        return escape(raw, true);
    }

    private static String escape(byte[] raw, boolean lines) {
        StringBuilder line = new StringBuilder(raw.length);
        int at = 0;
        while (at < raw.length) {
            int length = lines && raw[at] == '\n' ? 1 : characterLength(raw, at);
            if (length == 0) {
                String hex = Integer.toHexString(raw[at] & 0xff);
                line.append("\\x").append(hex.length() < 2 ? "0" : "").append(hex);
                at++;
            } else if (length == 1) {
                line.append((char) raw[at]);
                at++;
            } else {
                line.append(new String(raw, at, length, StandardCharsets.UTF_8));
                at += length;
            }
        }
        return line.toString();
    }

    public static String escape(String text) {
        return escape(text.getBytes(StandardCharsets.UTF_8));
    }

    /** An escaped text for people: its backslashes as they were typed, all else that was escaped still so. */
    public static String forPeople(String line) {
        return line.replace("\\x5c", "\\");
    }

    /** The bytes that were escaped; what is no escape stands for itself. */
    public static byte[] unescape(String line) {
        byte[] in = line.getBytes(StandardCharsets.UTF_8);
        byte[] out = new byte[in.length];
        int length = 0;
        for (int i = 0; i < in.length; i++) {
            int escaped = i + 3 < in.length && in[i] == '\\' && in[i + 1] == 'x' ? hex(in[i + 2], in[i + 3]) : -1;
            if (escaped >= 0) {
                out[length++] = (byte) escaped;
                i += 3;
            } else {
                out[length++] = in[i];
            }
        }
        return java.util.Arrays.copyOf(out, length);
    }

    /** The value of two hex digits; negative where one of them is none. */
    private static int hex(byte high, byte low) {
        int first = Character.digit(high, HEX);
        int second = Character.digit(low, HEX);
        return first < 0 || second < 0 ? -1 : first * HEX + second;
    }

    /** Length in bytes of the printable UTF-8 character at this place; 0 where there is none. */
    private static int characterLength(byte[] raw, int at) {
        int first = raw[at] & 0xff;
        if (first < 0x20 || first == 0x7f || first == '\\') {
            return 0;
        }
        if (first < 0x80) {
            return 1;
        }
        int length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
        return at + length <= raw.length && isUtf8(raw, at, length) ? length : 0;
    }

    /** Without an exception for every byte that is none: there may be many. */
    private static boolean isUtf8(byte[] raw, int at, int length) {
        CharBuffer character = CharBuffer.allocate(2);
        return !StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(raw, at, length), character, true)
                .isError();
    }
}
