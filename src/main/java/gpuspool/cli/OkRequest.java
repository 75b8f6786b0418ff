package gpuspool.cli;

import gpuspool.gpu.GpuId;
import gpuspool.plan.Control;
import gpuspool.spool.HostNote;
import gpuspool.spool.Layout;
import gpuspool.spool.ReportedCards;
import gpuspool.spool.Requests;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Asks for a card to leave the quarantine: finds the one that people mean, and makes the request in {@code control/}. */
final class OkRequest {
    /** What came of it; {@code told} is for people. */
    record Outcome(boolean well, String told) {}

    private final Layout places;
    private final List<HostNote> hosts;
    private final Requests requests;

    /** @param hosts the own one first */
    OkRequest(Layout places, List<HostNote> hosts, Requests requests) {
        this.places = places;
        this.hosts = hosts;
        this.requests = requests;
    }

    /** {@code named}: its index, or so much of its UUID as fits no other. */
    Outcome make(String named) throws IOException {
        Map<String, String> meant = find(named);
        if (meant.isEmpty()) {
            String there = all().isEmpty()
                    ? "no watcher has told of any yet"
                    : "there are: " + String.join(", ", all().keySet());
            return new Outcome(false, "no card " + named + "; " + there);
        }
        if (meant.size() > 1) {
            return new Outcome(
                    false, named + " could be any of " + String.join(", ", meant.keySet()) + "; write more of it");
        }
        String word = meant.keySet().iterator().next();
        if (!isSick(word)) {
            return new Outcome(false, word + " is in no quarantine; see: gpuspool gpus");
        }
        boolean made = requests.make(places.control().resolve(Control.fileName(word) + Control.OK));
        return new Outcome(
                true,
                word + (made ? ": asked to leave the quarantine" : ": was asked already to leave the quarantine"));
    }

    /** By its word, else by its index, on the first host that has one such; else by the beginning of its word. */
    private Map<String, String> find(String named) throws IOException {
        for (HostNote host : hosts) {
            Map<String, String> here = new LinkedHashMap<>();
            for (ReportedCards.Line line : ReportedCards.read(host.directory()).cards()) {
                boolean byIndex =
                        named.matches("[0-9]{1,4}") && line.index().equals(OptionalInt.of(Integer.parseInt(named)));
                if (line.word().equals(named)) {
                    return Map.of(named, host.host());
                }
                if (byIndex) {
                    here.put(line.word(), host.host());
                }
            }
            if (!here.isEmpty()) {
                return here;
            }
        }
        Map<String, String> begun = new LinkedHashMap<>(all());
        boolean mayBeCut =
                GpuId.parse(named).filter(GpuId.Uuid.class::isInstance).isPresent();
        begun.keySet().removeIf(word -> !(mayBeCut && word.startsWith(named)));
        return begun;
    }

    /** Every card of which a watcher wrote: word → host. */
    private Map<String, String> all() throws IOException {
        Map<String, String> words = new LinkedHashMap<>();
        for (HostNote host : hosts) {
            ReportedCards report = ReportedCards.read(host.directory());
            report.cards().forEach(line -> words.putIfAbsent(line.word(), host.host()));
            report.sick().keySet().forEach(word -> words.putIfAbsent(word, host.host()));
        }
        return words;
    }

    private boolean isSick(String word) throws IOException {
        List<String> sick = new ArrayList<>();
        for (HostNote host : hosts) {
            sick.addAll(ReportedCards.read(host.directory()).sick().keySet());
        }
        return sick.contains(word);
    }
}
