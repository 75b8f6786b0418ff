package gpuspool.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The table tells the truth about the readers. */
class JobKeyTest {

    @ParameterizedTest
    @EnumSource
    void everyKey_isFoundAndDocumented(JobKey key) {
        if (key.isForPeople()) {
            assertEquals(key, JobKey.named(key.key()));
        }
        assertTrue(key.doc().endsWith(".") && !key.allowed().isEmpty());
    }

    @Test
    void defaultsInTheTable_areThoseInForce() {
        JobSpec spec = JobFiles.valid("a.job", "ls\n");
        assertEquals(JobKey.GPUS.byDefault(), String.valueOf(spec.gpus()));
        assertEquals(JobKey.GRACE.byDefault(), Durations.format(spec.grace()));
        assertEquals(JobKey.OUTPUT.byDefault(), spec.output().word());
    }

    @Test
    void command_isTheOnlyKeyThatAScriptCannotSet() {
        for (JobKey key : JobKey.values()) {
            assertEquals(key != JobKey.COMMAND && key.isForPeople(), key.inScript());
        }
    }

    @Test
    void nameNearNoKey_getsNoSuggestion() {
        assertFalse(Suggestion.nearest("colour", List.of("gpus", "env")).isPresent());
        assertFalse(Suggestion.nearest("a", List.of("cwd", "env")).isPresent());
    }

    @Test
    void slips_areCountedAsTypistsMakeThem() {
        assertEquals(0, Suggestion.distance("time", "time"));
        assertEquals(1, Suggestion.distance("tiem", "time"));
        assertEquals(1, Suggestion.distance("gpu", "gpus"));
        assertEquals(1, Suggestion.distance("grave", "grace"));
        assertEquals(4, Suggestion.distance("", "gpus"));
    }
}
