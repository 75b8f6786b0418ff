package gpuspool.view;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnsTest {
    @ParameterizedTest
    @CsvSource({"abc,3", "größe,5", "実験,4", "한글,4", "🚀x,3", "e\u0301,1", "a\u200bb,2", "…,1", "ｱ,1", "Ａ,2"})
    void characters_takeAsManyColumnsAsATerminalGivesThem(String text, int columns) {
        assertEquals(columns, Columns.of(text));
    }

    @ParameterizedTest
    @CsvSource({
        "abcdef,6,abcdef",
        "abcdef,5,abcd…",
        "abcdef,1,…",
        "実験結果,8,実験結果",
        "実験結果,7,実験結…",
        "実験結果,6,実験…",
        "実験結果,2,…",
        "abcdef,0,''"
    })
    void cut_endsWithAnEllipsisAndFits(String text, int most, String expected) {
        String cut = Columns.cut(text, most);
        assertEquals(expected, cut);
    }

    @Test
    void colours_takeNoRoomAndAreEnded() {
        assertEquals("\u001b[32mabc\u001b[0m", Columns.cut("\u001b[32mabc\u001b[0m", 3));
        assertEquals("\u001b[32ma…\u001b[0m", Columns.cut("\u001b[32mabc\u001b[0m", 2));
    }
}
