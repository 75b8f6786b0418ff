package gpuspool.top;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.spool.JobRow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole screens, made of values. */
class ScreenTest {
    private static final String TYPICAL = """
            gpuspool  /data/spool  watched on gpubox up 3h02m                       14:03:22
            1/4 free  MEMORY        UTIL        TEMP STATE      WHO
               0 ███···  34.1/80.0G ██████  97%  63C used       train-1.1 root 2h40m
               1 █████·  71.5/80.0G ████··  60%  51C used       llama-7b.3 root 1m02s
               2 ██····  20.0/80.0G █·····  12%  35C foreign    bob's python (pid 4711), 20…
               3 ······   0.0/80.0G ······   0%  31C free
             RUNNING 3    USER         TIME WHERE AND WHAT
            >train-1.1    root        2h40m GPU 0  python train.py --lr 0.1
             llama-7b.3   root        1m02s GPU 1  torchrun --nproc 1 finetune.py
             prep.1       root         5.0s stopping: cancelled  ./prep.sh
             QUEUED 7     USER         TIME WAITS FOR
             big.job      root        1m15s needs 2 GPUs, 1 free; GPU 2: bob's python (pid …
             lr-0.1.job   root        1m15s behind big.job, which waits for 2 GPUs
             tonight.job  root        1m15s not before 22:30
              … and 4 more
             HELD 1       USER         TIME
             later.job    root        1m15s
             ENDED 240    USER         TIME ENDING
            log of train-1.1
            epoch 1 loss 0.93
            epoch 2 loss 0.71
            epoch 3 loss 0.58
             41%|████      | 410/1000
            q quit  ? help  / filter  Enter log  c cancel  h hold  r retry  f first
            """;

    @TempDir
    Path directory;

    private static String draw(Ui ui, int columns, int rows, boolean utf8) throws Exception {
        return Scenes.text(Scenes.draw(Scenes.scene(Scenes.sight(), ui, Scenes.LOG), columns, rows, utf8, true));
    }

    @Test
    void typical_fits80x24() throws Exception {
        assertEquals(TYPICAL, draw(Ui.START, 80, 24, true));
    }

    @Test
    void readme_showsThisScreen() throws Exception {
        assertTrue(Files.readString(Path.of("README.md")).contains(TYPICAL), TYPICAL);
    }

    @Test
    void small_showsWhatMattersInAsciiAlone() throws Exception {
        assertEquals("""
                gpuspool  /data/spool  watched~ 14:03:22
                GPUS  1 of 4 free
                   0  34/80G  97% used     train-1.1 ro~
                 RUNNING 3        TIME WHERE AND WHAT
                >train-1.1       2h40m GPU 0  python tr~
                 llama-7b.3      1m02s GPU 1  torchrun ~
                 prep.1           5.0s stopping: cancel~
                 QUEUED 7         TIME WAITS FOR
                 big.job         1m15s needs 2 GPUs, 1 ~
                q quit  ? help  / filter  Enter log  c~
                """, draw(Ui.START, 40, 10, false));
        assertTrue(draw(Ui.START, 80, 24, false).chars().allMatch(c -> c < 0x7f));
    }

    @Test
    void roomThatTheListDoesNotNeed_isTheLogs() throws Exception {
        List<String> lines = new ArrayList<>();
        for (int i = 1; i <= 100; i++) {
            lines.add("line " + i);
        }
        LogView log = new LogView("run/train-1.1.gpubox", "log of train-1.1", lines);
        String shown = Scenes.text(Scenes.draw(Scenes.scene(Scenes.sight(), Ui.START, log), 80, 50, true, true));
        assertTrue(shown.contains("\n  … and 238 more\nlog of train-1.1\n"), shown);
        assertTrue(shown.contains("\nline 75\n") && shown.contains("line 100\nq quit"), shown);
    }

    @Test
    void selectedFarDown_isInView_underTheTitleOfItsSection() throws Exception {
        List<Row> rows = Scenes.sight().rows();
        String shown = draw(Ui.START.select(rows, rows.size() - 1), 80, 14, true);
        assertTrue(shown.contains("\n>eval.6"), shown);
        String end = draw(Ui.START.select(rows, rows.size() - 1), 60, 10, true);
        assertTrue(end.contains("\n ENDED 240") && end.contains("\n>eval.6"), end);
    }

    @Test
    void filter_showsOnlyWhatHasItInNameUserOrState() throws Exception {
        String shown = draw(Ui.START.withFilter("CANCELLED"), 80, 24, true);
        assertTrue(shown.contains("prep.1") && shown.contains("RUNNING 3"), shown);
        assertFalse(shown.contains("train.py") || shown.contains("QUEUED"), shown);
        assertTrue(draw(Ui.START.withFilter("nothing like it"), 80, 24, true).contains("none such"));
        assertTrue(draw(Ui.START.withFilter("root"), 80, 24, true).contains("filter: root (Esc: all)"));
        assertTrue(draw(Ui.START.with(Ui.Mode.FILTER).withFilter("ab"), 80, 24, true)
                .contains("\n/ab_"));
    }

    @Test
    void log_hasTheScreenToItself_andScrolls() throws Exception {
        List<String> lines = new ArrayList<>();
        for (int i = 1; i <= 100; i++) {
            lines.add("line " + i);
        }
        LogView log = new LogView("run/train-1.1.gpubox", "log of train-1.1", lines);
        Ui ui = Ui.START.with(Ui.Mode.LOG);
        String follows = Scenes.text(Scenes.draw(Scenes.scene(Scenes.sight(), ui, log), 60, 10, true, true));
        assertTrue(
                follows.contains("log of train-1.1  (follows)\nline 94\n") && follows.contains("line 100\n"), follows);
        String up = Scenes.text(Scenes.draw(Scenes.scene(Scenes.sight(), ui.withUp(3), log), 60, 10, true, true));
        assertTrue(up.contains("(3 lines up)\nline 91\n") && up.contains("line 97\nEsc back"), up);
        String top = Scenes.text(Scenes.draw(Scenes.scene(Scenes.sight(), ui.withUp(5000), log), 60, 10, true, true));
        assertTrue(top.contains("\nline 1\n"), top);
    }

    @Test
    void asked_toldAndTrouble_areSaid() throws Exception {
        Ui.Deed deed = new Ui.Deed("cancel", Optional.of("prep.1.gpubox"), "cancel prep.1 (running)");
        assertTrue(draw(Ui.START.asking(deed), 80, 24, true).endsWith("\ncancel prep.1 (running)? y/n\n"));
        Ui told = Ui.START.with(Optional.of(new Ui.Told(false, "prep.1 has ended already")));
        assertTrue(draw(told, 80, 24, true).endsWith("\nprep.1 has ended already\n"));
        Screen.Scene blind = new Screen.Scene(
                "/data/spool",
                Optional.empty(),
                List.of("cannot read the spool, trying again: gone"),
                Ui.START,
                LogView.NOTHING,
                Scenes.NOW,
                ZoneOffset.UTC);
        String shown = Scenes.text(Scenes.draw(blind, 80, 24, true, true));
        assertTrue(shown.contains("\ncannot read the spool, trying again: gone\n"), shown);
    }

    @Test
    void alertsOfTheSpool_standOnTop_andOldCardsAreSaidToBeOld() throws Exception {
        Files.writeString(directory.resolve("attention"), "GPU 3 is in quarantine: fell off the bus\n");
        Sight sight =
                Scenes.sight(Scenes.overview(List.of(Scenes.host(directory)), true, Scenes.queue()), Scenes.cards());
        Screen.Scene later = new Screen.Scene(
                "/data/spool",
                Optional.of(sight),
                List.of(),
                Ui.START,
                Scenes.LOG,
                Scenes.NOW + 12_000,
                ZoneOffset.UTC);
        String shown = Scenes.text(Scenes.draw(later, 80, 24, true, true));
        assertTrue(
                shown.contains(
                        "\nPAUSED: nothing starts; p goes on\nattention: GPU 3 is in quarantine: fell off the bus\n"),
                shown);
        assertTrue(shown.contains("as of 12s ago"), shown);
        String small = Scenes.text(Scenes.draw(later, 60, 10, true, true));
        assertTrue(small.contains("\n(+1) PAUSED: nothing starts; p goes on\n"), small);
        Sight none = Scenes.sight(Scenes.overview(List.of(), false, List.of()), List.of());
        assertTrue(Scenes.text(Scenes.draw(Scenes.scene(none, Ui.START, Scenes.LOG), 80, 24, true, true))
                .contains("\nNO WATCHER: nothing starts until you run: gpuspool watch\n"));
    }

    @Test
    void colours_tellLoadAndState_andAreLeftOutWhereNotWanted() throws Exception {
        Screen.Scene scene = Scenes.scene(Scenes.sight(), Ui.START, Scenes.LOG);
        String red = "\u001b[31m██████";
        assertTrue(ansi(Scenes.draw(scene, 80, 24, true, true)).contains(red));
        String plain = ansi(Scenes.draw(scene, 80, 24, true, false));
        assertFalse(plain.matches("(?s).*\u001b\\[[0-9;]*(3[0-7]|4[0-7]|9[0-7])m.*"), plain);
        assertTrue(plain.contains("\u001b[7m>train-1.1"), plain);
    }

    private static String ansi(List<AttributedString> lines) {
        StringBuilder all = new StringBuilder();
        lines.forEach(line -> all.append(line.toAnsi()).append('\n'));
        return all.toString();
    }

    @Test
    void hostileNames_ruleNothing_andWideOnesBreakNoColumn() throws Exception {
        String evil = "\u001b[2J\u0007\u202e\n日本語👩‍👩‍👧🇩🇪e\u0301\ud83d";
        List<JobRow> queue =
                List.of(Scenes.queued("日本語のとても長い名前のジョブです.job", evil), Scenes.queued(evil + ".job", "waits"));
        Sight sight = Scenes.sight(
                Scenes.overview(List.of(Scenes.host(Scenes.NO_HOST)), false, queue),
                List.of(Scenes.card(0, "foreign", evil, 1, 1, List.of(Scenes.user(evil, evil, 1)), List.of())));
        LogView log = new LogView("run/train-1.1.gpubox", evil, List.of(evil, evil.repeat(50)));
        for (int columns = 20; columns < 130; columns += 7) {
            for (int rows = 5; rows < 40; rows += 3) {
                List<AttributedString> lines =
                        Scenes.draw(Scenes.scene(sight, Ui.START, log), columns, rows, true, true);
                assertEquals(rows, lines.size());
                for (AttributedString line : lines) {
                    assertTrue(line.columnLength() <= columns, columns + ": " + line);
                    assertTrue(
                            line.toString()
                                    .codePoints()
                                    .noneMatch(point -> point < 0x20
                                            || point >= 0x7f && point < 0xa0
                                            || point >= 0x200b && point <= 0x200f
                                            || point >= 0x202a && point <= 0x202e),
                            line.toString());
                }
            }
        }
        String shown = Scenes.text(Scenes.draw(Scenes.scene(sight, Ui.START, log), 80, 24, true, true));
        assertTrue(shown.contains("\n 日本語のとても長い…  root        1m15s \\u{1b}[2J"), shown);
    }

    @Test
    void help_listsTheKeys_andTooSmallIsSaid() throws Exception {
        assertTrue(draw(Ui.START.with(Ui.Mode.HELP), 80, 24, true).startsWith("KEYS\nup/down k/j"));
        assertEquals("too small\n\n\n", draw(Ui.START, 19, 3, true));
    }
}
