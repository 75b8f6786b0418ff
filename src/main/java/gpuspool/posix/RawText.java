package gpuspool.posix;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Bytes as text that loses none of them: what is valid UTF-8 is read as that, and every other byte becomes a low surrogate that
 * stands alone, U+DC80 to U+DCFF, which no valid UTF-8 gives.
 */
public final class RawText {
    private static final int LOWEST = 0x80;
    private static final char FIRST = 0xDC00;

    private RawText() {}

    public static String of(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        for (CoderResult result = decoder.decode(in, out, true);
                result.isError();
                result = decoder.decode(in, out, true)) {
            for (int i = 0; i < result.length(); i++) {
                out.put((char) (FIRST + (in.get() & 0xff)));
            }
            decoder.reset();
        }
        return out.flip().toString();
    }

    /** The texts that a file of the kernel's holds, a NUL byte behind each. */
    static List<String> lines(Path file) throws IOException {
        byte[] all = Files.readAllBytes(file);
        List<String> lines = new ArrayList<>();
        int start = 0;
        for (int end = 0; end < all.length; end++) {
            if (all[end] == 0) {
                lines.add(of(Arrays.copyOfRange(all, start, end)));
                start = end + 1;
            }
        }
        return lines;
    }

    public static byte[] bytes(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length() + 1);
        int written = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c)) {
                i++;
            } else if (c >= FIRST + LOWEST && c <= FIRST + 0xff) {
                out.writeBytes(text.substring(written, i).getBytes(StandardCharsets.UTF_8));
                out.write(c - FIRST);
                written = i + 1;
            }
        }
        out.writeBytes(text.substring(written).getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }
}
