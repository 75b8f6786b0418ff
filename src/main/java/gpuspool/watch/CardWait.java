package gpuspool.watch;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.plan.CardState;
import gpuspool.plan.Placement;
import gpuspool.plan.PlainLine;
import gpuspool.plan.Rules;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The first job that waits for cards: for it the driver is asked, and what it can have already is kept unless others may pass it. */
final class CardWait {
    private final JobBook jobs;
    private final CardBook cards;
    private final CardWatch watch;
    private final CardLoop loop;
    private Optional<Placement.Request> first = Optional.empty();

    CardWait(JobBook jobs, CardBook cards, CardWatch watch, CardLoop loop) {
        this.jobs = jobs;
        this.cards = cards;
        this.watch = watch;
        this.loop = loop;
    }

    /** A round begins, which may find that nobody waits. */
    void begin(long now) {
        first = Optional.empty();
        watch.want(false, false, now);
    }

    /** Nothing may start: nothing is kept either. */
    void end() throws IOException {
        cards.keep(List.of(), "");
    }

    /** Found only when its cards were asked for: nothing may pass it, and it is asked again as soon as they may be free. */
    void found(Placement.Request job) {
        first = Optional.of(job);
    }

    /** Takes up what a plan by these rules says. */
    void follow(Placement.Cards view, Placement.Plan<Placement.Request> plan, Rules rules) throws IOException {
        long now = rules.now();
        first = plan.blocked();
        if (first.isEmpty()) {
            cards.keep(List.of(), "");
            return;
        }
        // On a card that is shared there may be room for this one, or for one behind it.
        boolean open = view.all().isEmpty() || !jobs.wholeCards().containsAll(Device.ids(view.all()));
        Placement.Plan<Placement.Request> hoped = plan;
        if (open && watch.isDriven()) {
            Placement.Cards hopes = withHope(view, plan.starts(), now);
            hoped = Placement.plan(
                    new PlainLine<>(List.of(first.get()).iterator()),
                    new PlainLine<>(Collections.emptyIterator()),
                    hopes,
                    rules);
        }
        boolean promising = !hoped.starts().isEmpty();
        watch.want(open, promising, now);
        // While it is being asked whether all are free, those that are kept stay so.
        if (!promising) {
            noteBlocked(first.get(), now);
            cards.keep(Device.ids(hoped.gather()), first.get().name());
            loop.keep(cards.kept(), now);
        }
    }

    private static void noteBlocked(Placement.Request job, long now) {
        if (job.blockedSince().isPresent()) {
            return;
        }
        if (job instanceof Entry entry) {
            entry.blockedSince = OptionalLong.of(now);
        } else if (job instanceof Job own) {
            own.blockedSince = OptionalLong.of(now);
        }
    }

    /**
     * When the first job that waits begins to gather cards.
     *
     * @param maxBypass how long others may pass it
     * @return empty where nobody waits, or it gathers them already
     */
    Optional<Long> nextGathering(Duration maxBypass, long now) {
        return first.filter(job -> job.blockedSince().isPresent())
                .map(job -> job.blockedSince().getAsLong() + maxBypass.toNanos())
                .filter(time -> now - time < 0);
    }

    /** As if cards were free that were so when they were last looked at. */
    private Placement.Cards withHope(Placement.Cards view, List<Placement.Start<Placement.Request>> starts, long now) {
        Map<GpuId, CardState> rest = new HashMap<>(view.states());
        rest.entrySet()
                .removeIf(card -> card.getValue().kind() == CardState.Kind.UNKNOWN && cards.mayBeFree(card.getKey()));
        starts.forEach(start -> start.cards()
                .forEach(card -> rest.put(card.id(), new CardState(CardState.Kind.USED, "given just now"))));
        Map<GpuId, Placement.Room> rooms = new HashMap<>(cards.hopedRooms(rest, now));
        starts.forEach(start -> start.cards().forEach(card -> rooms.remove(card.id())));
        return new Placement.Cards(
                view.all(),
                rest,
                view.kept(),
                view.links(),
                view.keepIdle(),
                view.unknown(),
                rooms,
                view.maxJobsPerGpu());
    }

    Optional<Placement.Request> first() {
        return first;
    }
}
