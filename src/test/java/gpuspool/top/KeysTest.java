package gpuspool.top;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** State and key in, state and deed out. Rows: 4 cards, 3 running, 3 queued, 1 held, 2 ended. */
class KeysTest {
    private static final int FIRST_JOB = 4;

    private List<Row> rows;
    private Keys keys;

    @BeforeEach
    void see() throws Exception {
        rows = Scenes.sight().rows();
        keys = new Keys(rows, false, new Frame(0, 5, 4, 0));
    }

    private static Key key(String name) {
        return name.length() == 1 ? Key.text(name) : Key.of(Key.Kind.valueOf(name));
    }

    private Keys.Step press(Ui ui, String... names) {
        Keys.Step step = new Keys.Step(ui, new Keys.Nothing());
        for (String name : names) {
            step = keys.press(step.ui(), key(name));
        }
        return step;
    }

    private Ui at(int index) {
        return Ui.START.select(rows, index);
    }

    @ParameterizedTest
    @CsvSource({
        "DOWN, 4, 5",
        "j, 4, 5",
        "UP, 4, 3",
        "k, 4, 3",
        "UP, 0, 0",
        "DOWN, 12, 12",
        "PAGE_DOWN, 4, 7",
        "PAGE_UP, 9, 6",
        "HOME, 9, 0",
        "g, 9, 0",
        "END, 4, 12",
        "G, 4, 12",
        "TAB, 0, 4",
        "TAB, 5, 7",
        "TAB, 8, 10",
        "TAB, 10, 11",
        "TAB, 12, 0",
        "BACK_TAB, 8, 4",
        "BACK_TAB, 1, 11",
    })
    void moving_selectsTheRow(String key, int from, int to) {
        Keys.Step step = press(at(from), key);
        assertEquals(rows.get(to).key(), step.ui().key());
        assertInstanceOf(Keys.Nothing.class, step.wish());
    }

    @ParameterizedTest
    @CsvSource({
        "h, 7, hold, big.job",
        "f, 8, first, lr-0.1.job",
        "e, 7, last, big.job",
        "R, 10, release, later.job",
        "r, 12, retry, eval.6.gpubox",
        "h, 4, hold, train-1.1.gpubox",
    })
    void whatHarmsNothing_isDoneAtOnce(String key, int at, String verb, String job) {
        Keys.Perform perform =
                assertInstanceOf(Keys.Perform.class, press(at(at), key).wish());
        assertEquals(verb, perform.deed().verb());
        assertEquals(Optional.of(job), perform.deed().job());
    }

    @Test
    void cancel_asksFirst_andOnlyYesDoesIt() {
        Keys.Step asked = press(at(5), "c");
        assertInstanceOf(Keys.Nothing.class, asked.wish());
        assertEquals(
                "cancel llama-7b.3 (running)", asked.ui().ask().orElseThrow().shown());
        for (String no : List.of("n", "ENTER", "ESCAPE", "c", "DOWN")) {
            Keys.Step answer = press(asked.ui(), no);
            assertInstanceOf(Keys.Nothing.class, answer.wish());
            assertEquals(Ui.Mode.LIST, answer.ui().mode());
        }
        Keys.Perform perform =
                assertInstanceOf(Keys.Perform.class, press(asked.ui(), "y").wish());
        assertEquals(Optional.of("llama-7b.3.gpubox"), perform.deed().job());
        assertInstanceOf(Keys.Quit.class, press(asked.ui(), "INTERRUPT").wish());
    }

    @Test
    void pause_asksFirst_andGoesOnAtOnce() {
        Keys.Step asked = press(at(5), "p");
        assertEquals(Ui.Mode.ASK, asked.ui().mode());
        assertEquals(
                "pause", ((Keys.Perform) press(asked.ui(), "y").wish()).deed().verb());
        keys = new Keys(rows, true, new Frame(0, 5, 4, 0));
        assertEquals("resume", ((Keys.Perform) press(at(5), "p").wish()).deed().verb());
    }

    @Test
    void onACard_thereIsNoJobToActOn() {
        Keys.Step step = press(at(0), "c");
        assertInstanceOf(Keys.Nothing.class, step.wish());
        assertEquals(
                "cancel: select a job first", step.ui().told().orElseThrow().text());
    }

    @Test
    void sameNameQueuedAndHeld_theOneThatIsSelectedIsMeant() throws Exception {
        Sight sight = Scenes.sight(
                Scenes.overview(List.of(Scenes.host(Scenes.NO_HOST)), false, List.of(Scenes.queued("later.job", ""))),
                List.of());
        rows = sight.rows();
        keys = new Keys(rows, false, new Frame(0, 1, 9, 0));
        assertEquals(
                Optional.of("incoming/later.job"),
                press(at(3), "c").ui().ask().orElseThrow().job());
        assertEquals(
                Optional.of("held/later.job"),
                press(at(4), "c").ui().ask().orElseThrow().job());
    }

    @Test
    void filter_isTyped_keptAndCleared() {
        Ui typing = press(at(5), "/", "q", "x", "BACKSPACE", "日").ui();
        assertEquals("q日", typing.filter());
        assertEquals(Ui.Mode.FILTER, typing.mode());
        assertEquals("q", press(typing, "BACKSPACE").ui().filter());
        Ui kept = press(typing, "ENTER").ui();
        assertEquals("q日", kept.filter());
        assertEquals(Ui.Mode.LIST, kept.mode());
        assertEquals("", press(kept, "ESCAPE").ui().filter());
        assertEquals("", press(typing, "ESCAPE").ui().filter());
    }

    @Test
    void log_scrollsBackAndFollowsAgain() {
        Ui log = press(at(5), "ENTER").ui();
        assertEquals(Ui.Mode.LOG, log.mode());
        assertEquals(2, press(log, "UP", "k").ui().up());
        assertEquals(0, press(log, "UP", "DOWN", "DOWN").ui().up());
        assertEquals(0, press(log, "HOME", "END").ui().up());
        Ui back = press(log, "UP", "ESCAPE").ui();
        assertEquals(Ui.Mode.LIST, back.mode());
        assertEquals(0, back.up());
        assertEquals(Ui.Mode.ASK, press(log, "c").ui().mode());
    }

    @Test
    void quitHelpAndRedraw() {
        assertInstanceOf(Keys.Quit.class, press(at(5), "q").wish());
        assertInstanceOf(Keys.Quit.class, press(at(5), "INTERRUPT").wish());
        assertInstanceOf(Keys.Redraw.class, press(at(5), "REDRAW").wish());
        assertEquals(Ui.Mode.HELP, press(at(5), "?").ui().mode());
        assertEquals(Ui.Mode.LIST, press(at(5), "?", "DOWN").ui().mode());
        assertInstanceOf(Keys.Nothing.class, press(at(5), "z").wish());
    }

    @Test
    void nothingThere_noKeyHarms() {
        keys = new Keys(List.of(), false, new Frame(0, 1, 4, 0));
        for (Key.Kind kind : Key.Kind.values()) {
            assertTrue(keys.press(Ui.START, Key.of(kind)).ui().key().isEmpty());
        }
        assertEquals(
                "retry: select a job first",
                keys.press(Ui.START, Key.text("r")).ui().told().orElseThrow().text());
    }

    @Test
    void selectedRow_isFoundAgainByItsKey_andWhenItIsGoneTheOneInItsPlace() {
        assertEquals(FIRST_JOB, Ui.START.index(rows));
        Ui ui = at(6);
        assertEquals(5, ui.index(rows.subList(1, rows.size())));
        List<Row> without = new java.util.ArrayList<>(rows);
        without.remove(6);
        assertEquals(6, ui.index(without));
        assertEquals(-1, ui.index(List.of()));
    }

    @ParameterizedTest
    @CsvSource({"LIST", "LOG", "HELP", "ASK"})
    void pastedText_isNoKeys(Ui.Mode mode) {
        Ui.Deed deed = new Ui.Deed("cancel", Optional.of("big.job"), "cancel big.job");
        Ui ui = mode == Ui.Mode.ASK ? at(7).asking(deed) : at(7).with(mode);
        for (String text : List.of("q", "y", "R", "c", "l")) {
            Keys.Step step = keys.press(ui, Key.pasted(text));
            assertInstanceOf(Keys.Nothing.class, step.wish(), text);
            assertEquals(mode == Ui.Mode.ASK ? Ui.Mode.LIST : mode, step.ui().mode());
            assertTrue(step.ui().told().isPresent());
        }
    }

    @Test
    void pastedText_isAFilterWhereOneIsTyped_andNeverAnEndlessOne() {
        Ui typing = at(7).with(Ui.Mode.FILTER).withFilter("lr");
        assertEquals("lr-0.1", keys.press(typing, Key.pasted("-0.1\n")).ui().filter());
        assertEquals(
                100,
                keys.press(typing, Key.pasted("x".repeat(5000))).ui().filter().length());
    }
}
