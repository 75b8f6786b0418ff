package gpuspool.spool;

import gpuspool.job.Again;
import gpuspool.job.JobId;
import gpuspool.posix.FileFacts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One job followed from wherever it was found to its end: from the queue into its directory, and into {@code done/} or
 * {@code failed/}. A queued job has no number yet; it is known by its file's device and inode, which every rename keeps.
 */
public final class Tracked {
    /** Looks at which a job may be nowhere: it is filed between two listings now and then, and rarely twice. */
    private static final int MOST_MISSES = 3;

    private final Layout places;
    private final Looker looker;
    private final Fs fs;
    private JobRefs.Job found;
    private String identity;
    /** The highest number when it was found: perhaps its own already, where a claim had made the directory but not yet moved the file. */
    private int runsBefore;

    private Optional<JobId> id = Optional.empty();
    private int misses;

    public Tracked(Layout places, Looker looker, Fs fs, JobRefs.Job found) throws IOException {
        this.places = places;
        this.looker = looker;
        this.fs = fs;
        this.found = found;
        if (found instanceof JobRefs.Queued queued) {
            runsBefore = new JobRefs(places).highestRun(queued.stem());
            Optional<FileFacts> facts = fs.look(queued.file());
            identity = facts.map(FileFacts::identity).orElse("gone");
            if (facts.isEmpty()) {
                // Claimed since it was found: then the newest run is the one.
                id = new JobRefs(places)
                        .find(queued.stem()).stream()
                                .filter(JobRefs.Run.class::isInstance)
                                .findFirst()
                                .map(run -> ((JobRefs.Run) run).id());
            }
        } else {
            id = Optional.of(((JobRefs.Run) found).id());
            runsBefore = 0;
            identity = "";
        }
    }

    /** Where a job is now. */
    public sealed interface Now {}

    public record InQueue(Where where) implements Now {}

    public record InDirectory(RunLook look) implements Now {}

    /** Between two places at this look; ask again. */
    public record OnItsWay() implements Now {}

    /** Nowhere: somebody removed it. */
    public record Removed() implements Now {}

    /** What people call it, as far as it is known by now. */
    public String name() {
        return id.map(JobId::shortName).orElse(found.name());
    }

    /** Whether it was claimed when it was last looked at: it has a number, and once had a directory. */
    public boolean wasClaimed() {
        return id.isPresent();
    }

    /**
     * Goes over from a run that has ended to the one that follows it by itself, wherever that is by now.
     *
     * @return whether there is one; none: this was the last, or what was queued again was removed or replaced
     */
    public boolean goOn(RunLook ended) throws IOException {
        if (ended.contents().again() != Again.HANDED) {
            return false;
        }
        JobId last = ended.dir().id();
        for (int look = 0; look < MOST_MISSES; look++) {
            // In the order in which a job travels: one that moves on meanwhile is found at the latest at the next look.
            for (JobRefs.Job job : new JobRefs(places).find(last.stem())) {
                if (follows(job, ended)) {
                    found = job;
                    id = job instanceof JobRefs.Run run ? Optional.of(run.id()) : Optional.empty();
                    runsBefore = last.run();
                    misses = 0;
                    return true;
                }
            }
        }
        return false;
    }

    private boolean follows(JobRefs.Job job, RunLook ended) throws IOException {
        StatusFile status = ended.contents().status();
        if (job instanceof JobRefs.Queued queued) {
            Optional<FileFacts> facts = fs.look(queued.file());
            boolean copy = facts.isPresent() && Lineage.isCopyOf(status, facts.get());
            identity = copy ? facts.get().identity() : identity;
            return copy;
        }
        JobRefs.Run run = (JobRefs.Run) job;
        return !run.id().equals(ended.dir().id())
                && RunLook.at(run.path(), run.id(), run.where(), looker, fs)
                        .filter(look -> Lineage.isNext(
                                look.contents().status(), ended.dir().id(), status))
                        .isPresent();
    }

    /** Looks once; costs a listing of the directories that it can be in. */
    public Now look() throws IOException {
        Optional<Now> now = id.isEmpty() ? lookInQueue() : Optional.empty();
        if (now.isEmpty() && id.isEmpty()) {
            id = findDirectory();
        }
        if (now.isEmpty() && id.isPresent()) {
            now = lookInDirectories(id.get());
        }
        misses = now.isPresent() ? 0 : misses + 1;
        return now.orElseGet(() -> misses >= MOST_MISSES ? new Removed() : new OnItsWay());
    }

    private Optional<Now> lookInQueue() throws IOException {
        Path name = ((JobRefs.Queued) found).file().getFileName();
        for (Where where : List.of(Where.INCOMING, Where.HELD)) {
            Path directory = where.in(places);
            for (Path file :
                    Listing.select(directory, entry -> entry.getFileName().equals(name))) {
                if (fs.look(file).map(FileFacts::identity).orElse("").equals(identity)) {
                    return Optional.of(new InQueue(where));
                }
            }
        }
        return Optional.empty();
    }

    private Optional<JobId> findDirectory() throws IOException {
        for (Where where : List.of(Where.RUNNING, Where.DONE, Where.FAILED)) {
            for (Path path :
                    Listing.select(where.in(places), entry -> candidate(entry).isPresent())) {
                Optional<JobId> candidate = candidate(path);
                if (holdsOurFile(path, candidate.orElseThrow(), where)) {
                    return candidate;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<JobId> candidate(Path entry) {
        return JobId.parse(entry.getFileName().toString())
                .filter(parsed -> parsed.stem().equals(found.name()) && parsed.run() >= runsBefore);
    }

    private boolean holdsOurFile(Path path, JobId candidate, Where where) throws IOException {
        // A claim that was lost has the same facts for a moment, but not the file.
        return RunLook.at(path, candidate, where, looker, fs)
                .filter(look -> look.contents().droppedName().isPresent())
                .filter(look -> look.contents().status().get("inode").orElse("").equals(identity))
                .isPresent();
    }

    private Optional<Now> lookInDirectories(JobId wanted) throws IOException {
        Path name = Path.of(wanted.toString());
        for (Where where : List.of(Where.RUNNING, Where.DONE, Where.FAILED)) {
            for (Path path : Listing.select(
                    where.in(places), entry -> entry.getFileName().equals(name))) {
                Optional<RunLook> look = RunLook.at(path, wanted, where, looker, fs);
                if (look.isPresent()) {
                    return Optional.of(new InDirectory(look.get()));
                }
            }
        }
        return Optional.empty();
    }
}
