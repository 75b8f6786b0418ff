package gpuspool.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each line of a record once, whatever becomes of its files. */
class HistoryFollowerTest {
    @TempDir
    Path temp;

    private Layout places;
    private Path current;
    private final List<String> taken = new ArrayList<>();
    private final HistoryFollower.Taker taker = new HistoryFollower.Taker() {
        @Override
        public void begin(String host) {
            taken.add("begin");
        }

        @Override
        public void take(String host, HistoryReader.Line line) {
            taken.add(line.id());
        }
    };

    @BeforeEach
    void make() throws IOException {
        places = new Layout(temp);
        Files.createDirectories(places.host("here"));
        current = HistoryFiles.of(places, "here").current();
    }

    private static String line(int run) {
        return "{\"time\":\"2026-01-01T00:00:00.000Z\",\"id\":\"x." + run + ".here\",\"state\":\"done\"}\n";
    }

    private void add(String text) throws IOException {
        Files.writeString(current, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private List<String> read(HistoryFollower follower) throws IOException {
        taken.clear();
        follower.read(taker);
        return List.copyOf(taken);
    }

    @Test
    void eachLine_isToldOnce() throws IOException {
        HistoryFollower follower = new HistoryFollower(places, new DiskFs(), Long.MAX_VALUE);
        assertEquals(List.of("begin"), read(follower));
        add(line(1));
        assertEquals(List.of("begin", "x.1.here"), read(follower));
        add(line(2) + line(3).substring(0, 20));
        assertEquals(List.of("x.2.here"), read(follower));
        add(line(3).substring(20));
        assertEquals(List.of("x.3.here"), read(follower), "half of it was there before");
        assertEquals(List.of(), read(follower));
    }

    @Test
    void fileThatIsPutAside_isReadToItsEnd() throws IOException {
        HistoryFollower follower = new HistoryFollower(places, new DiskFs(), Long.MAX_VALUE);
        add(line(1));
        read(follower);
        add(line(2));
        Files.move(current, places.host("here").resolve("history.1.jsonl"));
        add(line(3));
        assertEquals(List.of("x.2.here", "x.3.here"), read(follower));
        add(line(4));
        assertEquals(List.of("x.4.here"), read(follower));
    }

    @Test
    void recordThatIsMadeAnew_isToldAnew() throws IOException {
        HistoryFollower follower = new HistoryFollower(places, new DiskFs(), Long.MAX_VALUE);
        add(line(1) + line(2));
        read(follower);
        Path draft = Files.writeString(temp.resolve("draft"), line(1) + line(2) + line(3));
        Files.delete(current);
        Files.move(draft, current);
        assertEquals(List.of("begin", "x.1.here", "x.2.here", "x.3.here"), read(follower));
    }

    @Test
    void onlyTheEnd_isReadFirst() throws IOException {
        add(line(1) + line(2) + line(3));
        HistoryFollower follower = new HistoryFollower(places, new DiskFs(), line(3).length() + 5);
        assertEquals(List.of("begin", "x.3.here"), read(follower));
    }
}
