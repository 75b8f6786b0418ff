package gpuspool.web;

import gpuspool.gpu.Reading;
import gpuspool.spool.HostNote;
import gpuspool.spool.Overview;
import gpuspool.view.CardHost;
import gpuspool.view.CardView;
import gpuspool.view.Snapshot;
import gpuspool.view.Words;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;

/** A snapshot, and how jobs ended so far, as Prometheus reads them. What is not known has no sample. */
final class Metrics {
    private static final double PERCENT = 100;
    private static final double MILLI = 1000;

    private final Exposition out = new Exposition();
    private final Snapshot snapshot;

    private Metrics(Snapshot snapshot) {
        this.snapshot = snapshot;
    }

    static String of(Snapshot snapshot, Map<EndedJobs.Kind, Long> ended) {
        Metrics metrics = new Metrics(snapshot);
        metrics.jobs(ended);
        metrics.watchers();
        metrics.cards();
        return metrics.out.toString();
    }

    private void jobs(Map<EndedJobs.Kind, Long> ended) {
        Overview overview = snapshot.overview();
        out.gauge("gpuspool_jobs", "Jobs that have not ended, by where they are.")
                .sample(Map.of("state", "queued"), overview.queued())
                .sample(Map.of("state", "held"), overview.held())
                .sample(Map.of("state", "running"), overview.running().size())
                .sample(Map.of("state", "needs_attention"), overview.attention().size());
        out.gauge(
                        "gpuspool_oldest_queued_seconds",
                        "How long the job has been in the queue that has been there longest; 0 where there is none.")
                .sample(
                        Map.of(),
                        overview.oldest().isPresent()
                                ? Math.max(
                                                0,
                                                snapshot.millis()
                                                        - overview.oldest().getAsLong())
                                        / MILLI
                                : 0);
        out.counter(
                "gpuspool_jobs_ended_total",
                "Jobs that ended since the record began, by where they were filed and how they ended.");
        ended.forEach((kind, count) -> {
            Map<String, String> labels = new LinkedHashMap<>();
            labels.put("filed", kind.filed());
            labels.put("ending", Words.line(kind.ending()));
            out.sample(labels, count);
        });
        out.gauge("gpuspool_paused", "1 while nothing new is started because somebody asked for a pause or a drain.")
                .sample(Map.of(), overview.paused() || overview.draining() ? 1 : 0);
    }

    /** Of other hosts nobody here can tell whether their watchers live. */
    private void watchers() {
        out.gauge("gpuspool_watcher_up", "1 where the watcher of this host lives, 0 where it is gone.");
        for (HostNote host : snapshot.overview().hosts()) {
            if (host.life() != HostNote.Life.NOT_KNOWN) {
                out.sample(Map.of("host", Words.line(host.host())), host.life() == HostNote.Life.ALIVE ? 1 : 0);
            }
        }
    }

    private record Card(CardHost host, CardView card) {
        Map<String, String> labels() {
            Map<String, String> labels = new LinkedHashMap<>();
            labels.put("host", Words.line(host.host()));
            labels.put("gpu", Words.line(card.word()));
            labels.put(
                    "index",
                    card.index().isPresent() ? Integer.toString(card.index().getAsInt()) : "");
            return labels;
        }
    }

    private void cards() {
        List<Card> cards = new ArrayList<>();
        for (CardHost host : snapshot.cards().hosts()) {
            host.cards().forEach(card -> cards.add(new Card(host, card)));
        }
        out.gauge("gpuspool_gpu_info", "Always 1; the name of each GPU.");
        for (Card card : cards) {
            Map<String, String> labels = card.labels();
            labels.put("name", Words.line(card.card().name()));
            out.sample(labels, 1);
        }
        out.gauge("gpuspool_gpu_state", "1 for the state that a GPU is in now.");
        for (Card card : cards) {
            Map<String, String> labels = card.labels();
            labels.put("state", Words.line(card.card().state()));
            out.sample(labels, 1);
        }
        out.gauge("gpuspool_gpu_jobs", "Jobs of this spool that have the GPU.");
        cards.forEach(card -> out.sample(card.labels(), card.card().jobs().size()));
        figure(
                cards,
                "gpuspool_gpu_memory_used_bytes",
                "Memory of the GPU that is in use.",
                card -> memory(card, Reading.Memory::used));
        figure(
                cards,
                "gpuspool_gpu_memory_total_bytes",
                "Memory that the GPU has.",
                card -> memory(card, Reading.Memory::total));
        figure(
                cards,
                "gpuspool_gpu_utilisation_ratio",
                "How much of the time the GPU computed, 0 to 1.",
                card -> ratio(card.figures()));
        figure(cards, "gpuspool_gpu_temperature_celsius", "Temperature of the GPU.", card -> celsius(card.figures()));
        figure(cards, "gpuspool_gpu_power_watts", "Power that the GPU draws.", card -> watts(card.figures()));
    }

    private void figure(List<Card> cards, String name, String help, Function<CardView, OptionalDouble> figure) {
        out.gauge(name, help);
        for (Card card : cards) {
            figure.apply(card.card()).ifPresent(value -> out.sample(card.labels(), value));
        }
    }

    private static OptionalDouble memory(CardView card, Function<Reading.Memory, Long> figure) {
        return card.memory().isPresent()
                ? OptionalDouble.of(figure.apply(card.memory().get()))
                : OptionalDouble.empty();
    }

    private static OptionalDouble ratio(Reading.Figures figures) {
        return figures.utilisation().isPresent()
                ? OptionalDouble.of(figures.utilisation().getAsInt() / PERCENT)
                : OptionalDouble.empty();
    }

    private static OptionalDouble celsius(Reading.Figures figures) {
        return figures.temperature().isPresent()
                ? OptionalDouble.of(figures.temperature().getAsInt())
                : OptionalDouble.empty();
    }

    private static OptionalDouble watts(Reading.Figures figures) {
        return figures.power().isPresent()
                ? OptionalDouble.of(figures.power().getAsInt() / MILLI)
                : OptionalDouble.empty();
    }
}
