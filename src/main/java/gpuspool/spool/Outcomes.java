package gpuspool.spool;

import gpuspool.job.Again;
import gpuspool.job.JobId;
import gpuspool.job.Outcome;
import gpuspool.job.Stem;
import gpuspool.posix.RawNames;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What became of jobs, by the names that people call them: a stem, a stem and a run's number, or an id. Where a name can be both a
 * stem and a run, it is the stem. All names together cost one listing of each directory.
 */
public final class Outcomes {
    /** Of two with one number, from two hosts, one that still runs is told of before one that ended. */
    private static final Comparator<Candidate> NEWEST_FIRST =
            Comparator.comparingInt((Candidate run) -> -run.id().run()).thenComparing(Candidate::where);

    private final Layout places;
    private final Fs fs;

    public Outcomes(Layout places, Fs fs) {
        this.places = places;
        this.fs = fs;
    }

    private record Candidate(JobId id, Where where) {}

    /** What lies there by one name. */
    private static final class Found {
        final Set<Where> queued = EnumSet.noneOf(Where.class);
        final Map<JobId, Where> ofStem = new HashMap<>();
        final Map<JobId, Where> byNumber = new HashMap<>();
    }

    /**
     * Looks at the whole tree once.
     *
     * @param names as {@link gpuspool.job.Mention#job()} gives them
     * @return a sighting for each
     */
    public Map<String, Sighting> look(Set<String> names) throws IOException {
        Map<String, Found> found = new HashMap<>();
        names.forEach(name -> found.put(name, new Found()));
        // In the order in which a job travels: one that moves on meanwhile is found twice rather than not at all.
        for (Where where : List.of(Where.INCOMING, Where.HELD)) {
            Listing.select(where.in(places), file -> {
                Found by = Listing.isJobFile(file) ? found.get(Stem.of(RawNames.lastName(file))) : null;
                if (by != null) {
                    by.queued.add(where);
                }
                return false;
            });
        }
        for (Where where : List.of(Where.RUNNING, Where.DONE, Where.FAILED)) {
            Listing.select(where.in(places), directory -> {
                JobId.parse(directory.getFileName().toString()).ifPresent(id -> note(found, id, where));
                return false;
            });
        }
        Map<String, Sighting> sightings = new HashMap<>();
        for (Map.Entry<String, Found> each : found.entrySet()) {
            Found by = each.getValue();
            Optional<Sighting.Run> newest = newest(by.ofStem);
            boolean isStem = newest.isPresent() || !by.queued.isEmpty();
            sightings.put(each.getKey(), isStem ? new Sighting(by.queued, newest) : sighting(newest(by.byNumber)));
        }
        return sightings;
    }

    /** Of one run, which counts no more where it was queued again. */
    private Sighting sighting(Optional<Sighting.Run> run) throws IOException {
        return run.isPresent() && run.get().outcome() instanceof Outcome.Returning
                ? new Successors(places, fs, this).of(run.get().id())
                : new Sighting(Set.of(), run);
    }

    private static void note(Map<String, Found> found, JobId id, Where where) {
        Found byStem = found.get(id.stem());
        if (byStem != null) {
            byStem.ofStem.put(id, where);
        }
        for (String name : List.of(id.shortName(), id.toString())) {
            Found byNumber = found.get(name);
            if (byNumber != null) {
                byNumber.byNumber.put(id, where);
            }
        }
    }

    private Optional<Sighting.Run> newest(Map<JobId, Where> runs) throws IOException {
        List<Candidate> newestFirst = new ArrayList<>();
        runs.forEach((id, where) -> newestFirst.add(new Candidate(id, where)));
        newestFirst.sort(NEWEST_FIRST);
        for (Candidate run : newestFirst) {
            Optional<Outcome> outcome =
                    run.where() == Where.RUNNING ? Optional.of(new Outcome.Running(run.id())) : ended(run);
            if (outcome.isPresent()) {
                return Optional.of(new Sighting.Run(run.id(), outcome.get()));
            }
        }
        return Optional.empty();
    }

    /** What became of one run; empty where it lies nowhere. */
    public Optional<Outcome> of(JobId id) throws IOException {
        if (isRunning(id)) {
            return Optional.of(new Outcome.Running(id));
        }
        Optional<Outcome> done = ended(new Candidate(id, Where.DONE));
        return done.isPresent() ? done : ended(new Candidate(id, Where.FAILED));
    }

    public boolean isRunning(JobId id) throws IOException {
        return fs.look(places.running().resolve(id.toString())).isPresent();
    }

    private Optional<Outcome> ended(Candidate run) throws IOException {
        Path path = run.where().in(places).resolve(run.id().toString());
        JobDir.Contents contents;
        try {
            contents = new JobDir(path, run.id()).look(fs);
        } catch (NoSuchFileException | NotDirectoryException e) {
            // Cleaned away meanwhile, or nobody's.
            return Optional.empty();
        }
        if (!contents.isRecord()) {
            return Optional.empty();
        }
        Again again = contents.again();
        if (again == Again.HANDED || again.isOpen()) {
            return Optional.of(new Outcome.Returning(run.id()));
        }
        return Optional.of(new Outcome.Ended(
                run.id(),
                run.where() == Where.DONE,
                contents.ending(),
                contents.status().get("ended").orElse("")));
    }
}
