package gpuspool.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateTest {
    private static String filled(String template, String... arguments) {
        return new Template(List.of(template)).fill(7, List.of(arguments)).command();
    }

    /** As GNU parallel's --dry-run shows them for d/a.b.c and "y z". */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}    | d/a.b.c 'y z'",
                "{1}   | d/a.b.c",
                "{2}   | 'y z'",
                "{-1}  | 'y z'",
                "{.}   | d/a.b 'y z'",
                "{/}   | a.b.c 'y z'",
                "{//}  | d .",
                "{/.}  | a.b 'y z'",
                "{1/.} | a.b",
                "{1//} | d",
                "{3}   | ``",
                "{#}   | 7",
                "{%}   | {%}",
                "{gpu} | {gpu} d/a.b.c 'y z'",
                "{x}   | {x} d/a.b.c 'y z'",
            })
    void place_isFilled(String place, String filled) {
        assertEquals("echo " + filled, filled("echo " + place, "d/a.b.c", "y z"));
    }

    @Test
    void commandWithoutAPlace_getsTheArgumentsBehind() {
        assertEquals("echo a x", filled("echo a", "x"));
    }

    @Test
    void words_areJoinedForTheShell() {
        assertEquals(
                "cmd x a  b",
                new Template(List.of("cmd", "{}", "a  b")).fill(1, List.of("x")).command());
    }

    @Test
    void lineThatIsACommand_staysAsItIs() {
        String line = "find . -exec echo {} {1} {#} ${#x} \\;";
        assertEquals(new Task(3, line, false), Template.line(3, line));
    }

    @Test
    void cardAndSlot_areFilledByTheShell() {
        assertEquals(
                new Task(1, "echo {gpu} {%} a", true),
                new Template(List.of("echo {gpu} {%} {}")).fill(1, List.of("a")));
        assertEquals(new Task(1, "echo ${gpu}", false), Template.line(1, "echo ${gpu}"));
        assertEquals("eval 'echo '\"$GPUSPOOL_GPUS\"' it'\"'\"'s'", LatePlaces.script("echo {gpu} it's", 1));
    }
}
