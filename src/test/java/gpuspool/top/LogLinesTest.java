package gpuspool.top;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogLinesTest {
    private static List<String> lines(String text, boolean whole) throws Exception {
        return LogLines.of(text.getBytes(StandardCharsets.UTF_8), whole);
    }

    @Test
    void progressBar_isShownAsItStands() throws Exception {
        assertEquals(List.of(" 20%", "done"), lines("\r 10%\r 20%\ndone\r\n", true));
        assertEquals(List.of(" 30%"), lines(" 10%\r 30%\r", true));
        assertEquals(List.of("", "x"), lines("\r\r\nx", true));
    }

    @Test
    void tabsAndColours_takeTheirRoomAndNoMore() throws Exception {
        assertEquals(List.of("a       b       c"), lines("a\tb\tc", true));
        assertEquals(List.of("loss 1"), lines("\u001b[1;32mloss\u001b[0m 1", true));
    }

    @Test
    void whatRulesATerminal_isShown() throws Exception {
        assertEquals(
                List.of("\\u{1b}]0;evil\\u{7}\\u{1b}[2J\\u{202e}"), lines("\u001b]0;evil\u0007\u001b[2J\u202e", true));
        assertEquals(List.of("\\xff\\xfe"), LogLines.of(new byte[] {(byte) 0xff, (byte) 0xfe}, true));
    }

    @Test
    void firstLineCutShort_isLeftOut() throws Exception {
        assertEquals(List.of("second"), lines("rst\nsecond\n", false));
        assertEquals(List.of(), lines("", true));
    }

    @Test
    void fold_wrapsLongLinesByColumns() {
        LogView log = new LogView("", "", List.of("日本語", "abcdef"));
        assertEquals(List.of("日本", "語", "abcd", "ef"), log.part(4, 10, 0, new Glyphs(true)));
        assertEquals(List.of("語", "abcd"), log.part(4, 2, 1, new Glyphs(true)));
        assertEquals(List.of("????", "??"), new LogView("", "", List.of("日本語")).part(4, 9, 0, new Glyphs(false)));
        // A column too narrow for a wide letter still ends.
        assertTrue(log.part(1, 20, 0, new Glyphs(true)).size() >= 9);
    }
}
