package gpuspool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** No verb can do what files cannot: the table in the layout, compared with the verbs there are. */
class FilesAndVerbsTest {
    /** A spool's beginning, and verbs that only read. */
    private static final List<String> NEED_NO_FILES = List.of("init", "watch", "doctor", "check");

    private static final List<String> NOT_ABOUT_A_SPOOL = List.of("completion", "man", "demo");
    private static final Pattern WORD = Pattern.compile("`(?:gpuspool )?([a-z]+)[^`]*`");
    private static final int COLUMNS = 3;

    private record Line(String byHand, String verbs) {}

    private static List<Line> table() throws IOException {
        List<String> text = Files.readAllLines(Path.of("spool-layout.md"));
        int at = text.indexOf("| to | with coreutils | verb |") + 2;
        assertTrue(at >= 2, "no table of files and verbs in the layout");
        List<Line> lines = new ArrayList<>();
        for (; text.get(at).startsWith("|"); at++) {
            String[] cells = text.get(at).split(" \\| ", -1);
            assertEquals(COLUMNS, cells.length, text.get(at));
            lines.add(new Line(cells[1], cells[2]));
        }
        return lines;
    }

    private static List<String> words(String cell) {
        return WORD.matcher(cell).results().map(match -> match.group(1)).toList();
    }

    @Test
    void everyVerbInTheTable_isThere() throws IOException {
        for (Line line : table()) {
            // What stands in brackets explains.
            for (String verb : words(line.verbs().replaceAll("\\([^)]*\\)", ""))) {
                assertTrue(VerbTable.named(verb).isPresent(), verb);
            }
        }
    }

    @Test
    void everyVerb_canBeDoneWithFiles() throws IOException {
        List<Line> table = table();
        for (VerbTable verb : VerbTable.values()) {
            List<Line> lines = table.stream()
                    .filter(line -> words(line.verbs()).contains(verb.verb))
                    .toList();
            assertTrue(!lines.isEmpty() || NOT_ABOUT_A_SPOOL.contains(verb.verb), verb.verb + " is not in the table");
            for (Line line : lines) {
                boolean none = line.byHand().startsWith("–");
                assertTrue(!none || NEED_NO_FILES.contains(verb.verb), verb.verb + " can do what files cannot");
                assertTrue(none || line.byHand().contains("`"), verb.verb + " by hand: " + line.byHand());
            }
        }
    }

    @Test
    void everyVerb_isInTheReadme() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        int from = readme.indexOf("| verb | does | by hand |");
        String verbs = readme.substring(from, readme.indexOf("\n\n", from));
        for (VerbTable verb : VerbTable.values()) {
            assertTrue(
                    Pattern.compile("\\| [^|]*`" + verb.verb + "\\b")
                            .matcher(verbs)
                            .find(),
                    verb.verb);
        }
    }
}
