package gpuspool.watch;

import gpuspool.job.JobId;
import gpuspool.plan.FairShare;
import gpuspool.plan.Spent;
import gpuspool.plan.Usage;
import gpuspool.spool.UsageReader;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who has had how much GPU time, for whose turn it is. Nobody asks where all jobs are of one owner, and then nothing is read and nothing
 * kept; from the first time on that somebody does it is known from the tree, and then kept up to date.
 */
final class UsageBook {
    /** How long the order may wait for what the tree says; after that it is made without. */
    private static final long PATIENCE = Duration.ofSeconds(2).toNanos();

    private final Clocks clocks;
    private final JobBook jobs;
    private final UsageDesk desk;

    private final Usage usage = new Usage();
    /** Jobs of this host that are in {@link #usage} and may come out of the tree once more. */
    private final Set<JobId> counted = new HashSet<>();

    private Map<Integer, Double> weights = Map.of();
    private List<Spent> elsewhere = List.of();
    private boolean begun;
    private boolean known;
    private boolean asked;
    private long patientUntil;

    UsageBook(Setup setup, Edges edges, JobBook jobs, Inbox inbox) {
        this.clocks = edges.clocks();
        this.jobs = jobs;
        desk = new UsageDesk(setup, edges, inbox);
    }

    /** For jobs that need cards; empty: not known yet. */
    Optional<FairShare> ofCards() {
        return shares(Map.of());
    }

    /** For jobs without a GPU: of those of equal usage the one goes first who has fewer such jobs running. */
    Optional<FairShare> ofSlots() {
        Map<Integer, Double> running = new HashMap<>();
        for (Job job : jobs.all()) {
            if (job.runs() && job.cards.isEmpty()) {
                running.merge(job.owner, (double) FairShare.AT_ONCE, Double::sum);
            }
        }
        return shares(running);
    }

    private Optional<FairShare> shares(Map<Integer, Double> besides) {
        asked = true;
        long nanos = clocks.nanos();
        if (!begun) {
            begin(nanos);
        }
        desk.heedWeights();
        if (!known && nanos - patientUntil < 0) {
            return Optional.empty();
        }
        long now = clocks.calendar().millis();
        Map<Integer, Double> seconds = usage.at(now);
        besides.forEach((owner, more) -> seconds.merge(owner, more, Double::sum));
        for (Spent spent : elsewhere) {
            seconds.merge(spent.owner(), Usage.of(spent, now), Double::sum);
        }
        for (Job job : jobs.all()) {
            if (!job.cards.isEmpty()) {
                double soFar = Usage.of(spent(job, runsFor(job), now), now);
                double least = (double) job.cards.size() * FairShare.AT_ONCE;
                seconds.merge(job.owner, Math.max(soFar, least), Double::sum);
            }
        }
        return Optional.of(new FairShare(seconds, weights));
    }

    private void begin(long nanos) {
        begun = true;
        patientUntil = nanos + PATIENCE;
        for (Job job : jobs.all()) {
            // Ended and on their way to where the tree is read.
            job.spent.ifPresent(spent -> count(job, spent));
        }
        desk.read();
    }

    private void count(Job job, Spent spent) {
        usage.add(spent, clocks.calendar().millis());
        if (!known) {
            counted.add(job.dir.id());
        }
    }

    /** What it has had by now: on the calendar, which the tree has too, but as long as the clocks say that no hand moves. */
    private static Spent spent(Job job, Optional<Duration> time, long now) {
        return new Spent(
                job.owner, job.cards.size(), now - time.orElse(Duration.ZERO).toMillis(), now);
    }

    private Optional<Duration> runsFor(Job job) {
        try {
            return job.runsFor(clocks);
        } catch (IOException e) {
            // Of no weight here, and asked again by whoever cannot do without.
            return Optional.empty();
        }
    }

    /** A job has ended, it is known when, and it is about to give its cards back. */
    void ended(Job job) {
        if (!job.cards.isEmpty() && job.ranFor.isPresent()) {
            Spent spent = spent(job, job.ranFor, clocks.calendar().millis());
            job.spent = Optional.of(spent);
            if (begun) {
                count(job, spent);
            }
        }
    }

    /** Takes in what the tree says. */
    void take(Inbox.UsageRead read) {
        long now = clocks.calendar().millis();
        weights = read.weights();
        Set<JobId> over = new HashSet<>();
        for (UsageReader.Used used : read.tree().ended()) {
            over.add(used.id());
            boolean own = counted.contains(used.id())
                    || jobs.get(used.id()).filter(job -> !job.cards.isEmpty()).isPresent();
            if (!own) {
                usage.add(spent(used), now);
            }
        }
        elsewhere = read.tree().running().stream()
                .filter(used -> !over.contains(used.id()))
                .map(UsageBook::spent)
                .toList();
        known = true;
        counted.clear();
    }

    private static Spent spent(UsageReader.Used used) {
        return new Spent(used.owner(), used.gpus(), used.from(), used.to());
    }

    /** A scan: what other hosts did since is read where somebody has asked since. */
    void scan() {
        if (asked && begun) {
            asked = false;
            desk.read();
        }
    }

    /** When the order is made without what the tree says; {@link Engine#NEVER} where it is known, or nobody asks. */
    long nextDue() {
        return begun && !known && clocks.nanos() - patientUntil < 0 ? patientUntil : Engine.NEVER;
    }
}
