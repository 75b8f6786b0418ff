package gpuspool.bench;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.Links;
import gpuspool.job.CardWish;
import gpuspool.plan.CardState;
import gpuspool.plan.FairShare;
import gpuspool.plan.JobQueue;
import gpuspool.plan.Placement;
import gpuspool.plan.PlainLine;
import gpuspool.plan.Rules;
import gpuspool.plan.Running;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;

/** One planning pass over a long queue and 64 cards, beside sorting as many records. */
final class PlanMeasure {
    private static final int CARDS = 64;
    private static final double MILLI = 1e6;
    private static final long HOUR = Duration.ofHours(1).toNanos();
    private static final List<String> TYPES = List.of("H200", "A100");

    private final int jobs;
    private final int rounds;
    private final Random random = new Random(1);
    private final List<Device> cards = new ArrayList<>();
    private Links links = Links.UNKNOWN;

    private record Ask(String name, int place, int gpus, CardWish wish, int owner, Optional<Duration> time)
            implements Placement.Request, Comparable<Ask> {
        @Override
        public int priority() {
            return place == 0 ? 1 : 0;
        }

        @Override
        public int compareTo(Ask other) {
            return Integer.compare(place, other.place);
        }
    }

    PlanMeasure(int jobs, int rounds) {
        this.jobs = jobs;
        this.rounds = rounds;
        for (int i = 0; i < CARDS; i++) {
            cards.add(new Device(
                    new GpuId.Uuid("GPU-%04d0c2a1b-0000".formatted(i)),
                    Device.Vendor.NVIDIA,
                    OptionalInt.of(i),
                    "NVIDIA " + TYPES.get(i % 2),
                    "",
                    OptionalLong.empty(),
                    Optional.empty()));
        }
    }

    List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        rows.add(row("all cards in use", queue(1, false), 0, OptionalInt.empty()));
        rows.add(row("8 cards gathered, nobody has a time", queue(16, false), 8, OptionalInt.empty()));
        rows.add(row("8 cards gathered, all are too long", queue(16, true), 8, OptionalInt.empty()));
        rows.add(row("all but one owner over their limit", queue(1, true), 8, OptionalInt.of(1)));
        Map<Set<GpuId>, Links.Link> pairs = new HashMap<>();
        for (Device one : cards) {
            for (Device other : cards) {
                if (!one.equals(other)) {
                    pairs.put(
                            Set.of(one.id(), other.id()), new Links.Link(random.nextBoolean(), 10 * random.nextInt(6)));
                }
            }
        }
        links = new Links(pairs);
        rows.add(row("16 starts among 64 free cards that are linked", queue(4, true), CARDS, OptionalInt.empty()));
        return rows;
    }

    /** The first asks for so many cards, the others for a few, of any type or one, for longer than anything that runs. */
    private List<Ask> queue(int first, boolean timed) {
        List<Ask> queue = new ArrayList<>();
        queue.add(new Ask("first", 0, first, CardWish.ANY, 0, Optional.empty()));
        for (int i = 1; i < jobs; i++) {
            CardWish wish = random.nextInt(4) == 0
                    ? new CardWish(List.of(), Optional.of(TYPES.get(random.nextInt(2))), Optional.empty())
                    : CardWish.ANY;
            Optional<Duration> time =
                    timed ? Optional.of(Duration.ofHours(200 + random.nextInt(50))) : Optional.empty();
            queue.add(new Ask("job" + i, i, 1 + random.nextInt(4), wish, random.nextInt(20), time));
        }
        return queue;
    }

    private Row row(String name, List<Ask> queue, int free, OptionalInt limit) {
        Map<GpuId, CardState> states = new HashMap<>();
        List<Running> running = new ArrayList<>();
        for (int i = free; i < CARDS; i++) {
            GpuId card = cards.get(i).id();
            states.put(card, new CardState(CardState.Kind.USED, "used by old" + i));
            running.add(new Running("old" + i, i % 19, Set.of(card), OptionalLong.of(i * HOUR), Optional.empty()));
        }
        Placement.Cards view = new Placement.Cards(cards, states, Set.of(), links, 0);
        Rules rules = new Rules(16, 16, Duration.ZERO, limit, OptionalInt.empty(), running, 0);
        JobQueue<Ask> ordered = new JobQueue<>(job -> false);
        queue.forEach(ordered::add);
        FairShare shares = new FairShare(Map.of(), Map.of());
        Series ours = new Series();
        Series reference = new Series();
        for (int round = 0; round < 2 * rounds; round++) {
            long before = System.nanoTime();
            int started = Placement.plan(
                            ordered.line(() -> Optional.of(shares)),
                            new PlainLine<>(Collections.<Ask>emptyIterator()),
                            view,
                            rules)
                    .starts()
                    .size();
            long between = System.nanoTime();
            List<Ask> sorted = new ArrayList<>(queue);
            sorted.sort(Comparator.comparingInt(Ask::gpus));
            long after = System.nanoTime();
            if (started > rules.mostStarts() || sorted.size() != queue.size()) {
                throw new IllegalStateException("a plan of " + started + " starts");
            }
            // The first half is to warm up.
            if (round >= rounds) {
                ours.add((between - before) / MILLI);
                reference.add((after - between) / MILLI);
            }
        }
        return Row.atMostWith("plan, " + name, ours, reference, 5, "ms");
    }
}
