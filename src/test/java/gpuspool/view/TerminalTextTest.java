package gpuspool.view;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a job's output a terminal gets. Bytes stand as characters of ISO 8859-1. */
final class TerminalTextTest {
    private static final String MIXED =
            "10%\r20%\tü€😀 \u001b[1;32mgreen\u001b[m \u001b[2J \u0007 \u009b31m \u202etxt\n";

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String shown(String bytes) throws IOException {
        return new String(TerminalText.of(bytes.getBytes(StandardCharsets.ISO_8859_1)), StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain\n", "a\tb\n", "10%\r20%\r\n", "back\\slash\\x41", ""})
    void harmlessText_passes(String text) throws IOException {
        assertEquals(text, shown(text));
    }

    @Test
    void lettersOfAllPlanes_pass() throws IOException {
        String text = "größe 漢字 😀 e\u0301 \u00a0 \uffff\n";
        assertEquals(text, new String(TerminalText.of(utf8(text)), StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u001b[31m", "\u001b[m", "\u001b[0;1;38;5;208m", "\u001b[38:2::255:0:0m"})
    void colours_passAndAreTakenBackAtTheEnd(String colour) throws IOException {
        assertEquals("a" + colour + "b\u001b[0m", shown("a" + colour + "b"));
    }

    @Test
    void whatRulesATerminal_isShown() throws IOException {
        Map<String, String> expected = new LinkedHashMap<>();
        expected.put("\u001b[2J", "\\u{1b}[2J"); // clears the screen
        expected.put("\u001b[1A", "\\u{1b}[1A"); // goes up a line
        expected.put("\u001b]0;title\u0007", "\\u{1b}]0;title\\u{7}");
        expected.put("\u001bP+q\u001b\\", "\\u{1b}P+q\\u{1b}\\");
        expected.put("\u001b[?25l", "\\u{1b}[?25l");
        expected.put("\u001b[31", "\\u{1b}[31");
        expected.put("\u001b[31\u001b[2Jm", "\\u{1b}[31\\u{1b}[2Jm");
        expected.put("\u001b", "\\u{1b}");
        expected.put("a\bb", "a\\u{8}b");
        expected.put("\u0000", "\\u{0}");
        expected.put("\u000e\u007f", "\\u{e}\\u{7f}");
        for (Map.Entry<String, String> each : expected.entrySet()) {
            assertEquals(each.getValue(), shown(each.getKey()));
        }
    }

    @Test
    void controlsBeyondAscii_areShown() throws IOException {
        String shown =
                new String(TerminalText.of(utf8("\u009b2J \u0085 \u202e \u2066 \u200b")), StandardCharsets.UTF_8);
        assertEquals("\\u{9b}2J \\u{85} \\u{202e} \\u{2066} \u200b", shown);
    }

    @Test
    void bytesThatAreNoUtf8_areShownOneByOne() throws IOException {
        assertEquals("\\xff a\\xe9b \\xc3", shown("\u00ff a\u00e9b \u00c3"));
        // Overlong, a surrogate, and the beginning of a character before another one.
        assertEquals("\\xc0\\x9b \\xed\\xa0\\x80 \\xe2\\x82x", shown("\u00c0\u009b \u00ed\u00a0\u0080 \u00e2\u0082x"));
    }

    @Test
    void endlessSequence_isNotKeptForEver() throws IOException {
        String numbers = "\u001b[" + "1;".repeat(1000);
        assertEquals(numbers.replace("\u001b", "\\u{1b}"), shown(numbers));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TerminalText text = new TerminalText(out);
        text.write(numbers.getBytes(StandardCharsets.US_ASCII));
        assertEquals(numbers.length() + 5, out.size());
    }

    @Test
    void cutAnywhere_isShownTheSame() throws IOException {
        byte[] all = utf8(MIXED);
        String whole = new String(TerminalText.of(all), StandardCharsets.UTF_8);
        assertEquals(
                "10%\r20%\tü€😀 \u001b[1;32mgreen\u001b[m \\u{1b}[2J \\u{7} \\u{9b}31m \\u{202e}txt\n\u001b[0m", whole);
        for (int cut = 0; cut <= all.length; cut++) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (TerminalText text = new TerminalText(out)) {
                text.write(Arrays.copyOf(all, cut));
                text.flush();
                text.write(Arrays.copyOfRange(all, cut, all.length));
            }
            assertEquals(whole, out.toString(StandardCharsets.UTF_8), "cut at " + cut);
        }
    }
}
