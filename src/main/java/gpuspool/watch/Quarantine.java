package gpuspool.watch;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.plan.CardState;
import gpuspool.plan.Control;
import gpuspool.spool.Fs;
import gpuspool.spool.QuarantineFile;
import gpuspool.spool.QuarantineFile.Row;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Broken cards, which get no job until somebody says that they are well; {@code spool-layout.md}, section 10.3. */
final class Quarantine {
    private static final String TOPIC = "quarantine";
    private static final String TOPIC_OF_CARD = TOPIC + " ";
    private static final long AFTER_TROUBLE = Duration.ofSeconds(10).toNanos();

    private final Setup setup;
    private final Clocks clocks;
    private final CardDesk desk;
    private final QuarantineFile file;
    private final String name;
    /** By the card's word; lines that name no card are kept as they are. */
    private final Map<String, Row> rows = new LinkedHashMap<>();
    /** Why it is not known which cards are in it; empty when it is. */
    private Optional<String> unread = Optional.of("it was not read yet");

    private boolean unwritten;
    private long nextTry = Engine.NEVER;

    Quarantine(Setup setup, Fs fs, Clocks clocks, CardDesk desk) {
        this.setup = setup;
        this.clocks = clocks;
        this.desk = desk;
        file = new QuarantineFile(setup.spool().places(), setup.host(), fs);
        name = "hosts/" + setup.host() + "/quarantine";
    }

    /** Does again what could not be done; the first call reads what earlier watchers left. */
    void update(long now) {
        if (unread.isEmpty() && !unwritten || nextTry != Engine.NEVER && now - nextTry < 0) {
            return;
        }
        if (unread.isPresent()) {
            read(now);
        }
        if (unread.isEmpty() && unwritten) {
            write(now);
        }
    }

    private void read(long now) {
        try {
            for (Row row : file.read()) {
                rows.putIfAbsent(row.card(), row);
            }
            unread = Optional.empty();
            nextTry = Engine.NEVER;
            setup.attention().clear(TOPIC);
            rows.values().forEach(this::tell);
        } catch (IOException e) {
            unread = Optional.of(name + " cannot be read: " + e.getMessage());
            nextTry = now + AFTER_TROUBLE;
            setup.attention()
                    .set(
                            TOPIC,
                            unread.get() + "; nothing starts on a GPU, for nobody knows which are broken. Correct it or"
                                    + " remove it; it is tried again every 10 s");
        }
    }

    private void write(long now) {
        try {
            file.write(List.copyOf(rows.values()));
            unwritten = false;
            nextTry = Engine.NEVER;
            setup.attention().clear(TOPIC);
        } catch (IOException e) {
            nextTry = now + AFTER_TROUBLE;
            setup.attention()
                    .set(
                            TOPIC,
                            name + " cannot be written: " + e.getMessage() + "; its cards get no job from this watcher,"
                                    + " but the next one would not know. Tried again every 10 s");
        }
    }

    /** The card is broken; {@code reason}: in the driver's words. One that is in it already stays as it is. */
    void put(GpuId card, String reason) {
        if (rows.containsKey(card.word())) {
            return;
        }
        Row row = new Row(card.word(), clocks.stamp(), reason);
        rows.put(card.word(), row);
        tell(row);
        unwritten = true;
        if (unread.isEmpty()) {
            write(clocks.nanos());
        }
    }

    /** Somebody says that the card is well. On an exception it stays where it is. */
    void release(String card) throws IOException {
        checkKnown();
        List<Row> rest = new ArrayList<>(rows.values());
        rest.removeIf(row -> row.card().equals(card));
        try {
            file.write(rest);
        } catch (IOException e) {
            throw new IOException(name + " cannot be written: " + e.getMessage(), e);
        }
        unwritten = false;
        nextTry = Engine.NEVER;
        setup.attention().clear(TOPIC);
        rows.remove(card);
        setup.attention().clear(TOPIC_OF_CARD + card);
        setup.say(
                "GPU " + label(card) + " has left the quarantine, as was asked for in control/. It gets jobs again once"
                        + " its driver finds nothing wrong with it");
    }

    private void checkKnown() throws IOException {
        if (unread.isPresent()) {
            throw new IOException(unread.get());
        }
    }

    private void tell(Row row) {
        String topic = TOPIC_OF_CARD + row.card();
        if (GpuId.parse(row.card()).isEmpty()) {
            setup.attention()
                    .set(
                            topic,
                            "a line of " + name + " names no GPU: " + row.card() + "; if one was meant, it gets jobs."
                                    + " Correct it or remove it, and start the watcher anew");
            return;
        }
        setup.attention()
                .set(
                        topic,
                        "GPU " + label(row.card()) + " is in quarantine"
                                + (row.since().isEmpty() ? "" : " since " + row.since()) + ": " + reason(row)
                                + ". It gets no job; when it is repaired: touch control/"
                                + Control.fileName(row.card()) + Control.OK);
    }

    private static String reason(Row row) {
        return row.reason().isEmpty() ? "no reason is noted" : row.reason();
    }

    private String label(String card) {
        return GpuId.parse(card).map(id -> desk.labels(List.of(id))).orElse(card);
    }

    /** Why a card gets no job; empty where nothing is wrong with it, nor with what it is a part of. */
    Optional<CardState> of(Device card) {
        Row row = rows.get(card.id().word());
        if (row == null && card.parent().isPresent()) {
            row = rows.get(card.parent().get());
        }
        if (row != null) {
            return Optional.of(new CardState(CardState.Kind.SICK, reason(row)));
        }
        return unread.map(why -> new CardState(CardState.Kind.UNKNOWN, why));
    }

    /** Whether it is known which cards are in it. */
    boolean isKnown() {
        return unread.isEmpty();
    }

    /** The words of the cards in it. */
    Set<String> cards() throws IOException {
        checkKnown();
        Set<String> cards = new TreeSet<>(rows.keySet());
        cards.removeIf(card -> GpuId.parse(card).isEmpty());
        return cards;
    }

    /** The same, as far as it is known. */
    List<GpuId> known() {
        return rows.keySet().stream()
                .flatMap(card -> GpuId.parse(card).stream())
                .toList();
    }

    /** When to call {@link #update} again; {@link Engine#NEVER} where nothing is wrong. */
    long nextDue() {
        return nextTry;
    }
}
