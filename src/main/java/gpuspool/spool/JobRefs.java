package gpuspool.spool;

import gpuspool.job.JobId;
import gpuspool.job.Stem;
import gpuspool.posix.RawNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the job that somebody means who says {@code exp1} (its newest run, or the queued file), {@code exp1.2},
 * {@code exp1.2.gpubox} or {@code exp1.job}. Decided by listing the directories, never by asking for a guessed name.
 */
public final class JobRefs {
    private final Layout places;

    public JobRefs(Layout places) {
        this.places = places;
    }

    /** A job at one look. */
    public sealed interface Job {
        Where where();

        /** What people call it: {@code exp1} while it is queued, {@code exp1.2} from then on. */
        String name();
    }

    /** A dropped file in {@code incoming/} or {@code held/}. */
    public record Queued(Path file, Where where, String stem) implements Job {
        @Override
        public String name() {
            return stem;
        }

        /** The file's name, escaped. */
        public String fileName() {
            return Escapes.escape(RawNames.lastName(file));
        }
    }

    /** A job directory. */
    public record Run(Path path, JobId id, Where where) implements Job {
        @Override
        public String name() {
            return id.shortName();
        }
    }

    /** All jobs that the text can mean, the one that is probably meant first: queued ones, then the newest runs. */
    public List<Job> find(String text) throws IOException {
        List<Queued> queued = new ArrayList<>();
        Map<JobId, Run> runs = new LinkedHashMap<>();
        // In the order in which a job travels: one that moves on meanwhile is found twice rather than not at all.
        for (Where where : List.of(Where.INCOMING, Where.HELD)) {
            for (Path file : Listing.jobFiles(where.in(places))) {
                queued.add(new Queued(file, where, Stem.of(RawNames.lastName(file))));
            }
        }
        for (Where where : List.of(Where.RUNNING, Where.DONE, Where.FAILED)) {
            for (Path path : Listing.of(where.in(places))) {
                JobId.parse(path.getFileName().toString()).ifPresent(id -> runs.put(id, new Run(path, id, where)));
            }
        }
        return match(text, queued, runs);
    }

    private static List<Job> match(String text, List<Queued> queued, Map<JobId, Run> runs) {
        List<Job> exact = new ArrayList<>();
        queued.stream()
                .filter(job -> job.file().getFileName().toString().equals(text))
                .forEach(exact::add);
        runs.values().stream().filter(run -> run.id().toString().equals(text)).forEach(exact::add);
        if (!exact.isEmpty()) {
            return exact;
        }
        // A file's name finds its runs as well, once the file has been taken.
        String stem = DroppedName.isJob(text) ? Stem.of(text.getBytes(StandardCharsets.UTF_8)) : text;
        List<Job> found = new ArrayList<>();
        queued.stream().filter(job -> job.stem().equals(stem)).forEach(found::add);
        runs.values().stream()
                .filter(run ->
                        run.id().stem().equals(stem) || run.id().shortName().equals(text))
                .sorted(Comparator.comparingInt((Run run) -> -run.id().run()).thenComparing(Run::where))
                .forEach(found::add);
        return found;
    }

    /** The highest number any run of this stem has, 0 where there is none. */
    public int highestRun(String stem) throws IOException {
        int highest = 0;
        for (Where where : List.of(Where.RUNNING, Where.DONE, Where.FAILED)) {
            for (Path path : Listing.of(where.in(places))) {
                JobId id = JobId.parse(path.getFileName().toString()).orElse(null);
                highest = id != null && id.stem().equals(stem) ? Math.max(highest, id.run()) : highest;
            }
        }
        return highest;
    }
}
