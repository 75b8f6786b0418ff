package gpuspool.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControlTest {
    private static Control.Verdict judge(String name, Control.Place place) {
        return Control.judge(name, file -> place);
    }

    private static Control.Verdict judgeWithoutAsking(String name) {
        return Control.judge(name, file -> {
            throw new AssertionError("asked where " + file + " lies");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pause",
                "drain",
                ".x",
                ".x.job.first",
                "pause~",
                "x.swp",
                "x.tmp",
                "x.part",
                "x.refused",
                ".first"
            })
    void requestsWithoutAFileAndNobodysNames_areLeftAlone(String name) {
        assertEquals(new Control.Leave(), judgeWithoutAsking(name));
        assertEquals("", Control.fileOf(name));
    }

    @Test
    void first_dependsOnWhereItsFileLies() {
        assertEquals(new Control.First("a b.job"), judge("a b.job.first", Control.Place.INCOMING));
        assertEquals(new Control.Remove(), judge("x.job.first", Control.Place.RUNNING));
        assertEquals(
                new Control.Refuse("its file lies in held/; move it to incoming/ first"),
                judge("x.job.first", Control.Place.HELD));
        assertEquals(
                new Control.Refuse("no such file lies in incoming/; its whole name is meant, as in exp1.job.first"),
                judge("x.first", Control.Place.NOWHERE));
    }

    @Test
    void anyOtherName_isRefusedWithWhatWasProbablyMeant() {
        assertEquals(new Control.Refuse("not a request: did you mean pause?"), judgeWithoutAsking("puase"));
        assertEquals(new Control.Refuse("not a request: did you mean drain?"), judgeWithoutAsking("Drain"));
        assertEquals(
                new Control.Refuse("not a request: control/ knows pause, drain and FILE.first, such as exp1.job.first"),
                judgeWithoutAsking("exp1.job"));
    }
}
