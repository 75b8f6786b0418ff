package gpuspool.view;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

class StyleTest {
    private static boolean coloured(Style.When when, boolean terminal, String... environment) {
        return Style.isColoured(
                when, terminal, environment.length == 0 ? Map.of() : Map.of(environment[0], environment[1]));
    }

    @Test
    void auto_isForTerminalsThatKnowColours() {
        assertEquals(true, coloured(Style.When.AUTO, true));
        assertEquals(false, coloured(Style.When.AUTO, false));
        assertEquals(true, coloured(Style.When.AUTO, true, "TERM", "xterm"));
        assertEquals(false, coloured(Style.When.AUTO, true, "TERM", "dumb"));
        assertEquals(false, coloured(Style.When.AUTO, true, "NO_COLOR", "1"));
        assertEquals(true, coloured(Style.When.AUTO, true, "NO_COLOR", ""));
        assertEquals(false, coloured(Style.When.AUTO, true, "CLICOLOR", "0"));
        assertEquals(true, coloured(Style.When.AUTO, false, "CLICOLOR_FORCE", "1"));
        assertEquals(false, coloured(Style.When.AUTO, false, "CLICOLOR_FORCE", "0"));
        assertEquals(
                false,
                Style.isColoured(Style.When.AUTO, true, Map.of("NO_COLOR", "1", "CLICOLOR_FORCE", "1")),
                "who wants none gets none");
    }

    @Test
    void whatIsSaid_countsMoreThanTheEnvironment() {
        assertEquals(true, coloured(Style.When.ALWAYS, false, "NO_COLOR", "1"));
        assertEquals(false, coloured(Style.When.NEVER, true, "CLICOLOR_FORCE", "1"));
    }

    @Test
    void states_haveSoberColours() {
        assertEquals(Ink.GOOD, Ink.ofJob("running"));
        assertEquals(Ink.WARN, Ink.ofJob("running (supervisor gone)"));
        assertEquals(Ink.BAD, Ink.ofJob("failed: exit 3"));
        assertEquals(Ink.BAD, Ink.ofJob("ending exit 3"));
        assertEquals(Ink.PLAIN, Ink.ofJob("ending exit 0"));
        assertEquals(Ink.PLAIN, Ink.ofJob("done"));
        assertEquals(Ink.PLAIN, Ink.ofJob("queued"));
        assertEquals(Ink.BAD, Ink.ofCard("sick"));
        assertEquals(Ink.PLAIN, Ink.ofCard("free"));
    }
}
