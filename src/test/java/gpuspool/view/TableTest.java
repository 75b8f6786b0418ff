package gpuspool.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableTest {
    private static Table table() {
        return new Table()
                .inked(1)
                .cutting(2)
                .row("JOB", "STATE", "REASON", "COMMAND")
                .row(Ink.ofJob("running"), "a.1", "running", "0,1", "python train.py --learning-rate 0.001 --seed 1")
                .row(Ink.ofJob("queued"), "実験", "queued", "(no GPU is free: 0 is used by somebody)", "実験.job");
    }

    @Test
    void enoughRoom_nothingIsCut() {
        String whole = """
                JOB   STATE    REASON                                   COMMAND
                a.1   running  0,1                                      python train.py --learning-rate 0.001 --seed 1
                実験  queued   (no GPU is free: 0 is used by somebody)  実験.job
                """;
        assertEquals(whole, table().toString());
        assertEquals(whole, table().text(new Style(200, false)));
    }

    @Test
    void lessRoom_reasonsAndCommandsAreCut() {
        assertEquals("""
                JOB   STATE    REASON                              COMMAND
                a.1   running  0,1                                 python train.py …
                実験  queued   (no GPU is free: 0 is used by som…  実験.job
                """, table().text(new Style(68, false)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 20, 33, 40, 50, 60, 80, 100, 120})
    void noLine_isWiderThanTheTerminal(int columns) {
        for (boolean colour : new boolean[] {false, true}) {
            String text = table().text(new Style(columns, colour));
            for (String line : text.split("\n", -1)) {
                String bare = line.replaceAll("\u001b\\[[0-9]*m", "");
                assertTrue(Columns.of(bare) <= columns, columns + ": " + line);
            }
        }
    }

    @Test
    void colour_standsAroundTheStateAlone() {
        String text = table().text(new Style(Style.WHOLE, true));
        assertTrue(text.contains("a.1   \u001b[32mrunning\u001b[0m  0,1"), text);
        assertEquals(table().toString(), text.replaceAll("\u001b\\[[0-9]*m", ""));
    }

    @Test
    void cells_ruleNoTerminal() {
        assertEquals("\\u{1b}[2Jx  y\n", new Table().row("\u001b[2Jx", "y").text(new Style(80, true)));
    }

    @Test
    void tableOfFacts_isNeverCut() {
        String command = "python " + "x".repeat(200);
        assertEquals(
                "command  " + command + "\n",
                new Table().row("command", command).text(new Style(40, false)));
    }
}
