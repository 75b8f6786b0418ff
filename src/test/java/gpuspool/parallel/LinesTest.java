package gpuspool.parallel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LinesTest {
    private static List<Task> all(Tasks tasks) throws IOException {
        List<Task> all = new ArrayList<>();
        for (Optional<Task> task = tasks.next(); task.isPresent(); task = tasks.next()) {
            all.add(task.get());
        }
        return all;
    }

    private static InputStream in(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void blankLinesAndComments_arePassedOver() throws IOException {
        Tasks lines = new Lines(in("# first\n\na b # c\n  \t\n  # x\n#GPUSPOOL gpus=2\n'last'"), Optional.empty());
        assertEquals(List.of(new Task(1, "a b # c", false), new Task(2, "'last'", false)), all(lines));
    }

    @Test
    void linesOfWindows_endBeforeTheirCarriageReturn() throws IOException {
        Tasks lines = new Lines(in("a \r b\r\n\r\n# x\r\nc\r"), Optional.empty());
        assertEquals(List.of(new Task(1, "a \r b", false), new Task(2, "c", false)), all(lines));
    }

    @Test
    void arguments_areAllTaken() throws IOException {
        Tasks lines = new Lines(in("# x\n\n"), Optional.of(new Template(List.of("echo"))));
        assertEquals(List.of(new Task(1, "echo '# x'", false), new Task(2, "echo ''", false)), all(lines));
    }

    @Test
    void everyByte_isKept() throws IOException {
        byte[] line = new byte[255];
        for (int i = 1; i < line.length; i++) {
            line[i] = (byte) (i == '\n' ? ' ' : i);
        }
        line[0] = 'x';
        Tasks lines = new Lines(new ByteArrayInputStream(line), Optional.empty());
        assertArrayEquals(line, Raw.bytes(all(lines).get(0).command()));
    }

    @Test
    void lists_giveEachCombination() throws IOException {
        Tasks lists = new Lists(List.of(List.of("a", "b"), List.of("1", "2")), Optional.empty());
        assertEquals(
                List.of("a 1", "a 2", "b 1", "b 2"),
                all(lists).stream().map(Task::command).toList());
        assertEquals(List.of(), all(new Lists(List.of(List.of("a"), List.of()), Optional.empty())));
    }
}
