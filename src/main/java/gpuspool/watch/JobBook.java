package gpuspool.watch;

import gpuspool.gpu.GpuId;
import gpuspool.job.JobId;
import gpuspool.plan.Placement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The jobs in running/ that are in this watcher's care. */
final class JobBook {
    private final Map<JobId, Job> jobs = new TreeMap<>(Comparator.comparing(JobId::toString));

    void add(Job job) {
        jobs.put(job.dir.id(), job);
    }

    Optional<Job> get(JobId id) {
        return Optional.ofNullable(jobs.get(id));
    }

    /** All of them, by id; what is added or forgotten meanwhile does not matter to who goes through the list. */
    List<Job> all() {
        return List.copyOf(jobs.values());
    }

    void forgetGone() {
        jobs.values().removeIf(job -> job.phase == Job.Phase.GONE);
    }

    /** Those that wait for their start, in order. */
    List<Placement.Request> waiting(boolean forCards) {
        List<Placement.Request> waiting = new ArrayList<>();
        for (Job job : jobs.values()) {
            if (job.isWaitingToStart() && job.gpus() > 0 == forCards) {
                waiting.add(job);
            }
        }
        return waiting;
    }

    /** Cards that jobs have. */
    Set<GpuId> cards() {
        Set<GpuId> cards = new HashSet<>();
        jobs.values().forEach(job -> cards.addAll(job.cards.keySet()));
        return cards;
    }

    /** Those that jobs have for themselves alone. */
    Set<GpuId> wholeCards() {
        Set<GpuId> cards = new HashSet<>();
        jobs.values().stream().filter(job -> job.memory.isEmpty()).forEach(job -> cards.addAll(job.cards.keySet()));
        return cards;
    }

    /** Those that jobs share, and who they are, by id. */
    Map<GpuId, List<Job>> shared() {
        Map<GpuId, List<Job>> shared = new TreeMap<>();
        for (Job job : jobs.values()) {
            if (job.memory.isPresent()) {
                job.cards
                        .keySet()
                        .forEach(card -> shared.computeIfAbsent(card, unused -> new ArrayList<>())
                                .add(job));
            }
        }
        return shared;
    }

    boolean anyWaits() {
        return jobs.values().stream().anyMatch(Job::isWaitingToStart);
    }

    /** Those that run, or have something left that does, or have cards. */
    List<Job> occupying() {
        return jobs.values().stream()
                .filter(job -> job.runs() || !job.cards.isEmpty())
                .toList();
    }

    /** How many run, or have something left that does. */
    int running() {
        return (int) jobs.values().stream().filter(Job::runs).count();
    }

    /** Whether none runs, ends or waits to be filed, as far as is known; one that waits for its name in the queue may wait. */
    boolean noneRuns() {
        return jobs.values().stream()
                .noneMatch(job -> job.runs()
                        || job.phase == Job.Phase.FILING
                        || job.phase == Job.Phase.REQUEUING && job.waits.isEmpty());
    }

    /** Whether there is none but such as need somebody's attention, or may wait for something: a name in the queue, their members. */
    boolean isSettled(Predicate<Job> mayWait) {
        return jobs.values().stream()
                .allMatch(job -> job.phase == Job.Phase.SET_ASIDE || isWaitingForOthers(job) && mayWait.test(job));
    }

    private static boolean isWaitingForOthers(Job job) {
        return job.phase == Job.Phase.REQUEUING && !job.waits.isEmpty()
                || job.phase == Job.Phase.GROUP && !job.filingSubmitted;
    }
}
