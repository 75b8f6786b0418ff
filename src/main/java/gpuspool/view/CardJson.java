package gpuspool.view;

import gpuspool.gpu.Reading;
import gpuspool.spool.HostNote;
import gpuspool.spool.Times;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.core.JsonGenerator;

/** A {@link CardBoard} as JSON; the README names the keys. */
public final class CardJson {
    private CardJson() {}

    public static void write(JsonGenerator out, CardBoard board) throws IOException {
        out.writeStartObject();
        out.writeStringProperty("time", Times.format(Instant.ofEpochMilli(board.millis())));
        Json.string(out, "spool", board.spool().map(Path::toString));
        out.writeBooleanProperty("let_go", board.letGo());
        out.writeName("hosts");
        writeHosts(out, board);
        out.writeEndObject();
    }

    /** The array of its hosts. */
    static void writeHosts(JsonGenerator out, CardBoard board) throws IOException {
        out.writeStartArray();
        for (CardHost host : board.hosts()) {
            write(out, host);
        }
        out.writeEndArray();
    }

    private static void write(JsonGenerator out, CardHost host) throws IOException {
        out.writeStartObject();
        out.writeStringProperty("host", host.host());
        if (host.watcher() == HostNote.Life.NOT_KNOWN) {
            out.writeNullProperty("watched");
        } else {
            out.writeBooleanProperty("watched", host.watcher() == HostNote.Life.ALIVE);
        }
        Json.number(out, "watcher_pid", host.pid());
        Json.string(
                out,
                "as_of",
                host.asOf().isPresent()
                        ? Optional.of(
                                Times.format(Instant.ofEpochMilli(host.asOf().getAsLong())))
                        : Optional.empty());
        Json.string(out, "driver", known(host.driver()));
        Json.string(out, "trouble", host.trouble());
        Json.string(out, "note", host.note());
        out.writeName("cards");
        out.writeStartArray();
        for (CardView card : host.cards()) {
            write(out, card);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, CardView card) throws IOException {
        out.writeStartObject();
        out.writeStringProperty("card", card.word());
        Json.number(out, "index", card.index());
        Json.string(out, "name", known(card.name()));
        Json.string(out, "pci", known(card.pci()));
        out.writeBooleanProperty("ours", card.ours());
        out.writeStringProperty("state", card.state());
        Json.string(out, "reason", known(card.why()));
        Json.number(out, "memory_used_bytes", bytes(card.memory().map(Reading.Memory::used)));
        Json.number(out, "memory_free_bytes", bytes(card.memory().map(Reading.Memory::free)));
        Json.number(out, "memory_total_bytes", bytes(card.memory().map(Reading.Memory::total)));
        Json.number(out, "utilisation_percent", card.figures().utilisation());
        Json.number(out, "temperature_celsius", card.figures().temperature());
        Json.number(out, "power_milliwatts", card.figures().power());
        Json.number(out, "power_limit_milliwatts", card.figures().powerLimit());
        Optional<CardView.User> first = card.jobs().stream().findFirst();
        Json.string(out, "job", first.map(CardView.User::name));
        Json.string(out, "id", first.map(CardView.User::id));
        Json.string(out, "user", first.map(CardView.User::user));
        out.writeName("jobs");
        out.writeStartArray();
        for (CardView.User job : card.jobs()) {
            write(out, job);
        }
        out.writeEndArray();
        out.writeName("processes");
        out.writeStartArray();
        for (CardView.Occupant occupant : card.occupants()) {
            write(out, occupant);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, CardView.User job) {
        out.writeStartObject();
        out.writeStringProperty("job", job.name());
        out.writeStringProperty("id", job.id());
        out.writeStringProperty("user", job.user());
        Json.number(out, "gpu_mem_bytes", job.memory());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, CardView.Occupant occupant) {
        out.writeStartObject();
        out.writeNumberProperty("pid", occupant.process().pid());
        out.writeStringProperty("kind", occupant.process().kind().name().toLowerCase(Locale.ROOT));
        Json.string(out, "user", occupant.process().user());
        Json.string(out, "command", occupant.process().command());
        Json.number(out, "memory_bytes", occupant.process().memory());
        Json.string(out, "job", occupant.job());
        out.writeBooleanProperty("watcher", occupant.watchers());
        out.writeEndObject();
    }

    private static OptionalLong bytes(Optional<Long> bytes) {
        return bytes.isPresent() ? OptionalLong.of(bytes.get()) : OptionalLong.empty();
    }

    private static Optional<String> known(String text) {
        return Optional.of(text).filter(value -> !value.isEmpty());
    }
}
