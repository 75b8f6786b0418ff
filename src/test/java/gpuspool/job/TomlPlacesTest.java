package gpuspool.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class TomlPlacesTest {

    private static final TomlPlaces PLACES = TomlPlaces.of("""
        # a = "comment"
        a = 1 # b = 2
        "b c"   =  '''
        x = 1
        [no]
        ''' # [no]
        d . e.f = \"""q " \\\""" ]\"""\"
        list = [ # one
          'é', [1, { z = "]" }], 1979-05-27 07:32:00,
          2 ]
        inline = { 😀 = 1, y = { w = 1 } }
          [ table . sub ]
          k = "v"
        [[many]]
        m = 1
        """);

    @Test
    void plainKey_keyAndValueAreFound() {
        assertFound("2:1 2:5", "a");
        assertFound("3:1 3:12", "b c");
    }

    @Test
    void dottedKey_eachPartIsFound() {
        assertFound("7:1 7:1", "d");
        assertFound("7:5 7:5", "d", "e");
        assertFound("7:7 7:11", "d", "e", "f");
    }

    @Test
    void arrayOverLines_elementsAreFound() {
        assertFound("8:1 8:8", "list");
        assertFound("9:3 9:3", "list", "0");
        assertFound("9:8 9:8", "list", "1");
        assertFound("9:26 9:26", "list", "2");
        assertFound("10:3 10:3", "list", "3");
    }

    @Test
    void inlineTable_columnsCountCharactersNotUnits() {
        assertFound("11:12 11:16", "inline", "😀");
        assertFound("11:19 11:23", "inline", "y");
        assertFound("11:25 11:29", "inline", "y", "w");
    }

    @Test
    void headers_areFound() {
        assertFound("12:5 12:5", "table");
        assertFound("12:13 12:13", "table", "sub");
        assertFound("13:3 13:7", "table", "sub", "k");
        assertFound("14:3 14:3", "many");
        assertFound("15:1 15:5", "many", "m");
    }

    @Test
    void unknownPath_nearestKnownOneStandsIn() {
        assertFound("2:1 2:5", "a", "unknown");
        assertFound("1:1 1:1", "unknown");
    }

    private static void assertFound(String expected, String... path) {
        TomlPlaces.Found found = PLACES.find(List.of(path));
        Place key = found.key();
        Place value = found.value();
        assertEquals(expected, key.line() + ":" + key.column() + " " + value.line() + ":" + value.column());
    }
}
