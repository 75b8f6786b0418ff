package gpuspool.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the jobs themselves say of their runs: a file outside the spool to which each job appends (O_APPEND, one write)
 * {@code start ID CARDS NANOS TOKEN}, at its end {@code end ID CARDS NANOS TOKEN}, and, where it leaves a process
 * behind, {@code stray ...} at that one's end. CARDS is {@code GPUSPOOL_GPUS}, or {@code -} for none. A job that runs
 * twice is seen here whatever the spool says.
 */
public record Ledger(Path file) {
    public static final String START = "start";
    public static final String END = "end";
    static final String STRAY = "stray";

    public record Event(String what, String id, List<String> cards, long nanos, String token) {}

    public record Reading(List<Event> events, List<String> malformed) {}

    public Reading read() throws IOException {
        List<Event> events = new ArrayList<>();
        List<String> malformed = new ArrayList<>();
        String text;
        try {
            text = Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return new Reading(events, malformed);
        }
        if (!text.isEmpty() && !text.endsWith("\n")) {
            malformed.add("the last line of the ledger is torn");
        }
        text.lines().forEach(line -> parse(line, events, malformed));
        return new Reading(events, malformed);
    }

    private static void parse(String line, List<Event> events, List<String> malformed) {
        List<String> words = Arrays.asList(line.split(" ", -1));
        int count = words.size();
        // The cards may themselves hold blanks: they are what lies between the first two words and the last two.
        if (count < 5
                || !List.of(START, END, STRAY).contains(words.get(0))
                || !words.get(count - 2).matches("[0-9]{1,19}")) {
            malformed.add("ledger line not understood: " + line);
            return;
        }
        List<String> cards = new ArrayList<>();
        for (String part : words.subList(2, count - 2)) {
            for (String card : part.split(",", -1)) {
                if (!card.isEmpty() && !card.equals("-")) {
                    cards.add(card);
                }
            }
        }
        events.add(new Event(
                words.get(0), words.get(1), cards, Long.parseLong(words.get(count - 2)), words.get(count - 1)));
    }
}
