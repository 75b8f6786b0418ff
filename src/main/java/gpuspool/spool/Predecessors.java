package gpuspool.spool;

import gpuspool.job.JobId;
import gpuspool.posix.FileFacts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Finds the run that a file in {@code incoming/} goes on from, if it is the copy that was made for that, untouched. */
public final class Predecessors {
    /** Runs of other hosts that began since we looked have higher numbers, with gaps of at most so many between them. */
    private static final int GAP = 8;

    private final Layout places;
    private final String host;
    private final Fs fs;

    public Predecessors(Layout places, String host, Fs fs) {
        this.places = places;
        this.host = host;
        this.fs = fs;
    }

    /**
     * Asks the runs of the stem, the newest first.
     *
     * @param highest the highest number that a run of the stem is known to have; 0: none
     * @param most how many runs are asked
     */
    public Optional<Predecessor> of(FileFacts file, String stem, int highest, int most) throws IOException {
        if (highest == 0 && most == 1) {
            return Optional.empty();
        }
        List<String> hosts = fs.look(places.hosts()).isPresent() ? fs.list(places.hosts()) : List.of();
        boolean alone = hosts.stream().allMatch(host::equals);
        int from = alone || most == 1 ? highest : highestOf(stem, highest, hosts);
        for (int run = from; run > Math.max(0, from - most); run--) {
            for (String name : alone ? List.of(host) : hosts) {
                Optional<JobId> id = JobId.parse(stem + "." + run + "." + name);
                Optional<StatusFile> status = id.isPresent() ? status(id.get()) : Optional.empty();
                if (status.isPresent() && Lineage.isCopyOf(status.get(), file)) {
                    return Optional.of(predecessor(id.get(), status.get()));
                }
            }
        }
        return Optional.empty();
    }

    /** The highest number that a run has by now which is to be followed, on any host. */
    private int highestOf(String stem, int known, List<String> hosts) throws IOException {
        int found = known;
        for (int run = known + 1; run <= found + GAP; run++) {
            for (String name : hosts) {
                Optional<JobId> id = JobId.parse(stem + "." + run + "." + name);
                if (id.isPresent() && isThere(id.get())) {
                    found = run;
                }
            }
        }
        return found;
    }

    private boolean isThere(JobId id) throws IOException {
        return fs.look(places.running().resolve(id.toString())).isPresent()
                || fs.look(places.failed().resolve(id.toString())).isPresent();
    }

    private static Predecessor predecessor(JobId id, StatusFile status) {
        OptionalLong code = status.number("exit");
        boolean exited = status.get("ending").orElse("").equals("exited") && code.isPresent();
        String how = exited ? "failed (exit " + code.getAsLong() + ")" : "was interrupted";
        return new Predecessor(id, Lineage.why(status), Lineage.next(status), how, status.owner());
    }

    /** Those that are followed by another lie in these two. */
    private Optional<StatusFile> status(JobId id) throws IOException {
        for (Path place : List.of(places.running(), places.failed())) {
            Path file = new JobDir(place.resolve(id.toString()), id).status();
            if (fs.look(file).isPresent()) {
                try {
                    return Optional.of(StatusFile.read(fs, file));
                } catch (IOException e) {
                    // Filed, or thrown away, since it was looked for.
                    if (fs.look(file).isPresent()) {
                        throw e;
                    }
                }
            }
        }
        return Optional.empty();
    }
}
