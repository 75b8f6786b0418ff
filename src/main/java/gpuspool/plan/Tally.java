package gpuspool.plan;

import gpuspool.gpu.GpuId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** What each owner has while a plan is made, the starts of this very plan included, and what they may have. */
final class Tally {
    private static final Has NOTHING = new Has();

    private final OptionalInt maxGpus;
    private final OptionalInt maxJobs;
    private final Map<Integer, Has> owners = new HashMap<>();
    private final Map<Integer, Wait.OverUserLimit> over = new HashMap<>();

    /** A card that several of its jobs share counts once. */
    private static final class Has {
        private final Set<GpuId> cards = new HashSet<>();
        private int jobs;
        /** Those that ran before this plan. */
        private final List<Running> running = new ArrayList<>();
    }

    Tally(Rules rules) {
        maxGpus = rules.maxGpusPerUser();
        maxJobs = rules.maxJobsPerUser();
        if (isNeeded()) {
            for (Running job : rules.running()) {
                add(job.owner(), job.cards());
                has(job.owner()).running.add(job);
            }
        }
    }

    private boolean isNeeded() {
        return maxGpus.isPresent() || maxJobs.isPresent();
    }

    /** One more job runs. */
    void add(int owner, Collection<GpuId> cards) {
        if (isNeeded()) {
            Has has = owners.computeIfAbsent(owner, unused -> new Has());
            has.jobs++;
            has.cards.addAll(cards);
        }
    }

    /** Whether this owner may run one more job; else the limit is noted. */
    boolean mayRunOneMore(int owner) {
        int now = has(owner).jobs;
        if (maxJobs.isEmpty() || now < maxJobs.getAsInt()) {
            return true;
        }
        over.put(owner, new Wait.OverUserLimit(Wait.Limit.JOBS, maxJobs.getAsInt(), now, first(owner, false)));
        return false;
    }

    /** The limit of cards where a job that asks for so many is above it whatever its owner has. */
    Optional<Wait.AboveUserLimit> aboveAlone(int gpus) {
        return maxGpus.isPresent() && gpus > maxGpus.getAsInt()
                ? Optional.of(new Wait.AboveUserLimit(gpus, maxGpus.getAsInt()))
                : Optional.empty();
    }

    /** Whether this owner may have so many cards besides. */
    boolean mayHave(int owner, int more) {
        return maxGpus.isEmpty() || has(owner).cards.size() + more <= maxGpus.getAsInt();
    }

    /** Whether this owner may have these cards besides, some of which it may share already. */
    boolean mayHave(int owner, Collection<GpuId> cards) {
        return mayHave(owner, (int)
                cards.stream().filter(card -> !has(owner).cards.contains(card)).count());
    }

    /** Notes that the limit of cards is in the way. */
    void overGpus(int owner) {
        int now = has(owner).cards.size();
        over.put(owner, new Wait.OverUserLimit(Wait.Limit.GPUS, maxGpus.orElseThrow(), now, first(owner, true)));
    }

    /** Cards that this owner has. */
    Set<GpuId> cards(int owner) {
        return has(owner).cards;
    }

    /** The limit that keeps this owner from starting anything more in this plan; empty: none. */
    Optional<Wait.OverUserLimit> over(int owner) {
        return over.isEmpty() ? Optional.empty() : Optional.ofNullable(over.get(owner));
    }

    private Optional<Running> first(int owner, boolean withCards) {
        return has(owner).running.stream()
                .filter(job -> !withCards || !job.cards().isEmpty())
                .min(Comparator.comparing((Running job) -> job.since().orElse(Instant.MAX))
                        .thenComparing(Running::name));
    }

    private Has has(int owner) {
        return owners.getOrDefault(owner, NOTHING);
    }
}
