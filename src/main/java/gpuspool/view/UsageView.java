package gpuspool.view;

import gpuspool.job.Sizes;
import gpuspool.job.UsageSample;
import gpuspool.job.UsageSummary;
import gpuspool.spool.StatusFile;
import gpuspool.spool.UsageFile;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import tools.jackson.core.JsonGenerator;

/**
 * What a job asked of its cards and what it used of them, for people and as JSON.
 *
 * @param cards how many it has
 * @param asked bytes of each that it asked for, to share it; empty: it has whole cards
 * @param summary all in all, so far
 * @param runs whether more may come
 */
public record UsageView(int cards, OptionalLong asked, UsageSummary summary, UsageFile file, boolean runs) {
    private static final int WIDTH = 40;

    /** By a job's {@code status}, where it is summed up, and its samples. */
    public static UsageView of(StatusFile status, UsageFile file, boolean runs) {
        UsageSummary seen = file.summary();
        OptionalLong told = status.number(UsageFile.UTILISATION);
        UsageSummary written = new UsageSummary(
                told.isPresent() ? OptionalInt.of((int) told.getAsLong()) : OptionalInt.empty(),
                status.number(UsageFile.PEAK),
                status.number(UsageFile.TOTAL));
        return new UsageView(
                status.words("devices").size(),
                status.number("gpu_mem"),
                seen.equals(UsageSummary.NONE) ? written : seen,
                file,
                runs);
    }

    /** {@code asked for a whole 80 GiB card, used 11 GiB at most, 23 % busy on average}; empty where nothing was seen. */
    public Optional<String> sentence() {
        if (summary.utilisation().isEmpty() && summary.peak().isEmpty()) {
            return Optional.empty();
        }
        String used = summary.peak().isEmpty()
                ? ", its memory there is not told"
                : ", used " + Sizes.about(summary.peak().getAsLong()) + (cards > 1 ? " of one" : "") + " at most";
        return Optional.of("asked for " + wish() + used + busy() + (runs ? ", so far" : ""));
    }

    private String wish() {
        String size = summary.total().isPresent() ? Sizes.about(summary.total().getAsLong()) + " " : "";
        if (asked.isPresent()) {
            String part = Sizes.about(asked.getAsLong());
            return part + (cards > 1 ? " of each of " + cards + " " + size + "cards" : " of one " + size + "card");
        }
        return cards > 1 ? cards + " whole " + size + "cards" : "a whole " + size + "card";
    }

    private String busy() {
        if (summary.utilisation().isEmpty()) {
            return "";
        }
        String percent = summary.utilisation().getAsInt() + " % busy on average";
        return asked.isPresent() ? "; the card was " + percent : ", " + percent;
    }

    /** As rows of a page: the sentence, and how it went. Nothing where nothing was seen. */
    public void add(Table page, boolean utf8) {
        Optional<String> sentence = sentence();
        if (sentence.isEmpty()) {
            return;
        }
        page.row("used", sentence.get());
        if (file.samples().size() > 1) {
            String busy = Sparkline.of(file.samples(), UsageView::busyPart, WIDTH, utf8);
            String memory = Sparkline.of(file.samples(), this::memoryPart, WIDTH, utf8);
            page.row("busy", "|" + busy + "| of 100 %");
            if (summary.total().isPresent()) {
                page.row(
                        "memory",
                        "|" + memory + "| of " + Sizes.about(summary.total().getAsLong()));
            }
        }
    }

    private static OptionalDouble busyPart(UsageSample sample) {
        return sample.cards().stream()
                .filter(card -> card.utilisation().isPresent())
                .mapToDouble(card -> card.utilisation().getAsInt() / 100.0)
                .average();
    }

    private OptionalDouble memoryPart(UsageSample sample) {
        double total = Math.max(1, summary.total().orElse(1));
        return sample.cards().stream()
                .filter(card -> card.bytes().isPresent())
                .mapToDouble(card -> card.bytes().getAsLong() / total)
                .max();
    }

    /** Under the key {@code usage}; {@code null} where nothing was seen. */
    public void write(JsonGenerator json) {
        if (sentence().isEmpty()) {
            json.writeNullProperty("usage");
            return;
        }
        json.writeName("usage");
        json.writeStartObject();
        json.writeStringProperty("sentence", sentence().get());
        Json.number(json, UsageFile.UTILISATION, summary.utilisation());
        Json.number(json, UsageFile.PEAK, summary.peak());
        Json.number(json, UsageFile.TOTAL, summary.total());
        json.writeName("samples");
        json.writeStartArray();
        for (UsageSample sample : file.samples()) {
            json.writeStartObject();
            json.writeNumberProperty("seconds", sample.seconds());
            json.writeName("cards");
            json.writeStartArray();
            for (UsageSample.OfCard card : sample.cards()) {
                json.writeStartObject();
                Json.number(json, "utilisation_percent", card.utilisation());
                Json.number(json, "memory_bytes", card.bytes());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
