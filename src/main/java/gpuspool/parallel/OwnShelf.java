package gpuspool.parallel;

import gpuspool.job.JobId;
import gpuspool.spool.ScratchSpool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Output of jobs of a spool of our own: on disk, beside the spool, which lies in memory where it can. */
final class OwnShelf implements Shelf {
    private final ScratchSpool spool;
    private final Optional<Path> results;

    /** @param results where it goes instead, to stay: {@code DIR/SEQ/stdout} and {@code stderr} */
    OwnShelf(ScratchSpool spool, Optional<Path> results) {
        this.spool = spool;
        this.results = results;
    }

    @Override
    public Map<String, String> keys(Task task) throws IOException {
        if (results.isPresent()) {
            spool.makeDirectories(results.get().resolve(Long.toString(task.seq())));
        }
        Prints prints = prints(task);
        return Map.of(
                "output", prints.stdout().toString(), "error", prints.stderr().toString());
    }

    private Prints prints(Task task) {
        if (results.isPresent()) {
            Path place = results.get().resolve(Long.toString(task.seq()));
            return new Prints(place.resolve("stdout"), place.resolve("stderr"));
        }
        return new Prints(
                spool.output().resolve(task.seq() + ".out"), spool.output().resolve(task.seq() + ".err"));
    }

    @Override
    public Prints running(Task task, JobId id) {
        return prints(task);
    }

    @Override
    public Prints ended(Task task, JobId id, boolean done) {
        return prints(task);
    }

    @Override
    public void clear(Task task, JobId id, boolean done) throws IOException {
        spool.forget(id, done);
        if (results.isEmpty()) {
            Prints prints = prints(task);
            spool.remove(prints.stdout());
            spool.remove(prints.stderr());
        }
    }
}
