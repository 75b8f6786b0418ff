package gpuspool.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import gpuspool.job.BadValueException;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WindowWordsTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final Instant NOW = Instant.parse("2026-11-20T18:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "7d, 2026-11-13T18:00:00Z",
        "1h30m, 2026-11-20T16:30:00Z",
        "2026-11-01, 2026-10-31T23:00:00Z",
        "2026-10-01, 2026-09-30T22:00:00Z",
        "2026-11-01T08:00, 2026-11-01T07:00:00Z",
        "2026-11-01 08:00, 2026-11-01T07:00:00Z",
        "2026-11-01T08:00:00Z, 2026-11-01T08:00:00Z",
    })
    void moments_areReadInTheLocalZone(String word, Instant moment) {
        assertEquals(moment, WindowWords.since(word, NOW, BERLIN));
    }

    @Test
    void dateAsTheEnd_isMeantWithAllOfThatDay_alsoWhereItHas25Hours() {
        assertEquals(Instant.parse("2026-10-25T23:00:00Z"), WindowWords.until("2026-10-25", NOW, BERLIN));
        assertEquals(Instant.parse("2026-10-24T22:00:00Z"), WindowWords.since("2026-10-25", NOW, BERLIN));
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "yesterday", "2026-13-01", "2026-11-01T25:00", "", "-3d", "\u001b[31m"})
    void anythingElse_isRefusedWithAnExample(String word) {
        BadValueException refused = assertThrows(BadValueException.class, () -> WindowWords.since(word, NOW, BERLIN));
        assertEquals(true, refused.getMessage().contains("no length of time and no date"), refused.getMessage());
    }
}
