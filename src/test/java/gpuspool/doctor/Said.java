package gpuspool.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;

/** What a check said, to be compared. */
final class Said {
    private Said() {}

    /** That these and no other findings came, in this order: each begins with its level and has the words given. */
    static void assertSays(List<Finding> findings, String... expected) {
        List<String> lines = findings.stream().map(Said::line).toList();
        assertEquals(expected.length, lines.size(), lines.toString());
        for (int i = 0; i < expected.length; i++) {
            String[] levelAndWords = expected[i].split(": ", 2);
            String line = lines.get(i);
            assertTrue(
                    line.startsWith(levelAndWords[0]) && line.contains(levelAndWords[1]),
                    "expected " + expected[i] + " in: " + line);
        }
        assertTrue(
                findings.stream()
                        .allMatch(finding -> finding.level() != Finding.Level.PROBLEM
                                || finding.todo().isPresent()),
                "a problem says what to do");
    }

    static void assertSays(Finding finding, String expected) {
        assertSays(List.of(finding), expected);
    }

    private static String line(Finding finding) {
        return Stream.of(finding.level().word(), finding.what(), finding.todo().orElse(""))
                .reduce("", (all, part) -> all + (all.isEmpty() ? "" : " | ") + part);
    }
}
