package gpuspool.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuotingTest {
    /** As GNU parallel 20221122 spells them, by its --dry-run. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a-b            | a-b",
                "a+b/c.d_e      | a+b/c.d_e",
                "a b            | 'a b'",
                "x=y            | 'x=y'",
                "a,b            | 'a,b'",
                "a:b            | 'a:b'",
                "~              | '~'",
                "#x             | '#x'",
                "{}             | '{}'",
                "$x             | '$x'",
                "\\             | '\\'",
                "'              | \"'\"",
                "a'             | 'a'\"'\"",
                "''x            | \"'\"''\"'\"'x'",
                "it's           | 'it'\"'\"'s'",
                "``             | ''",
            })
    void argument_isOneWordOfTheShell(String argument, String quoted) {
        assertEquals(quoted, Quoting.quote(argument));
    }
}
