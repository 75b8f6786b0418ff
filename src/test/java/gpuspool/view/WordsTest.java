package gpuspool.view;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 bytes",
        "1, 1 byte",
        "1023, '1,023 bytes'",
        "1024, 1.0 KiB",
        "1535, 1.4 KiB",
        "1048575, 1023.9 KiB",
        "1048576, 1.0 MiB",
        "3328599655, 3.1 GiB",
        "3328599654, 3.0 GiB",
        "1099511627776, 1.0 TiB",
        "1125899906842624000, 1000.0 PiB",
    })
    void bytes(long bytes, String shown) {
        assertEquals(shown, Words.bytes(bytes));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "999, 999", "1000, '1,000'", "1204, '1,204'", "1234567, '1,234,567'"})
    void number(long number, String shown) {
        assertEquals(shown, Words.number(number));
    }
}
