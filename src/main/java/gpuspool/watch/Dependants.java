package gpuspool.watch;

import gpuspool.job.Mention;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The queued files that wait for other jobs: by the jobs that they name, and by what they are called themselves. */
final class Dependants {
    private final Map<String, Set<Entry>> byJob = new HashMap<>();
    private final Map<String, Set<Entry>> byStem = new HashMap<>();
    /** Stems of which a file came since somebody asked. */
    private Set<String> fresh = new HashSet<>();
    /** Stems of which a file went. */
    private Set<String> gone = new HashSet<>();

    void add(Entry entry) {
        for (Mention job : entry.turn.mentions()) {
            byJob.computeIfAbsent(job.job(), unused -> new LinkedHashSet<>()).add(entry);
        }
        byStem.computeIfAbsent(entry.stem, unused -> new LinkedHashSet<>()).add(entry);
        fresh.add(entry.stem);
    }

    void remove(Entry entry) {
        if (!byStem.getOrDefault(entry.stem, Set.of()).contains(entry)) {
            return;
        }
        for (Mention job : entry.turn.mentions()) {
            remove(byJob, job.job(), entry);
        }
        remove(byStem, entry.stem, entry);
        gone.add(entry.stem);
    }

    private static void remove(Map<String, Set<Entry>> from, String key, Entry entry) {
        Set<Entry> entries = from.getOrDefault(key, new HashSet<>());
        entries.remove(entry);
        if (entries.isEmpty()) {
            from.remove(key);
        }
    }

    boolean isEmpty() {
        return byStem.isEmpty();
    }

    /** All jobs that somebody waits for. */
    Set<String> jobs() {
        return byJob.keySet();
    }

    boolean waitFor(String job) {
        return byJob.containsKey(job);
    }

    /** Who waits for this job; a copy. */
    List<Entry> of(String job) {
        return List.copyOf(byJob.getOrDefault(job, Set.of()));
    }

    /** The files of this stem; a copy. */
    List<Entry> called(String stem) {
        return List.copyOf(byStem.getOrDefault(stem, Set.of()));
    }

    /** What the files of this stem wait for. */
    Collection<String> next(String stem) {
        Set<String> jobs = new LinkedHashSet<>();
        for (Entry entry : byStem.getOrDefault(stem, Set.of())) {
            entry.turn.mentions().forEach(job -> jobs.add(job.job()));
        }
        return jobs;
    }

    Set<String> takeFresh() {
        Set<String> taken = fresh;
        if (!taken.isEmpty()) {
            fresh = new HashSet<>();
        }
        return taken;
    }

    /** Where the file of this stem went is known. */
    void settled(String stem) {
        gone.remove(stem);
    }

    Set<String> takeGone() {
        Set<String> taken = gone;
        if (!taken.isEmpty()) {
            gone = new HashSet<>();
        }
        return taken;
    }
}
