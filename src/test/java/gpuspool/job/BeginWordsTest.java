package gpuspool.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The forms of a time before which a job does not start, and when that is. */
class BeginWordsTest {
    private static final Instant QUEUED = Instant.parse("2026-11-20T15:00:00Z");
    private static final ZoneId HERE = ZoneId.of("Europe/Berlin");

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '|',
            delimiter = ';',
            value = {
                "'2026-11-21T08:00';2026-11-21T07:00:00Z",
                "'2026-11-21 08:00:30';2026-11-21T07:00:30Z",
                "'2026-11-21';2026-11-20T23:00:00Z",
                "'2026-11-21T08:00Z';2026-11-21T08:00:00Z",
                "'2026-11-21T08:00:00+09:00';2026-11-20T23:00:00Z",
                "2026-11-21T08:00:00;2026-11-21T07:00:00Z",
                "2026-11-21 08:00:00;2026-11-21T07:00:00Z",
                "2026-11-21T08:00:00Z;2026-11-21T08:00:00Z",
                "2026-11-21;2026-11-20T23:00:00Z",
                "22:30:00;2026-11-20T21:30:00Z",
                "'22:30';2026-11-20T21:30:00Z",
                "'16:00';2026-11-20T15:00:00Z",
                "'15:59';2026-11-21T14:59:00Z",
                "'8:00';2026-11-21T07:00:00Z",
                "'2h';2026-11-20T17:00:00Z",
                "' +1h30m ';2026-11-20T16:30:00Z",
            })
    void form_meansThatMoment(String toml, String moment) {
        Begin begin =
                FieldReading.ofToml("begin = " + toml).spec().turn().begin().orElseThrow();
        assertEquals(Instant.parse(moment), begin.from(QUEUED, HERE));
    }
}
