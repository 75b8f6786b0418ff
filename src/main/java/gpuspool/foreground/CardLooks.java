package gpuspool.foreground;

import gpuspool.gpu.CardSource;
import gpuspool.gpu.Device;
import gpuspool.gpu.Gauge;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.GpuRules;
import gpuspool.gpu.Inventory;
import gpuspool.gpu.Reading;
import gpuspool.gpu.Roster;
import gpuspool.gpu.Survey;
import gpuspool.plan.CardState;
import gpuspool.plan.Freedom;
import gpuspool.plan.Ours;
import gpuspool.plan.Past;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The cards of this host as their driver tells of them, look by look; what cannot be read counts as taken. */
final class CardLooks {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Roster roster;
    private final GpuRules rules;
    private final BlockingQueue<Gauge.News> news = new LinkedBlockingQueue<>();
    private final Map<GpuId, Past> pasts = new HashMap<>();
    private Optional<Gauge.News.Looked> first;

    private CardLooks(Roster roster, GpuRules rules) {
        this.roster = roster;
        this.rules = rules;
        first = roster.first();
        roster.gauge().ifPresent(gauge -> gauge.tell(news::add));
    }

    static CardLooks of(CardSource source, GpuRules rules) throws InterruptedException {
        return new CardLooks(Roster.of(source, PATIENCE), rules);
    }

    Roster roster() {
        return roster;
    }

    /**
     * What one look found.
     *
     * @param taken cards that are not free by what their driver says; of those that no driver is asked about, none
     */
    record Found(Inventory inventory, Map<GpuId, CardState> taken) {}

    Found look() throws InterruptedException {
        if (roster.gauge().isEmpty()) {
            return new Found(roster.inventory(), Map.of());
        }
        Optional<Gauge.News.Looked> looked = next();
        if (looked.isEmpty()) {
            return new Found(new Inventory.Unknown("their driver does not answer"), Map.of());
        }
        Inventory inventory = roster.understand(looked.get().survey());
        Map<GpuId, CardState> taken = new HashMap<>();
        if (inventory instanceof Inventory.Cards cards && looked.get().survey() instanceof Survey.Answer answer) {
            for (Device card : cards.devices()) {
                Reading reading = answer.readings().get(card.id());
                CardState state = reading == null
                        ? new CardState(CardState.Kind.UNKNOWN, "its driver said nothing of it")
                        : judge(card, reading, looked.get().at());
                if (!state.isFree()) {
                    taken.put(card.id(), state);
                }
            }
        }
        return new Found(inventory, taken);
    }

    private CardState judge(Device card, Reading reading, long at) {
        Freedom.Judgement judgement =
                Freedom.judge(card, reading, pasts.getOrDefault(card.id(), Past.NOTHING), Ours.NONE, rules, at);
        pasts.put(card.id(), judgement.past());
        return judgement.state();
    }

    private Optional<Gauge.News.Looked> next() throws InterruptedException {
        Optional<Gauge.News.Looked> looked = first;
        first = Optional.empty();
        if (looked.isEmpty()) {
            news.clear();
            roster.gauge().orElseThrow().ask();
            Gauge.News answer = news.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            looked = answer instanceof Gauge.News.Looked now ? Optional.of(now) : Optional.empty();
        }
        return looked;
    }
}
