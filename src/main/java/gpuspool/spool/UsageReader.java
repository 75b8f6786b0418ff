package gpuspool.spool;

import gpuspool.job.JobId;
import gpuspool.posix.FileFacts;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Reads off the tree who had how many cards for how long ({@code spool-layout.md}, section 11.1): first all that ended in the last days,
 * then what other hosts did since. There may be years of records, so it works in stretches, between which others have their turn.
 */
public final class UsageReader {
    /** What ended longer ago is not asked for: it counts less than a hundredth. */
    static final Duration SPAN = Duration.ofDays(7);

    /** Records whose age is asked for; each costs one stat(2). */
    private static final int MOST_LOOKED_AT = 100_000;

    /** Records that are read, the newest. */
    private static final int MOST_READ = 20_000;

    private final Layout places;
    private final Fs fs;
    private final String host;
    /** Records of other hosts that were seen; none is kept in mind where there is no other host. */
    private final Set<String> known = new HashSet<>();

    private boolean begun;
    private Deque<Path> toLookAt = new ArrayDeque<>();
    private PriorityQueue<Recent> recent = new PriorityQueue<>();
    private List<Used> ended = new ArrayList<>();
    private List<Used> running = new ArrayList<>();
    private Optional<String> trouble = Optional.empty();

    /** @param host the own one, whose jobs are told of once */
    public UsageReader(Layout places, Fs fs, String host) {
        this.places = places;
        this.fs = fs;
        this.host = host;
    }

    /**
     * Cards that a job had.
     *
     * @param from milliseconds since 1970
     * @param to the same
     */
    public record Used(JobId id, int owner, int gpus, long from, long to) {}

    /**
     * What was read.
     *
     * @param ended each told once
     * @param running those of other hosts that run, as of now
     * @param trouble what kept the first from being read that could not be, and is left out; empty: all could be
     */
    public record Read(List<Used> ended, List<Used> running, Optional<String> trouble) {}

    private record Recent(long modified, Path path) implements Comparable<Recent> {
        private static final Comparator<Recent> OLDEST_FIRST =
                Comparator.comparingLong(Recent::modified).thenComparing(Recent::path);

        @Override
        public int compareTo(Recent other) {
            return OLDEST_FIRST.compare(this, other);
        }
    }

    /**
     * Begins to read: the first time all, later what other hosts did since.
     *
     * @param now milliseconds since 1970
     */
    public void begin(long now) throws IOException {
        toLookAt = new ArrayDeque<>();
        recent = new PriorityQueue<>();
        ended = new ArrayList<>();
        running = new ArrayList<>();
        trouble = Optional.empty();
        // Running ones first: one that is filed meanwhile is seen twice rather than not at all.
        if (others()) {
            readRunning(now);
        }
        Set<String> seen = new HashSet<>();
        for (Where where : List.of(Where.DONE, Where.FAILED)) {
            for (String name : list(where)) {
                Optional<JobId> id = JobId.parse(name);
                boolean own = id.isPresent() && id.get().host().equals(host);
                if (id.isPresent() && !own) {
                    seen.add(name);
                }
                boolean isNew = own ? !begun : id.isPresent() && !known.contains(name);
                if (isNew && toLookAt.size() < MOST_LOOKED_AT) {
                    toLookAt.add(where.in(places).resolve(name));
                }
            }
        }
        known.clear();
        known.addAll(seen);
        begun = true;
    }

    private List<String> list(Where where) throws IOException {
        try {
            return fs.list(where.in(places));
        } catch (NoSuchFileException e) {
            // Made again by the watcher when it looks next.
            return List.of();
        }
    }

    private boolean others() throws IOException {
        return fs.list(places.hosts()).stream().anyMatch(name -> !name.equals(host));
    }

    /**
     * Goes on.
     *
     * @param now milliseconds since 1970
     * @param most looks in this stretch
     * @return all that was found once nothing is left to do; empty before
     */
    public Optional<Read> goOn(long now, int most) {
        for (int i = 0; i < most; i++) {
            if (!toLookAt.isEmpty()) {
                look(toLookAt.remove(), now - SPAN.toMillis());
            } else if (!recent.isEmpty()) {
                used(recent.remove().path(), OptionalLong.empty()).ifPresent(ended::add);
            } else {
                return Optional.of(new Read(ended, running, trouble));
            }
        }
        return Optional.empty();
    }

    private void look(Path path, long since) {
        Optional<FileFacts> facts = facts(path);
        boolean isRecord = facts.isPresent() && facts.get().isDirectory();
        if (isRecord && facts.get().modified().toMillis() >= since) {
            recent.add(new Recent(facts.get().modified().toMillis(), path));
            if (recent.size() > MOST_READ) {
                recent.remove();
            }
        }
    }

    private Optional<FileFacts> facts(Path path) {
        try {
            return fs.look(path);
        } catch (IOException e) {
            // One must not hide the others: those of this host are looked at once alone.
            trouble = trouble.or(() -> Optional.of(path + ": " + e.getMessage()));
            return Optional.empty();
        }
    }

    private void readRunning(long now) throws IOException {
        for (String name : list(Where.RUNNING)) {
            Optional<JobId> id =
                    JobId.parse(name).filter(parsed -> !parsed.host().equals(host));
            if (id.isPresent()) {
                used(places.running().resolve(name), OptionalLong.of(now)).ifPresent(running::add);
            }
        }
    }

    /** By its {@code status}; {@code now} where it runs. One that never ran, or of which nobody knows how long, had nothing. */
    private Optional<Used> used(Path path, OptionalLong now) {
        StatusFile status;
        try {
            status = StatusFile.read(fs, path.resolve(JobDir.STATUS));
        } catch (NoSuchFileException e) {
            // Cleaned away meanwhile, or nobody's.
            return Optional.empty();
        } catch (IOException e) {
            // One must not hide the others.
            trouble = trouble.or(() -> Optional.of(path + ": " + e.getMessage()));
            return Optional.empty();
        }
        OptionalInt owner = status.owner();
        OptionalLong to = now.isPresent() ? now : time(status, "ended");
        OptionalLong from = time(status, "started");
        OptionalLong elapsed = status.number("elapsed");
        if (now.isEmpty() && to.isPresent()) {
            from = elapsed.isPresent() ? OptionalLong.of(to.getAsLong() - elapsed.getAsLong()) : OptionalLong.empty();
        }
        String devices = status.get("devices").orElse("");
        int gpus = devices.isEmpty() ? 0 : devices.split(" ").length;
        if (owner.isEmpty() || to.isEmpty() || from.isEmpty() || gpus == 0) {
            return Optional.empty();
        }
        JobId id = JobId.parse(path.getFileName().toString()).orElseThrow();
        return Optional.of(new Used(id, owner.getAsInt(), gpus, from.getAsLong(), to.getAsLong()));
    }

    private static OptionalLong time(StatusFile status, String key) {
        return Times.parse(status.get(key).orElse(""));
    }
}
