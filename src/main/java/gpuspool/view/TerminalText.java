package gpuspool.view;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lets what a job printed through to a terminal without letting it rule the terminal. As they are pass: printable UTF-8, tab, line
 * feed, carriage return (progress bars live on it, and it reaches no other line) and whole colour sequences, {@code ESC [ numbers m}.
 * Everything else is shown as in {@link Words#safe}, and bytes that are no UTF-8 as {@code \xHH}.
 */
public final class TerminalText extends FilterOutputStream {
    private static final char ESCAPE = 0x1b;
    private static final Pattern COLOUR = Pattern.compile("\\x1b\\[[0-9;:]{0,48}m");
    private static final String NO_COLOUR = ESCAPE + "[0m";

    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    /** The first bytes of a character whose others have not come yet. */
    private ByteBuffer begun = ByteBuffer.allocate(0);
    /** The first characters of what may become a colour. */
    private String unsettled = "";

    private boolean coloured;

    public TerminalText(OutputStream terminal) {
        super(terminal);
    }

    /** A whole text, as it may be shown. */
    public static byte[] of(byte[] text) throws IOException {
        ByteArrayOutputStream shown = new ByteArrayOutputStream(text.length);
        try (TerminalText terminal = new TerminalText(shown)) {
            terminal.write(text);
        }
        return shown.toByteArray();
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b});
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        show(decode(bytes, from, count, false), false);
    }

    private String decode(byte[] bytes, int from, int count, boolean last) {
        ByteBuffer in = ByteBuffer.allocate(begun.remaining() + count);
        in.put(begun).put(bytes, from, count).flip();
        CharBuffer chars = CharBuffer.allocate(in.remaining());
        StringBuilder text = new StringBuilder(chars.capacity());
        CoderResult result = decoder.decode(in, chars, last);
        while (result.isMalformed()) {
            text.append(chars.flip());
            chars.clear();
            for (int i = 0; i < result.length(); i++) {
                text.append(String.format("\\x%02x", in.get()));
            }
            result = decoder.decode(in, chars, last);
        }
        begun = in;
        return text.append(chars.flip()).toString();
    }

    private void show(String more, boolean last) throws IOException {
        String text = unsettled + more;
        StringBuilder shown = new StringBuilder(text.length() + 16);
        Matcher colour = COLOUR.matcher(text);
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == ESCAPE && colour.region(at, text.length()).lookingAt()) {
                coloured = true;
                shown.append(text, at, colour.end());
                at = colour.end();
            } else if (c == ESCAPE && !last && colour.hitEnd()) {
                break;
            } else {
                Words.show(c, c == '\t' || c == '\r', shown);
                at++;
            }
        }
        unsettled = text.substring(at);
        out.write(shown.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Shows what never became whole and takes back the colours. The terminal itself stays open. */
    @Override
    public void close() throws IOException {
        show(decode(new byte[0], 0, 0, true), true);
        if (coloured) {
            out.write(NO_COLOUR.getBytes(StandardCharsets.US_ASCII));
        }
        out.flush();
    }
}
