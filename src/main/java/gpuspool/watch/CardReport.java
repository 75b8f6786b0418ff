package gpuspool.watch;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.plan.CardState;
import gpuspool.spool.HostFiles;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Keeps {@code hosts/<host>/gpus} true: how each card stands, by what was last known. Written when it changed, at most once a second. */
final class CardReport {
    private static final String WRITING = "gpus";
    private static final long INTERVAL = Duration.ofSeconds(1).toNanos();
    private static final long AFTER_TROUBLE = Duration.ofSeconds(10).toNanos();

    private final Engine engine;
    private final HostFiles files;
    private final Clocks clocks;
    private Optional<List<HostFiles.Card>> written = Optional.empty();
    private long nextWrite;

    CardReport(Engine engine, HostFiles files, Clocks clocks) {
        this.engine = engine;
        this.files = files;
        this.clocks = clocks;
        nextWrite = clocks.nanos();
    }

    /**
     * Writes the file if it would say something new and is due. It is for people only: that it cannot be written must not end the
     * service.
     *
     * @return when to call again; {@link Engine#NEVER} when only a change brings anything new
     */
    long update() {
        long now = clocks.nanos();
        List<HostFiles.Card> cards = collect(now);
        if (written.filter(cards::equals).isPresent()) {
            return Engine.NEVER;
        }
        if (now - nextWrite < 0) {
            return nextWrite;
        }
        try {
            files.writeCards(clocks.stamp(), cards);
            written = Optional.of(cards);
            nextWrite = now + INTERVAL;
            engine.trouble().isOver(WRITING, "how the GPUs stand can be written down again");
            return Engine.NEVER;
        } catch (IOException e) {
            engine.trouble()
                    .is(
                            WRITING,
                            "attention: cannot write how the GPUs stand: " + e.getMessage()
                                    + ". Tried again every 10 s");
            nextWrite = now + AFTER_TROUBLE;
            return nextWrite;
        }
    }

    private List<HostFiles.Card> collect(long now) {
        List<HostFiles.Card> lines = new ArrayList<>();
        CardDesk desk = engine.desk();
        desk.unknown()
                .ifPresent(why -> lines.add(
                        new HostFiles.Card(HostFiles.Card.NOBODY_KNOWS, "-", CardState.Kind.UNKNOWN.word(), why, "")));
        Set<Device> cards = new LinkedHashSet<>(desk.devices());
        // A card that its driver does not tell of, now or any more.
        Set<GpuId> others = new LinkedHashSet<>(engine.jobs().cards());
        others.addAll(engine.quarantine().known());
        others.removeAll(Device.ids(desk.devices()));
        cards.addAll(desk.describe(others));
        Map<GpuId, CardState> states = engine.book().told(cards, engine.jobs().all(), now);
        for (Device card : cards) {
            lines.add(line(card, states.getOrDefault(card.id(), CardState.FREE)));
        }
        return lines;
    }

    private static HostFiles.Card line(Device card, CardState state) {
        String index = card.index().isPresent() ? Integer.toString(card.index().getAsInt()) : "-";
        return new HostFiles.Card(card.id().word(), index, state.kind().word(), state.why(), card.name());
    }
}
