package gpuspool.spool;

import gpuspool.job.JobId;
import gpuspool.job.Stem;
import gpuspool.posix.RawNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the job that somebody means who says {@code exp1} (its newest run, or the queued file), {@code exp1.2},
 * {@code exp1.2.gpubox}, {@code exp1.job} or {@code held/exp1.job}. Decided by listing the directories, never by asking for a guessed name.
 */
public final class JobRefs {
    /** How a page on a terminal shows what the tree's own escapes leave as it is. */
    private static final Pattern SHOWN = Pattern.compile("\\\\u\\{([0-9a-f]{1,4})}");

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
        // A file's name finds its runs as well, once the file has been taken.
        boolean isStem = text.isEmpty() || Stem.isValid(text) && !DroppedName.isJob(text);
        byte[] raw = bytes(text);
        String stem = isStem ? text : Stem.of(raw);
        List<Job> exact = new ArrayList<>();
        List<Job> found = new ArrayList<>();
        // In the order in which a job travels: one that moves on meanwhile is found twice rather than not at all.
        for (Where where : List.of(Where.INCOMING, Where.HELD)) {
            for (Path file : Listing.jobFiles(where.in(places))) {
                Queued job = new Queued(file, where, Stem.of(RawNames.lastName(file)));
                String name = file.getFileName().toString();
                if (name.equals(text)
                        || Arrays.equals(RawNames.lastName(file), raw)
                        || (where.word() + "/" + name).equals(text)) {
                    exact.add(job);
                } else if (job.stem().equals(stem)) {
                    found.add(job);
                }
            }
        }
        Map<JobId, Run> runs = new LinkedHashMap<>();
        for (Where where : List.of(Where.RUNNING, Where.DONE, Where.FAILED)) {
            for (Path path : Listing.select(where.in(places), entry -> isMeant(entry, stem, text))) {
                JobId id = JobId.parse(path.getFileName().toString()).orElseThrow();
                runs.put(id, new Run(path, id, where));
            }
        }
        runs.values().stream().filter(run -> run.id().toString().equals(text)).forEach(exact::add);
        runs.values().stream()
                .sorted(Comparator.comparingInt((Run run) -> -run.id().run()).thenComparing(Run::where))
                .forEach(found::add);
        return exact.isEmpty() ? found : exact;
    }

    /** A name as it was typed, or as it is shown, escapes and all. */
    private static byte[] bytes(String text) {
        String plain = SHOWN.matcher(text)
                .replaceAll(
                        shown -> Matcher.quoteReplacement(Character.toString(Integer.parseInt(shown.group(1), 16))));
        // Each byte that the command line could not carry counts for one, as it does in the stem.
        return Escapes.unescape(plain.replace(RawNames.LOST, '?'));
    }

    private static boolean isMeant(Path entry, String stem, String text) {
        return JobId.parse(entry.getFileName().toString())
                .filter(id -> id.stem().equals(stem)
                        || id.shortName().equals(text)
                        || id.toString().equals(text))
                .isPresent();
    }

    /** The highest number any run of this stem has, 0 where there is none. */
    public int highestRun(String stem) throws IOException {
        int highest = 0;
        for (Where where : List.of(Where.RUNNING, Where.DONE, Where.FAILED)) {
            for (Path path : Listing.select(where.in(places), entry -> isMeant(entry, stem, stem))) {
                JobId id = JobId.parse(path.getFileName().toString()).orElseThrow();
                highest = id.stem().equals(stem) ? Math.max(highest, id.run()) : highest;
            }
        }
        return highest;
    }
}
