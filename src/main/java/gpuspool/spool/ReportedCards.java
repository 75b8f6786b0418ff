package gpuspool.spool;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a host's watcher last wrote of its cards, in {@code hosts/<host>/gpus} and {@code quarantine}. All texts are escaped.
 *
 * @param asOf milliseconds since 1970; empty where it never wrote any
 * @param unknown why it did not know which cards there are; empty where it knew
 * @param cards in its order
 * @param sick why a card is in quarantine, by its word
 */
public record ReportedCards(OptionalLong asOf, Optional<String> unknown, List<Line> cards, Map<String, String> sick) {
    /** A watcher never wrote anything. */
    public static final ReportedCards NOTHING =
            new ReportedCards(OptionalLong.empty(), Optional.empty(), List.of(), Map.of());

    private static final String AS_OF = "as of ";

    private static final int CARD_FIELDS = 5;

    /**
     * One card.
     *
     * @param word its id as in {@code devices}
     * @param state one of the words of {@code spool-layout.md}, section 10.2
     * @param why what to say of it; empty for nothing
     * @param name the product's; empty when not known
     */
    public record Line(String word, OptionalInt index, String state, String why, String name) {}

    /** Nothing where the files are not there; lines that are not understood are left out. */
    public static ReportedCards read(Path hostDirectory) throws IOException {
        String text = new String(bytes(HostFiles.cardsFile(hostDirectory)), StandardCharsets.UTF_8);
        OptionalLong asOf = OptionalLong.empty();
        Optional<String> unknown = Optional.empty();
        List<Line> cards = new ArrayList<>();
        for (String line : text.lines().toList()) {
            String[] fields = line.split("\t", -1);
            if (line.startsWith(AS_OF)) {
                asOf = Times.parse(line.substring(AS_OF.length()));
            } else if (fields.length >= CARD_FIELDS && fields[0].equals(HostFiles.Card.NOBODY_KNOWS)) {
                unknown = Optional.of(fields[3]);
            } else if (fields.length >= CARD_FIELDS) {
                cards.add(new Line(fields[0], index(fields[1]), fields[2], fields[3], fields[4]));
            }
        }
        Map<String, String> sick = new LinkedHashMap<>();
        for (QuarantineFile.Row row : QuarantineFile.parse(bytes(QuarantineFile.in(hostDirectory)))) {
            sick.put(Escapes.escape(row.card()), Escapes.escape(row.reason()));
        }
        return new ReportedCards(asOf, unknown, List.copyOf(cards), sick);
    }

    private static OptionalInt index(String text) {
        return text.matches("[0-9]{1,4}") ? OptionalInt.of(Integer.parseInt(text)) : OptionalInt.empty();
    }

    private static byte[] bytes(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return new byte[0];
        }
    }
}
