package gpuspool.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizesTest {
    private static final String NO_SIZE = " is not a size; write for example 512MiB, 1GiB or 20GB";

    @ParameterizedTest
    @CsvSource({
        "1GiB, 1073741824",
        "512MiB, 536870912",
        "20GB, 20000000000",
        "3kB, 3000",
        "4KiB, 4096",
        "2TB, 2000000000000",
        "0B, 0",
        "007B, 7",
        "1024TiB, 1125899906842624"
    })
    void size_isRead(String text, long bytes) {
        assertEquals(bytes, Sizes.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "5, '5 has no unit; write 5MiB or 5GiB; 5B is bytes'",
        "0, '0 has no unit; write 0MiB or 0GiB; 0B is bytes'",
        "1G, '\"1G\" has no unit of ours; did you mean 1GiB?'",
        "1m, '\"1m\" has no unit of ours; did you mean 1MiB?'",
        "1gib, '\"1gib\" has no unit of ours; did you mean 1GiB?'",
        "1KB, '\"1KB\" has no unit of ours; did you mean 1kB?'",
        "-1GiB, '\"-1GiB\" is negative; write for example 512MiB, 1GiB or 20GB'",
        "1025TiB, '\"1025TiB\" is too large; write at most 1024TiB'",
        "999999999999999999999999999999TiB, '\"999999999999999999999999999999TiB\" is too large; write at most 1024TiB'"
    })
    void anythingElse_isRefusedWithAWayOut(String text, String message) {
        assertEquals(message, complaint(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GiB", "1.5GiB", "1 GiB", "1GiB1MiB", "0x1GiB", "1XiB", "1e3B"})
    void noSize_isRefused(String text) {
        assertEquals('"' + text + '"' + NO_SIZE, complaint(text));
    }

    private static String complaint(String text) {
        return assertThrows(BadValueException.class, () -> Sizes.parse(text)).getMessage();
    }

    @ParameterizedTest
    @CsvSource({"0, 0B", "1, 1B", "1024, 1KiB", "1025, 1025B", "20000000000, 20GB", "67108864, 64MiB", "1000, 1kB"})
    void size_isWrittenExactly(long bytes, String text) {
        assertEquals(text, Sizes.format(bytes));
        assertEquals(bytes, Sizes.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 MiB",
        "1073741823, 1023 MiB",
        "1073741824, 1 GiB",
        "1181116006, 1 GiB",
        "1181116007, 1 GiB",
        "1182793728, 1.1 GiB",
        "6442450943, 5.9 GiB",
        "151397597184, 141 GiB",
        "9223372036854775807, 8589934591.9 GiB"
    })
    void size_isToldToPeopleWithoutRoundingUp(long bytes, String text) {
        assertEquals(text, Sizes.about(bytes));
    }
}
