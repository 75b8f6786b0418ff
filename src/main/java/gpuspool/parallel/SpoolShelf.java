package gpuspool.parallel;

import gpuspool.job.JobId;
import gpuspool.spool.JobDir;
import gpuspool.spool.Layout;
import gpuspool.spool.Where;
import java.nio.file.Path;
import java.util.Map;

/** Output of jobs of a spool that others use too: in their directories, where it stays. */
final class SpoolShelf implements Shelf {
    private final Layout places;

    SpoolShelf(Layout places) {
        this.places = places;
    }

    @Override
    public Map<String, String> keys(Task task) {
        return Map.of("output", "split");
    }

    private Prints in(Where where, JobId id) {
        Path place = where.in(places).resolve(id.toString());
        return new Prints(place.resolve(JobDir.STDOUT), place.resolve(JobDir.STDERR));
    }

    @Override
    public Prints running(Task task, JobId id) {
        return in(Where.RUNNING, id);
    }

    @Override
    public Prints ended(Task task, JobId id, boolean done) {
        return in(done ? Where.DONE : Where.FAILED, id);
    }

    @Override
    public void clear(Task task, JobId id, boolean done) {}
}
