package gpuspool.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndingTest {

    private static final List<Ending> WITHOUT_CODE = List.of(
            new Ending.TimedOut(),
            new Ending.Cancelled(),
            new Ending.Refused(),
            new Ending.NotStarted(),
            new Ending.Interrupted(),
            new Ending.Unknown(),
            new Ending.Released());

    @Test
    void words_areThoseOfTheRecord() {
        assertEquals(
                List.of("timed out", "cancelled", "refused", "not started", "interrupted", "unknown", "released"),
                WITHOUT_CODE.stream().map(Ending::word).toList());
        assertEquals("exited", new Ending.Exited(0).word());
    }

    @Test
    void word_isReadBack() {
        WITHOUT_CODE.forEach(ending -> assertEquals(Optional.of(ending), Ending.parse(ending.word())));
    }

    @Test
    void exited_cannotBeReadFromAWordAlone() {
        assertEquals(Optional.empty(), Ending.parse("exited"));
        assertEquals(Optional.empty(), Ending.parse("Timed out"));
    }

    @ParameterizedTest
    @CsvSource({
        "0, exit 0",
        "1, exit 1",
        "128, exit 128",
        "129, '129 (SIGHUP, or exit 129)'",
        "137, '137 (SIGKILL, or exit 137)'",
        "139, '139 (SIGSEGV, or exit 139)'",
        "143, '143 (SIGTERM, or exit 143)'",
        "159, '159 (SIGSYS, or exit 159)'",
        "160, exit 160",
        "255, exit 255"
    })
    void code_isDescribedWithBothReadings(int code, String description) {
        assertEquals(description, new Ending.Exited(code).describe());
    }

    @Test
    void onlyExitZero_succeeded() {
        assertTrue(new Ending.Exited(0).succeeded());
        assertFalse(new Ending.Exited(1).succeeded());
        WITHOUT_CODE.forEach(ending -> assertFalse(ending.succeeded()));
    }

    @Test
    void exitZeroAndReleased_areDone() {
        assertTrue(new Ending.Exited(0).isDone());
        assertFalse(new Ending.Exited(137).isDone());
        WITHOUT_CODE.forEach(ending -> assertEquals(ending instanceof Ending.Released, ending.isDone()));
    }

    @Test
    void codeOutsideAByte_isRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Ending.Exited(256));
        assertThrows(IllegalArgumentException.class, () -> new Ending.Exited(-1));
    }
}
