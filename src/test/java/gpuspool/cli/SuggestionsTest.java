package gpuspool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.job.Suggestion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said to those who write a name slightly wrong, or as they would elsewhere. */
class SuggestionsTest {
    /** Verbs that habits name and that may come later. */
    private static final Set<String> MAY_BE_MISSING = Set.of("run", "top", "report");

    @TempDir
    Path directory;

    private CliSpool spool;

    @BeforeEach
    void makeSpool() throws IOException {
        spool = new CliSpool(directory);
    }

    @ParameterizedTest
    @CsvSource({
        "show, exp01, exp1",
        "show, Exp1, exp1",
        "log, exp1.3, exp1.2",
        "cancel, epx1, exp1",
        "hold, waitng, waiting",
        "why, parkd, parked",
        "retry, exp2, exp1",
        "wait, exp11, exp1"
    })
    void nameOfAJobThatIsNotThere_theNearestIsNamed(String verb, String written, String meant) throws IOException {
        spool.done("exp1.2");
        spool.queue("waiting.job", "true\n");
        Files.writeString(spool.root.resolve("held/parked.job"), "true\n");
        assertEquals(
                new CliSpool.Result(
                        1, "", "gpuspool " + verb + ": no job " + written + " in SPOOL; did you mean " + meant + "?\n"),
                spool.run(verb, written));
    }

    @Test
    void nothingNear_statusIsNamed() throws IOException {
        spool.done("exp1.2");
        assertEquals(
                "gpuspool show: no job wholly-different in SPOOL; see: gpuspool status\n",
                spool.run("show", "wholly-different").err());
    }

    @Test
    void habits_leadToVerbsAndAreNoneThemselves() {
        List<String> unknown = Habits.verbs()
                .filter(verb -> VerbTable.named(verb).isEmpty() && !MAY_BE_MISSING.contains(verb))
                .toList();
        assertEquals(List.of(), unknown);
        for (VerbTable verb : VerbTable.values()) {
            assertEquals(List.of(), Habits.meant(verb.verb), verb.verb + " is a verb, and nobody's habit");
        }
        assertEquals(List.of(VerbTable.ADD), Habits.meant("sbatch"));
        assertEquals(List.of(VerbTable.GPUS), Habits.meant("nvidia-smi"));
    }

    @Test
    void everyVerbWithALetterTooMany_isUnderstood() throws IOException {
        for (VerbTable verb : VerbTable.values()) {
            String wrong = verb.verb + "x";
            if (Habits.meant(wrong).isEmpty()) {
                CliSpool.Result told = spool.run(wrong);
                assertEquals(2, told.status());
                boolean longEnough =
                        Suggestion.nearest(wrong, List.of(verb.verb)).isPresent();
                assertTrue(told.err().endsWith("did you mean " + verb.verb + "?\n") || !longEnough, told.err());
            }
        }
    }

    @Test
    void spoolBesideTheOneNamed_isTold() {
        String told =
                spool.runIn(Map.of(), "status", "--spool", directory.toString()).err();
        assertTrue(told.endsWith("; or did you mean --spool " + spool.root + "?\n"), told);
        String inside = spool.runIn(Map.of(), "status", "--spool", spool.root + "/running")
                .err();
        assertTrue(inside.endsWith("; or did you mean --spool " + spool.root + "?\n"), inside);
        assertEquals(4, spool.runIn(Map.of(), "show", "a", "--spool", "/").status());
    }
}
