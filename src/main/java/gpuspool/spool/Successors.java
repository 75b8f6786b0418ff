package gpuspool.spool;

import gpuspool.job.JobId;
import gpuspool.job.Outcome;
import gpuspool.job.Stem;
import gpuspool.posix.FileFacts;
import gpuspool.posix.RawNames;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The runs that took the place of one that was queued again, up to the last: {@code spool-layout.md}, section 3.5. */
final class Successors {
    private static final Comparator<JobId> BY_NUMBER = Comparator.comparingInt(JobId::run);

    private final Layout places;
    private final Fs fs;
    private final Outcomes outcomes;

    Successors(Layout places, Fs fs, Outcomes outcomes) {
        this.places = places;
        this.fs = fs;
        this.outcomes = outcomes;
    }

    private record Queued(Where where, FileFacts facts) {}

    /**
     * Where the job is now of which this run was queued again.
     *
     * @return the last run that follows it, or itself, and what is queued to follow that
     */
    Sighting of(JobId returning) throws IOException {
        // The queue first: what is claimed meanwhile is found twice rather than not at all.
        List<Queued> queued = queued(returning.stem());
        Map<JobId, Where> runs = later(returning);
        JobId last = returning;
        Optional<StatusFile> told = status(Where.FAILED, returning);
        // A run that follows another has a higher number: one pass finds the whole chain. The same number has only one
        // of another
        // host that claimed before it knew of this one.
        for (JobId run : runs.keySet().stream().sorted(BY_NUMBER).toList()) {
            Optional<StatusFile> status = status(runs.get(run), run);
            if (status.isPresent() && told.isPresent() && Lineage.isNext(status.get(), last, told.get())) {
                last = run;
                told = status;
            }
        }
        Outcome outcome = outcomes.of(last).orElse(new Outcome.Returning(last));
        Optional<Sighting.Run> newest = Optional.of(new Sighting.Run(last, outcome));
        for (Queued file : queued) {
            if (outcome instanceof Outcome.Returning
                    && told.isPresent()
                    && Lineage.isCopyOf(told.get(), file.facts())) {
                return new Sighting(Set.of(file.where()), newest);
            }
        }
        return new Sighting(Set.of(), newest);
    }

    private List<Queued> queued(String stem) throws IOException {
        List<Queued> files = new ArrayList<>();
        for (Where where : List.of(Where.INCOMING, Where.HELD)) {
            for (Path file : Listing.select(
                    where.in(places),
                    entry -> Listing.isJobFile(entry)
                            && Stem.of(RawNames.lastName(entry)).equals(stem))) {
                fs.look(file).ifPresent(facts -> files.add(new Queued(where, facts)));
            }
        }
        return files;
    }

    private Map<JobId, Where> later(JobId id) throws IOException {
        Map<JobId, Where> runs = new HashMap<>();
        for (Where where : List.of(Where.RUNNING, Where.DONE, Where.FAILED)) {
            Listing.select(where.in(places), directory -> {
                JobId.parse(directory.getFileName().toString())
                        .filter(run -> run.stem().equals(id.stem()) && run.run() >= id.run() && !run.equals(id))
                        .ifPresent(run -> runs.put(run, where));
                return false;
            });
        }
        return runs;
    }

    private Optional<StatusFile> status(Where where, JobId id) throws IOException {
        Path path = where.in(places).resolve(id.toString());
        try {
            return Optional.of(new JobDir(path, id).look(fs).status());
        } catch (NoSuchFileException | NotDirectoryException e) {
            // Moved on or cleaned away since it was listed, or nobody's.
            return Optional.empty();
        }
    }
}
