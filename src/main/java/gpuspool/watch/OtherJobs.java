package gpuspool.watch;

import gpuspool.job.JobId;
import gpuspool.job.Mention;
import gpuspool.job.Outcome;
import gpuspool.job.Turn;
import gpuspool.plan.Circles;
import gpuspool.plan.Dependence;
import gpuspool.spool.Outcomes;
import gpuspool.spool.Sighting;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What became of the jobs that others wait for. Each name is looked at once, however many wait for it: when it is first heard of, when
 * its file comes or goes, when this watcher claims or files it, and at each scan; while it runs on another host, every 5 s whether it
 * still does.
 */
final class OtherJobs {
    private static final long AFTER_TROUBLE = Duration.ofSeconds(10).toNanos();
    private static final long FOLLOW = Duration.ofSeconds(5).toNanos();
    /** A look lists done/, where years of jobs may lie: so many times as long as it took it is not done again. */
    private static final int REST = 10;

    private final String host;
    private final Outcomes outcomes;
    private final Clocks clocks;
    private final Backlog backlog;
    private final JobBook jobs;

    private final Map<String, Sighting> known = new HashMap<>();
    /** Names to be looked at. */
    private final Set<String> unseen = new HashSet<>();
    /** Names known by a run that no event of ours will tell the end of. */
    private final Set<String> foreign = new HashSet<>();
    /** By stem, the names of runs that were queued again: what counts of them are the runs that follow. */
    private final Map<String, Set<String>> followed = new HashMap<>();
    /** Names of which more is known than when it was last asked. */
    private final Set<String> news = new LinkedHashSet<>();
    /** By each job in a circle, the circle. */
    private final Map<String, List<String>> circles = new HashMap<>();
    /** What claimed jobs wait for that cannot start yet. */
    private final Map<String, Turn> claimed = new HashMap<>();

    private long nextLook;
    private long nextFollow;

    OtherJobs(String host, Outcomes outcomes, Clocks clocks, Backlog backlog, JobBook jobs) {
        this.host = host;
        this.outcomes = outcomes;
        this.clocks = clocks;
        this.backlog = backlog;
        this.jobs = jobs;
        nextLook = clocks.nanos();
        nextFollow = nextLook;
    }

    /** Judges a job by what is known. */
    Dependence.Verdict judge(String stem, Turn turn) {
        Optional<Dependence.Reason> circle = circle(stem, turn);
        if (circle.isPresent()) {
            return new Dependence.Never(List.of(circle.get()));
        }
        return Dependence.judge(turn, job -> {
            Sighting seen = known.get(job);
            if (seen == null) {
                unseen.add(job);
            }
            return Optional.ofNullable(seen).map(Sighting::outcome);
        });
    }

    /** The same for one that was taken out of the queue: what is not known is looked at. */
    Dependence.Verdict judgeClaimed(Job job, Turn turn) throws IOException {
        if (!turn.isAfterOthers()) {
            return new Dependence.Ready();
        }
        Set<String> missing = new HashSet<>();
        turn.mentions().forEach(other -> missing.add(other.job()));
        missing.removeAll(known.keySet());
        if (!missing.isEmpty()) {
            look(missing);
        }
        String stem = job.dir.id().stem();
        if (!turn.equals(claimed.put(stem, turn)) && !circles.containsKey(stem)) {
            findCircles(Set.of(stem));
        }
        Dependence.Verdict verdict = judge(stem, turn);
        if (verdict instanceof Dependence.Ready) {
            claimed.remove(stem);
        }
        return verdict;
    }

    private Optional<Dependence.Reason> circle(String stem, Turn turn) {
        List<String> circle = circles.getOrDefault(stem, List.of());
        if (circle.isEmpty()) {
            return Optional.empty();
        }
        String next = circle.get((circle.indexOf(stem) + 1) % circle.size());
        return turn.mentions().stream()
                .filter(job -> job.job().equals(next))
                .findFirst()
                .map(job -> new Dependence.Reason(job, tell(turn, job, circle, stem)));
    }

    private static String tell(Turn turn, Mention job, List<String> circle, String stem) {
        String key = (turn.after().contains(job) ? "after" : "after_any") + " \"" + job.name() + "\": ";
        return key
                + (circle.size() == 1
                        ? "it would wait for itself; name another job"
                        : "these jobs wait for one another: " + Circles.tell(circle, stem)
                                + "; correct one of them and drop them again");
    }

    /**
     * Looks at what is due.
     *
     * @return the files for which that may change something
     */
    List<Entry> turn(long now) throws IOException {
        noteQueue();
        follow(now);
        if (!unseen.isEmpty() && now - nextLook >= 0) {
            look(Set.copyOf(unseen));
            unseen.clear();
        }
        Set<Entry> touched = new LinkedHashSet<>();
        untie(touched);
        Set<String> fresh = backlog.dependants().takeFresh();
        if (!fresh.isEmpty()) {
            fresh.forEach(circles::remove);
            findCircles(fresh)
                    .forEach(stem -> touched.addAll(backlog.dependants().called(stem)));
        }
        news.forEach(job -> touched.addAll(backlog.dependants().of(job)));
        news.clear();
        return List.copyOf(touched);
    }

    /** Files that came or went since the last turn. */
    private void noteQueue() {
        for (String stem : backlog.stems().takeChanged()) {
            unseen.addAll(followed.getOrDefault(stem, Set.of()));
            Sighting seen = known.get(stem);
            if (seen != null && backlog.stems().has(stem)) {
                learn(stem, seen.inQueue(true));
            } else if (seen != null || backlog.dependants().waitFor(stem)) {
                // Claimed elsewhere, held, cancelled or removed.
                unseen.add(stem);
            }
        }
    }

    private void follow(long now) throws IOException {
        if (foreign.isEmpty() || now - nextFollow < 0) {
            return;
        }
        nextFollow = now + FOLLOW;
        for (String job : foreign) {
            Optional<Sighting.Run> run = known.get(job).newest();
            if (run.isPresent() && !outcomes.isRunning(run.get().id())) {
                unseen.add(job);
            }
        }
    }

    /** Everything is looked at anew in the next turn. */
    void scan() {
        known.keySet().retainAll(backlog.dependants().jobs());
        foreign.retainAll(known.keySet());
        followed.values().forEach(names -> names.retainAll(known.keySet()));
        followed.values().removeIf(Set::isEmpty);
        unseen.retainAll(backlog.dependants().jobs());
        unseen.addAll(known.keySet());
        nextLook = clocks.nanos();
    }

    private void look(Set<String> names) throws IOException {
        long from = clocks.nanos();
        nextLook = from + AFTER_TROUBLE;
        outcomes.look(names).forEach(this::learn);
        long took = clocks.nanos() - from;
        nextLook = from + took * (1 + REST);
    }

    private void learn(String job, Sighting seen) {
        if (seen.equals(known.put(job, seen))) {
            return;
        }
        news.add(job);
        seen.newest()
                .map(Sighting.Run::id)
                .filter(run -> !run.stem().equals(job))
                .filter(run -> !names(run).contains(job) || seen.outcome() instanceof Outcome.Returning)
                .ifPresent(run -> followed.computeIfAbsent(run.stem(), unused -> new HashSet<>())
                        .add(job));
        boolean follows = seen.outcome() instanceof Outcome.Running running && !isOurs(running.id());
        if (follows && foreign.add(job) && foreign.size() == 1) {
            nextFollow = clocks.nanos() + FOLLOW;
        } else if (!follows) {
            foreign.remove(job);
        }
    }

    private boolean isOurs(JobId id) {
        return id.host().equals(host) && jobs.get(id).isPresent();
    }

    /** This watcher has taken a file out of the queue. */
    void claimed(JobId id) {
        String stem = id.stem();
        backlog.stems().settled(stem);
        backlog.dependants().settled(stem);
        unseen.addAll(followed.getOrDefault(stem, Set.of()));
        ran(id, new Outcome.Running(id));
    }

    /** This watcher has filed a job. */
    void filed(JobId id) {
        claimed.remove(id.stem());
        circles.remove(id.stem());
        unseen.addAll(followed.getOrDefault(id.stem(), Set.of()));
        for (String name : names(id)) {
            if (!isNewest(name, id)) {
                continue;
            }
            try {
                Optional<Outcome> outcome = outcomes.of(id);
                outcome.ifPresent(end -> learn(name, known.get(name).run(id, end)));
                if (outcome.isEmpty()) {
                    unseen.add(name);
                }
            } catch (IOException e) {
                // Looked at once more with all others, whose trouble is told.
                unseen.add(name);
            }
        }
    }

    private boolean isNewest(String name, JobId id) {
        return Optional.ofNullable(known.get(name))
                .flatMap(Sighting::newest)
                .filter(run -> run.id().equals(id))
                .isPresent();
    }

    private void ran(JobId id, Outcome outcome) {
        for (String name : names(id)) {
            Sighting seen = known.get(name);
            if (seen == null) {
                continue;
            }
            boolean isStem = name.equals(id.stem());
            boolean otherIsStem = !seen.queued().isEmpty()
                    || seen.newest().filter(run -> run.id().stem().equals(name)).isPresent();
            if (isStem) {
                learn(name, seen.run(id, outcome).inQueue(backlog.stems().has(name)));
            } else if (!otherIsStem) {
                learn(name, seen.run(id, outcome));
            }
            // Its end comes by an event.
            foreign.remove(name);
        }
    }

    private static List<String> names(JobId id) {
        return List.of(id.stem(), id.shortName(), id.toString());
    }

    /** Who is in a circle now, and is to be refused for it. */
    private Set<String> findCircles(Set<String> starts) {
        Set<String> tied = new LinkedHashSet<>();
        for (List<String> circle : Circles.find(starts, this::next)) {
            circle.forEach(stem -> circles.put(stem, circle));
            tied.addAll(circle);
        }
        return tied;
    }

    private Set<String> next(String stem) {
        Set<String> jobs = new LinkedHashSet<>(backlog.dependants().next(stem));
        Optional.ofNullable(claimed.get(stem)).ifPresent(turn -> turn.mentions().forEach(job -> jobs.add(job.job())));
        return jobs;
    }

    /** Somebody took a file out of a circle: the others may do without. */
    private void untie(Set<Entry> touched) {
        for (String stem : backlog.dependants().takeGone()) {
            List<String> circle = new ArrayList<>(circles.getOrDefault(stem, List.of()));
            circles.keySet().removeAll(circle);
            circle.forEach(other -> touched.addAll(backlog.dependants().called(other)));
            Set<String> tied = findCircles(Set.copyOf(circle));
            tied.forEach(other -> touched.addAll(backlog.dependants().called(other)));
        }
    }

    /** Whether the job runs where this watcher sees its end only by looking. */
    boolean runsElsewhere(String job) {
        return foreign.contains(job);
    }

    /** Whether something is to be looked at before it can be said that nothing moves. */
    boolean mayChange() {
        return !unseen.isEmpty();
    }

    /** When to look next, as far as that depends on time. */
    long nextDue() {
        long due = unseen.isEmpty() ? Engine.NEVER : nextLook;
        boolean follows = !foreign.isEmpty() && foreign.stream().anyMatch(backlog.dependants()::waitFor);
        return follows ? Math.min(due, nextFollow) : due;
    }
}
