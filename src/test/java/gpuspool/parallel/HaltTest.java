package gpuspool.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HaltTest {
    private static Tally tally(long total, long succeeded, long failed) {
        return new Tally(
                total < 0 ? OptionalLong.empty() : OptionalLong.of(total), 0, 0, succeeded, failed, failed > 0 ? 7 : 0);
    }

    /** The statuses are those of GNU parallel 20221122 for as many jobs, of which the first failed with 7. */
    @ParameterizedTest
    @CsvSource({
        // condition, total, succeeded, failed, advice, status
        "never, 3, 3, 0, GO_ON, 0",
        "never, 3, 0, 3, GO_ON, 3",
        "never, 100, 0, 100, GO_ON, 100",
        "never, 101, 0, 101, GO_ON, 101",
        "never, 200, 0, 102, GO_ON, 101",
        "'now,fail=1', 3, 1, 1, STOP_ALL, 7",
        "'soon,fail=1', 5, 1, 2, START_NOTHING, 7",
        "'soon,fail=2', 5, 1, 1, GO_ON, 1",
        "'soon,fail=2', 5, 1, 2, START_NOTHING, 2",
        "'soon,success=1', 5, 1, 1, START_NOTHING, 0",
        "'now,success=2', 5, 2, 1, STOP_ALL, 0",
        "'soon,success=1', 3, 0, 3, GO_ON, 3",
        "'now,done=2', 5, 1, 1, STOP_ALL, 1",
        "'soon,fail=30%', 10, 3, 3, START_NOTHING, 30",
        "'soon,fail=50%', 10, 8, 2, GO_ON, 20",
        "'soon,success=50%', 4, 1, 3, GO_ON, 75",
        "'soon,fail=50%', -1, 0, 5, GO_ON, 5",
        "2, 3, 1, 1, STOP_ALL, 7",
        "1, 3, 1, 1, START_NOTHING, 7",
        "-1, 3, 1, 1, START_NOTHING, 0",
        "-2, 3, 1, 1, STOP_ALL, 0",
        "0, 3, 1, 2, GO_ON, 2",
        "30%, 10, 3, 3, START_NOTHING, 30",
    })
    void condition_isAsInGnuParallel(
            String condition, long total, long succeeded, long failed, Halt.Advice advice, int status) {
        Halt halt = Halt.parse(condition).orElseThrow();
        assertEquals(advice, halt.advice(tally(total, succeeded, failed)));
        assertEquals(status, halt.status(tally(total, succeeded, failed)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "foo",
                "soon",
                "soon,fail",
                "soon,fail=0",
                "soon,fail=-1",
                "now,fail=101%",
                "3",
                "later,fail=1"
            })
    void anythingElse_isRefused(String condition) {
        assertEquals(Optional.empty(), Halt.parse(condition));
    }

    @Test
    void partOfAll_needsOneAtLeast() {
        assertEquals(Halt.Advice.GO_ON, Halt.parse("now,fail=1%").orElseThrow().advice(tally(0, 0, 0)));
    }
}
