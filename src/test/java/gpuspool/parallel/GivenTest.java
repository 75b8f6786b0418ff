package gpuspool.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GivenTest {
    private static Given of(String... words) throws Given.Misunderstood {
        return Given.of(List.of(words), false, Optional.empty());
    }

    @Test
    void words_areUnderstood() throws Given.Misunderstood {
        assertEquals(new Given(List.of(), List.of(), Optional.empty()), of());
        assertEquals(new Given(List.of(), List.of(), Optional.of("runs.txt")), of("runs.txt"));
        assertEquals(new Given(List.of("echo {}"), List.of(), Optional.empty()), of("echo {}"));
        assertEquals(new Given(List.of("echo", "x"), List.of(), Optional.empty()), of("echo", "x"));
        assertEquals(
                new Given(List.of("echo"), List.of(List.of("a", "b"), List.of("1")), Optional.empty()),
                of("echo", ":::", "a", "b", ":::", "1"));
        assertEquals(new Given(List.of(), List.of(List.of("a b")), Optional.empty()), of(":::", "a b"));
        assertEquals(
                new Given(List.of("./x.sh"), List.of(), Optional.empty()),
                Given.of(List.of("./x.sh"), true, Optional.empty()));
        assertEquals(
                new Given(List.of("./x.sh"), List.of(), Optional.of("list")),
                Given.of(List.of("./x.sh"), false, Optional.of("list")));
    }

    @Test
    void otherListsOfGnuParallel_areRefused() {
        for (String word : List.of(":::+", "::::", "::::+")) {
            assertThrows(Given.Misunderstood.class, () -> of("echo", word, "a"), word);
        }
    }
}
