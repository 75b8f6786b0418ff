package gpuspool.spool;

import gpuspool.job.JobId;
import gpuspool.job.Outcome;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What lies in a spool under one job's name.
 *
 * @param queued where files of that stem lie: {@code incoming/}, {@code held/}
 * @param newest its newest run
 */
public record Sighting(Set<Where> queued, Optional<Run> newest) {
    /** A run, and what became of it. */
    public record Run(JobId id, Outcome outcome) {}

    public Sighting {
        queued = Set.copyOf(queued);
    }

    /** What is queued comes after every run there was. */
    public Outcome outcome() {
        if (queued.contains(Where.INCOMING)) {
            return new Outcome.Queued();
        }
        if (queued.contains(Where.HELD)) {
            return new Outcome.Held();
        }
        return newest.map(Run::outcome).orElse(new Outcome.NotHeardOf());
    }

    /** The same with another file in the queue, or none. */
    public Sighting inQueue(boolean isThere) {
        Set<Where> now = EnumSet.noneOf(Where.class);
        now.addAll(queued);
        if (isThere) {
            now.add(Where.INCOMING);
        } else {
            now.remove(Where.INCOMING);
        }
        return new Sighting(now, newest);
    }

    /** The same with another newest run. */
    public Sighting run(JobId id, Outcome outcome) {
        return new Sighting(queued, Optional.of(new Run(id, outcome)));
    }
}
