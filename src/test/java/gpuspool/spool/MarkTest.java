package gpuspool.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import gpuspool.spool.Mark.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MarkTest {
    private static final OptionalInt NONE = OptionalInt.empty();

    private static Mark parse(String name, String words) {
        byte[] blank = Mark.blank();
        byte[] raw = words.getBytes(StandardCharsets.UTF_8);
        byte[] content = java.util.Arrays.copyOf(raw, Math.max(raw.length, blank.length));
        System.arraycopy(blank, 0, content, raw.length, content.length - raw.length);
        return Mark.parse(List.of("status", name, "x.job"), content);
    }

    private static Mark started(String words) {
        return parse("started", words);
    }

    private static OptionalInt some(int value) {
        return OptionalInt.of(value);
    }

    @Test
    void blank_is512Blanks() {
        assertEquals(" ".repeat(512), new String(Mark.blank(), StandardCharsets.US_ASCII));
        assertEquals(new Mark(Kind.TOKEN, NONE, NONE, false, NONE), parse("token", ""));
    }

    @Test
    void wholeLife_isReadLineByLine() {
        assertEquals(new Mark(Kind.STARTED, NONE, some(4711), false, NONE), started("pid=4711\n"));
        assertEquals(new Mark(Kind.STARTED, NONE, some(4711), true, some(4712)), started("pid=4711\ngo 4712\n"));
        assertEquals(new Mark(Kind.STARTED, NONE, some(4711), true, NONE), started("pid=4711\ngo\n"));
        assertEquals(
                new Mark(Kind.STARTED, some(3), some(4711), true, some(4712)),
                started("pid=4711\ngo 4712\nexit=3 end\n"));
    }

    @Test
    void shellSaysSomethingBetween_isPassedOver() {
        assertEquals(
                new Mark(Kind.STARTED, some(137), some(1), true, some(2)),
                started("pid=1\ngo 2\nKilled\n\ngpuspool-job: 9: größe\nexit=137 end\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit=3 en", "exit=3 end", "exit=3", "e", "exit=3 end   "})
    void endingWithoutItsLineFeed_isTornAndDoesNotCount(String torn) {
        assertEquals(NONE, started("go 2\n" + torn).exitCode());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exit=256 end",
                "exit=03 end",
                "exit=-1 end",
                "exit= end",
                "exit=3x end",
                "exit=3  end",
                " exit=3 end",
                "exit=3 end ",
                "Exit=3 end",
                "exit=99999999999 end",
                "exit=٣ end"
            })
    void lineThatIsNoEnding_doesNotCount(String line) {
        assertEquals(NONE, started("go 2\n" + line + "\n").exitCode());
    }

    @Test
    void goWithoutItsLineFeed_hasNotBegun() {
        assertFalse(started("pid=1\ngo 47").begun());
        assertFalse(started("pid=1\ngo").begun());
        assertFalse(started("pid=1\ngone 4\n").begun());
        assertFalse(started("pid=1\n go 4\n").begun());
    }

    @Test
    void twoEndings_firstCounts() {
        assertEquals(some(3), started("exit=3 end\nexit=0 end\n").exitCode());
    }

    @ParameterizedTest
    @CsvSource({"exit.0, 0", "exit.3, 3", "exit.255, 255"})
    void codeInTheName_counts(String name, int code) {
        assertEquals(new Mark(Kind.EXIT, some(code), NONE, false, NONE), parse(name, ""));
        assertEquals(some(code), parse(name, "exit=77 end\n").exitCode());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exit.",
                "exit.3x",
                "exit.256",
                "exit.03",
                "exit.00",
                "exit.-1",
                "exit.3 ",
                "exit.+3",
                "Exit.3",
                "exit3",
                "exit.9999999999",
                "token.old",
                "starte",
                "started~",
                "exit.٣"
            })
    void otherNames_areNoMark(String name) {
        assertEquals(Kind.NONE, parse(name, "go 2\nexit=0 end\n").kind());
        assertEquals(NONE, parse(name, "exit=0 end\n").exitCode());
        assertEquals(Optional.empty(), Mark.nameIn(List.of(name)));
    }

    @Test
    void severalMarks_areToldAndNothingIsReadOutOfThem() {
        for (List<String> names :
                List.of(List.of("token", "started"), List.of("started", "exit.0"), List.of("exit.0", "exit.1"))) {
            Mark mark = Mark.parse(names, "go 2\nexit=0 end\n".getBytes(StandardCharsets.US_ASCII));
            assertEquals(new Mark(Kind.SEVERAL, NONE, NONE, false, NONE), mark);
            assertEquals(Optional.empty(), Mark.nameIn(names));
        }
    }

    @Test
    void anyBytes_neverThrowAndNeverMakeACode() {
        Random random = new Random(42);
        for (int i = 0; i < 5000; i++) {
            byte[] content = new byte[random.nextInt(600)];
            random.nextBytes(content);
            Mark mark = Mark.parse(List.of("started"), content);
            assertEquals(NONE, mark.exitCode());
        }
    }
}
