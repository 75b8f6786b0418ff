package gpuspool.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({
        "1h30m, PT1H30M",
        "90m, PT1H30M",
        "2d, PT48H",
        "1d2h3m4s5ms, PT26H3M4.005S",
        "500ms, PT0.5S",
        "0s, PT0S",
        "007s, PT7S",
        "1d90m, PT25H30M",
        "3650d, PT87600H",
        "1h02m, PT1H2M"
    })
    void duration_isRead(String text, Duration duration) {
        assertEquals(duration, Durations.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "90, '90 has no unit; write 90s, 90m or 90h'",
        "'', '\"\" is not a duration; write for example 90s, 1h30m or 2d'",
        "30m1h, '\"30m1h\" is not a duration; write for example 90s, 1h30m or 2d'",
        "1h1h, '\"1h1h\" is not a duration; write for example 90s, 1h30m or 2d'",
        "1h30, '\"1h30\" is not a duration; write for example 90s, 1h30m or 2d'",
        "1.5h, '\"1.5h\" is not a duration; write for example 90s, 1h30m or 2d'",
        "1 h, '\"1 h\" is not a duration; write for example 90s, 1h30m or 2d'",
        "1H, '\"1H\" is not a duration; write for example 90s, 1h30m or 2d'",
        "-1h, '\"-1h\" is negative; write for example 90s, 1h30m or 2d'",
        "3651d, '\"3651d\" is too long; write at most 3650d'",
        "3650d1ms, '\"3650d1ms\" is too long; write at most 3650d'",
        "99999999999999999999ms, '\"99999999999999999999ms\" is too long; write at most 3650d'"
    })
    void anythingElse_isRefusedWithAWayOut(String text, String message) {
        assertEquals(
                message,
                assertThrows(BadValueException.class, () -> Durations.parse(text))
                        .getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0ms",
        "PT0.499S, 499ms",
        "PT1.499S, 1.4s",
        "PT9.99S, 9.9s",
        "PT10.9S, 10s",
        "PT59.999S, 59s",
        "PT3M12S, 3m12s",
        "PT1M1S, 1m01s",
        "PT1H2M59S, 1h02m",
        "PT51H59M, 2d03h",
        "PT9600H, 400d00h",
        "PT-3M, -3m00s"
    })
    void duration_isWrittenInTwoUnits(Duration duration, String text) {
        assertEquals(text, Durations.format(duration));
    }

    @ParameterizedTest
    @CsvSource({"PT0S, 0s", "PT0.1S, 100ms", "PT1M, 1m", "PT1H30M, 1h30m", "PT51H59M0.007S, 2d3h59m7ms"})
    void duration_isWrittenExactly(Duration duration, String text) {
        assertEquals(text, Durations.write(duration));
        assertEquals(duration, Durations.parse(text));
    }

    @Test
    void writtenFromTenSecondsUp_canBeReadBack() {
        assertEquals(Duration.ofMinutes(62), Durations.parse(Durations.format(Duration.ofMinutes(62))));
    }
}
