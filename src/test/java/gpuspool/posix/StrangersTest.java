package gpuspool.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is found to be of a job gets killed with it: a job about which nothing is known has no processes. */
final class StrangersTest {
    private final Processes table = new LinuxProcesses(Path.of("/nowhere"));

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "0123456789abcdef", "0123456789ABCDEF0123456789ABCDEF"})
    void noProcess_hasACookieThatIsNone(String cookie) throws IOException {
        assertEquals(List.of(), table.ofJob(cookie, 0));
    }

    @Test
    void unknownSession_matchesNothing() throws IOException {
        assertEquals(List.of(), table.ofJob("0123456789abcdef0123456789abcdef", 0));
        assertEquals(List.of(), table.ofJob("0123456789abcdef0123456789abcdef", -1));
    }
}
