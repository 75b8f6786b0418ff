package gpuspool.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ControlTest {
    private static Control.Verdict judge(String name, Control.Place place) {
        return Control.judge(name, file -> place, () -> {
            throw new AssertionError("asked which cards there are");
        });
    }

    private static Control.Verdict judgeWithoutAsking(String name) {
        return Control.judge(
                name,
                file -> {
                    throw new AssertionError("asked where " + file + " lies");
                },
                () -> {
                    throw new AssertionError("asked which cards there are");
                });
    }

    private static Control.Verdict judgeCard(String name) {
        Control.Cards cards = new Control.Cards(
                Set.of("GPU-1a", "GPU-1b", "sim:0", "3", "MIG-GPU-5/1/0"),
                Set.of("GPU-1a", "GPU-1b", "GPU-1c", "sim:0", "sim:1", "GPU-7a"),
                Set.of("GPU-1bb", "GPU-2a", "4"),
                Set.of("GPU-1bb", "GPU-2a", "GPU-2b", "GPU-7b"));
        return Control.judge(
                name,
                file -> {
                    throw new AssertionError("asked where " + file + " lies");
                },
                () -> cards);
    }

    @ParameterizedTest
    @CsvSource({
        "GPU-1a.ok, GPU-1a",
        // Whole, although another begins so.
        "GPU-1b.ok, GPU-1b",
        "sim:0.ok, sim:0",
        "3.ok, 3",
        "MIG-GPU-5_1_0.ok, MIG-GPU-5/1/0",
        "MIG-G.ok, MIG-GPU-5/1/0"
    })
    void cardOfThisHost_leavesTheQuarantine(String name, String card) {
        assertEquals(new Control.Release(card), judgeCard(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GPU-2a.ok", "GPU-2.ok", "4.ok", "GPU-2b.ok", "GPU-7b.ok"})
    void cardOfAnotherHost_isItsBusiness(String name) {
        assertEquals(new Control.Leave(), judgeCard(name));
    }

    @ParameterizedTest
    @CsvSource({
        "GPU-1.ok, it fits several cards in quarantine; write more of the name",
        "GPU-1c.ok, that card is in no quarantine; hosts/*/quarantine names those that are",
        "sim:1.ok, that card is in no quarantine; hosts/*/quarantine names those that are",
        "GPU-7.ok, that card is in no quarantine; hosts/*/quarantine names those that are",
        "GPU-.ok, no such card; hosts/*/gpus names all there are",
        "sim:.ok, no such card; hosts/*/gpus names all there are",
        "GPU-9.ok, no such card; hosts/*/gpus names all there are",
        "exp1.job.ok, no such card; hosts/*/gpus names all there are"
    })
    void cardThatIsNotMeantOrNotThere_isRefused(String name, String why) {
        assertEquals(new Control.Refuse(why), judgeCard(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pause",
                "drain",
                "let-go",
                ".ok",
                "GPU-1.ok~",
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
        assertEquals(new Control.Refuse("not a request: did you mean let-go?"), judgeWithoutAsking("letgo"));
        assertEquals(
                new Control.Refuse(
                        "not a request: control/ knows pause, drain, let-go, FILE.first, such as exp1.job.first,"
                                + " and CARD.ok"),
                judgeWithoutAsking("exp1.job"));
    }
}
