package gpuspool.spool;

import gpuspool.job.JobId;
import gpuspool.job.Stem;
import gpuspool.posix.FileFacts;
import gpuspool.posix.RawNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * Reads an {@link Overview}. It opens no dropped file, asks each queued one only for its times, and opens of the ended jobs only
 * those it shows. Loops rather than streams: this is what everybody waits for who types {@code gpuspool}.
 */
public final class OverviewReader {
    /** How many queued, held and ended jobs are told one by one. */
    public record Limits(int queued, int held, int ended) {
        /** What fits a page. */
        public static final Limits PAGE = new Limits(20, 10, 10);
    }

    /**
     * Ended jobs among which the last ones are looked for: finding them costs one stat(2) each. Of more, those are looked at
     * that the directories list first, those in {@code failed/} before those in {@code done/}.
     */
    public static final int MOST_ENDED_LOOKED_AT = 100_000;

    private final Spool spool;
    private final Looker looker;
    private final Fs fs;
    private final long now;
    private final Limits limits;
    private QueueOrder order = new QueueOrder(List.of(), Map.of());
    private boolean paused;
    private boolean draining;
    private boolean letGo;

    public OverviewReader(Spool spool, Looker looker, Fs fs, long nowMillis, Limits limits) {
        this.spool = spool;
        this.looker = looker;
        this.fs = fs;
        now = nowMillis;
        this.limits = limits;
    }

    public Overview read() throws IOException {
        Layout places = spool.places();
        List<HostNote> hosts = HostNote.readAll(places, looker);
        // In the order in which a job travels: one that moves on meanwhile is seen twice rather than not at all.
        Latest queue = new Latest(limits.queued(), 1, Integer.MAX_VALUE, true);
        order = new QueueOrder(hosts, readRequests());
        queue.order = order;
        Listing.select(places.incoming(), queue);
        Latest held = new Latest(limits.held(), 1, Integer.MAX_VALUE, true);
        Listing.select(places.held(), held);
        List<Path> claimed = Listing.of(places.running());
        boolean waiting = queue.count > 0 || !claimed.isEmpty();
        OptionalLong asOf = waiting ? order.asOf() : OptionalLong.empty();
        List<JobRow> running = new ArrayList<>();
        List<JobRow> attention = new ArrayList<>();
        readRunning(claimed, running, attention);
        // A rename sets a directory's ctime: filing it is the last thing that happens to it.
        Latest ended = new Latest(limits.ended(), -1, MOST_ENDED_LOOKED_AT, false);
        Listing.select(places.failed(), ended);
        Listing.select(places.done(), ended);
        return new Overview(
                hosts,
                paused,
                draining,
                letGo,
                running,
                attention,
                asOf,
                queue.count,
                queue.oldest == Long.MAX_VALUE
                        ? OptionalLong.empty()
                        : OptionalLong.of(TimeUnit.NANOSECONDS.toMillis(queue.oldest)),
                files(queue.few, "queued"),
                held.count,
                files(held.few, "held"),
                ended.count,
                lastEnded(ended.few));
    }

    /** Counts what it is shown, and keeps the few that come first: by an order, or by their ctime, from either end. */
    private static final class Latest implements Listing.Filter {
        private final FirstFew few;
        private final int sign;
        private final int mostLooks;
        private final boolean jobFiles;
        /** Null where ctime alone counts. */
        private QueueOrder order;

        private int count;
        private long oldest = Long.MAX_VALUE;

        /** @param sign 1 to keep the oldest, -1 the newest */
        Latest(int most, int sign, int mostLooks, boolean jobFiles) {
            few = new FirstFew(most);
            this.sign = sign;
            this.mostLooks = mostLooks;
            this.jobFiles = jobFiles;
        }

        @Override
        public boolean wants(Path entry) throws IOException {
            if (jobFiles && !Listing.isJobFile(entry)) {
                return false;
            }
            count++;
            Optional<FileFacts> facts = count <= mostLooks ? FileFacts.of(entry) : Optional.empty();
            if (facts.isPresent()) {
                long changed = facts.get().changed().to(TimeUnit.NANOSECONDS);
                oldest = Math.min(oldest, changed);
                long key = order == null ? sign * changed : order.key(entry, facts.get());
                few.offer(new FirstFew.Entry(key, entry, facts.get()));
            }
            return false;
        }
    }

    /** Notes pause, drain and let-go; gives the files that are to come first, and when that was asked for. */
    private Map<String, Long> readRequests() throws IOException {
        Map<String, Long> first = new HashMap<>();
        for (Path request : Listing.of(spool.places().control())) {
            String name = request.getFileName().toString();
            paused |= name.equals("pause");
            draining |= name.equals("drain");
            letGo |= name.equals("let-go");
            if (name.endsWith(Requests.FIRST)) {
                Optional<FileFacts> facts = FileFacts.of(request);
                if (facts.isPresent()) {
                    first.put(
                            name.substring(0, name.length() - Requests.FIRST.length()),
                            facts.get().changed().to(TimeUnit.NANOSECONDS));
                }
            }
        }
        return first;
    }

    private List<JobRow> files(FirstFew first, String state) throws IOException {
        List<JobRow> rows = new ArrayList<>();
        for (FirstFew.Entry entry : first.inOrder()) {
            byte[] raw = RawNames.lastName(entry.path());
            String name = Escapes.escape(raw);
            rows.add(new JobRow(
                    Stem.of(raw),
                    "",
                    state,
                    OptionalInt.of(entry.facts().owner()),
                    OptionalInt.empty(),
                    OptionalLong.of(now - entry.facts().changed().toMillis()),
                    List.of(),
                    List.of(),
                    order.reason(name),
                    name));
        }
        return rows;
    }

    private void readRunning(List<Path> claimed, List<JobRow> running, List<JobRow> attention) throws IOException {
        List<JobRow> unsorted = new ArrayList<>();
        for (Path path : claimed) {
            Optional<JobId> id = JobId.parse(path.getFileName().toString());
            if (id.isEmpty()) {
                attention.add(stranger(path));
                continue;
            }
            Optional<RunLook> look = RunLook.at(path, id.get(), Where.RUNNING, looker, fs);
            if (look.isPresent()) {
                (look.get().needsAttention() ? attention : unsorted).add(row(look.get()));
            }
        }
        // Longest first, by insertion: a machine runs few jobs at once.
        for (JobRow row : unsorted) {
            int at = 0;
            while (at < running.size()
                    && running.get(at).millis().orElse(0) >= row.millis().orElse(0)) {
                at++;
            }
            running.add(at, row);
        }
    }

    private static JobRow stranger(Path path) {
        String name = Escapes.escape(RawNames.lastName(path));
        return new JobRow(
                name,
                name,
                "unclear",
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalLong.empty(),
                List.of(),
                List.of(),
                "not a job directory's name",
                "");
    }

    private JobRow row(RunLook look) throws IOException {
        StatusFile status = look.contents().status();
        JobId id = look.dir().id();
        OptionalLong gpus = status.number("gpus");
        String command = Escapes.forPeople(status.get("command").orElse(""));
        String note = note(look);
        boolean waits = look.state().equals("starting") && look.note().isEmpty() && !note.isEmpty();
        return new JobRow(
                id.shortName(),
                id.toString(),
                waits ? "waiting" : look.state(),
                status.owner(),
                gpus.isPresent() ? OptionalInt.of((int) gpus.getAsLong()) : OptionalInt.empty(),
                look.elapsed(looker, now),
                status.words("devices"),
                status.words("indices"),
                note,
                command.isEmpty() ? status.get("name").orElse("") : command);
    }

    /** What its state leaves to say, else what its watcher says, else its own file of reasons. */
    private String note(RunLook look) throws IOException {
        if (!look.note().isEmpty()) {
            return look.note();
        }
        String told =
                look.where() == Where.RUNNING ? order.reason(look.dir().id().toString()) : "";
        if (look.where() == Where.RUNNING && look.contents().has(JobDir.PROGRESS)) {
            String progress = firstLine(look.dir(), JobDir.PROGRESS);
            return told.isEmpty() ? progress : progress + "; " + told;
        }
        return told.isEmpty() && look.contents().has(JobDir.REASON) ? firstLine(look.dir(), JobDir.REASON) : told;
    }

    private String firstLine(JobDir dir, String file) throws IOException {
        String text;
        try {
            text = new String(fs.read(dir.file(file), StatusFile.LARGEST), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            // Filed or removed since it was looked at.
            return "";
        }
        int end = text.indexOf('\n');
        return Escapes.escape(end < 0 ? text : text.substring(0, end));
    }

    private List<JobRow> lastEnded(FirstFew last) throws IOException {
        List<JobRow> rows = new ArrayList<>();
        for (FirstFew.Entry entry : last.inOrder()) {
            Optional<JobId> id = JobId.parse(entry.path().getFileName().toString());
            Where where = entry.path().getParent().equals(spool.places().done()) ? Where.DONE : Where.FAILED;
            if (id.isPresent()) {
                Optional<RunLook> look = RunLook.at(entry.path(), id.get(), where, looker, fs);
                if (look.isPresent()) {
                    rows.add(row(look.get()));
                }
            }
        }
        return rows;
    }
}
