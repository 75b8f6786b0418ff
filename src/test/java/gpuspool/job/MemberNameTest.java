package gpuspool.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class MemberNameTest {
    @Test
    void number_hasFiveDigitsAndMoreWhereNeeded() {
        assertEquals("exp1-00042.toml", MemberName.file("exp1", 42));
        assertEquals("exp1-123456", MemberName.stem("exp1", 123_456));
        assertEquals(OptionalInt.of(123_456), MemberName.number("exp1", "exp1-123456"));
    }

    @Test
    void longStem_isCutSoThatTheNumberFits() {
        String stem = MemberName.stem("x".repeat(64), 7);
        assertEquals("x".repeat(58) + "-00007", stem);
        assertTrue(Stem.isValid(stem));
        assertEquals(OptionalInt.of(7), MemberName.number("x".repeat(64), stem));
    }

    @Test
    void whatNoMemberIsCalled_hasNoNumber() {
        for (String other :
                new String[] {"exp1", "exp1-42", "exp1-0042x", "exp1-00000", "exp2-00042", "exp1-000042", ""}) {
            assertEquals(OptionalInt.empty(), MemberName.number("exp1", other), other);
        }
        assertEquals(OptionalInt.empty(), MemberName.numberOfFile("exp1", "exp1-00042.job"));
        assertEquals(OptionalInt.of(42), MemberName.numberOfFile("exp1", "exp1-00042.toml"));
    }
}
