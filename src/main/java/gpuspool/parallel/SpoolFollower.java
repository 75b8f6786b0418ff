package gpuspool.parallel;

import gpuspool.job.Again;
import gpuspool.job.JobId;
import gpuspool.posix.FailureText;
import gpuspool.spool.Fs;
import gpuspool.spool.JobDir;
import gpuspool.spool.Layout;
import gpuspool.spool.Times;
import gpuspool.spool.Where;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Learns from the tree alone what becomes of jobs that another process looks after, on whatever host. Looks several times a second while
 * there is one to look for.
 */
final class SpoolFollower {
    private static final long LOOK_MILLIS = 100;
    /** Looks at which a job may be nowhere: it is on its way between two places now and then. */
    private static final int MOST_MISSES = 5;

    private final Layout places;
    private final Fs fs;
    private final Consumer<Event> events;
    private final Consumer<String> say;
    private final Map<String, Followed> followed = new HashMap<>();
    private Optional<String> told = Optional.empty();

    /** What is known of one. */
    private static final class Followed {
        private Optional<JobId> id = Optional.empty();
        /** Runs of it that another follows. */
        private final Set<JobId> before = new HashSet<>();

        private boolean started;
        private int misses;
    }

    /** @param say takes what keeps it from looking, for people */
    SpoolFollower(Layout places, Fs fs, Consumer<Event> events, Consumer<String> say) {
        this.places = places;
        this.fs = fs;
        this.events = events;
        this.say = say;
    }

    void start() {
        Thread thread = new Thread(this::run, "follower");
        thread.setDaemon(true);
        thread.start();
    }

    /** From now on this one is looked for; it was just put into the queue. */
    synchronized void follow(String stem) {
        followed.put(stem, new Followed());
        notifyAll();
    }

    /** It was taken out of the queue by us. */
    synchronized void leave(String stem) {
        followed.remove(stem);
    }

    private synchronized void awaitWork() throws InterruptedException {
        while (followed.isEmpty()) {
            wait();
        }
    }

    private void run() {
        try {
            while (true) {
                awaitWork();
                try {
                    look();
                    told = Optional.empty();
                } catch (IOException e) {
                    if (told.isEmpty()) {
                        say.accept("cannot look at " + places.root() + ": " + FailureText.of(e) + "; tried again");
                    }
                    told = Optional.of(FailureText.of(e));
                }
                Thread.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            // Whatever it died of: the end of jobs would be waited for in vain.
            events.accept(new Event.WatcherLeft("nobody follows the jobs in " + places.root() + " any more"));
        }
    }

    /** In the order in which a job travels: one that moves on meanwhile is found at the next look. */
    synchronized void look() throws IOException {
        Set<String> queued = queued();
        List<String> rest = new ArrayList<>(followed.keySet());
        rest.removeAll(queued);
        rest.removeAll(inRunning());
        boolean all = rest.stream().anyMatch(stem -> followed.get(stem).id.isEmpty());
        Map<String, JobId> filed = all ? filed() : Map.of();
        for (String stem : rest) {
            Followed one = followed.get(stem);
            Optional<JobId> id = one.id.or(() -> Optional.ofNullable(filed.get(stem)));
            if (id.isPresent() && isOver(one, id.get())) {
                followed.remove(stem);
            } else if (++one.misses > MOST_MISSES) {
                followed.remove(stem);
                events.accept(new Event.Vanished(stem));
            }
        }
    }

    private Set<String> queued() throws IOException {
        Set<String> stems = new HashSet<>();
        for (Where where : List.of(Where.INCOMING, Where.HELD)) {
            for (String stem : followed.keySet()) {
                if (fs.look(where.in(places).resolve(stem + Desk.JOB)).isPresent()) {
                    stems.add(stem);
                    followed.get(stem).misses = 0;
                }
            }
        }
        return stems;
    }

    private Set<String> inRunning() throws IOException {
        Set<String> stems = new HashSet<>();
        for (String name : fs.list(places.running())) {
            Optional<JobId> id = ours(name);
            if (id.isPresent()) {
                Followed one = followed.get(id.get().stem());
                one.id = id;
                one.misses = 0;
                stems.add(id.get().stem());
                if (!one.started) {
                    lookForStart(one, id.get(), Where.RUNNING);
                }
            }
        }
        return stems;
    }

    private Map<String, JobId> filed() throws IOException {
        Map<String, JobId> found = new HashMap<>();
        for (Where where : List.of(Where.DONE, Where.FAILED)) {
            for (String name : fs.list(where.in(places))) {
                ours(name).ifPresent(id -> found.put(id.stem(), id));
            }
        }
        return found;
    }

    private Optional<JobId> ours(String name) {
        return JobId.parse(name)
                .filter(id -> followed.containsKey(id.stem())
                        && !followed.get(id.stem()).before.contains(id));
    }

    private Optional<JobDir.Contents> contents(JobId id, Where where) throws IOException {
        Path path = where.in(places).resolve(id.toString());
        try {
            return Optional.of(new JobDir(path, id).look(fs));
        } catch (NoSuchFileException | NotDirectoryException e) {
            return Optional.empty();
        }
    }

    private void lookForStart(Followed one, JobId id, Where where) throws IOException {
        Optional<JobDir.Contents> contents = contents(id, where);
        OptionalLong started = contents.map(
                        now -> Times.parse(now.status().get("started").orElse("")))
                .orElse(OptionalLong.empty());
        if (started.isPresent()) {
            one.started = true;
            String cards = contents.get().status().get("indices").orElse("").replace(' ', ',');
            events.accept(new Event.Started(id, cards, Instant.ofEpochMilli(started.getAsLong())));
        }
    }

    private boolean isOver(Followed one, JobId id) throws IOException {
        for (Where where : List.of(Where.DONE, Where.FAILED)) {
            Optional<JobDir.Contents> contents = contents(id, where);
            if (contents.isEmpty()) {
                continue;
            }
            if (contents.get().again() == Again.HANDED) {
                one.before.add(id);
                one.id = Optional.empty();
                return false;
            }
            if (!one.started) {
                lookForStart(one, id, where);
            }
            events.accept(new Event.Ended(id, where == Where.DONE, result(contents.get())));
            return true;
        }
        return false;
    }

    private static Result result(JobDir.Contents contents) {
        Optional<Duration> ran = contents.status()
                .get("elapsed")
                .filter(text -> text.matches("[0-9]{1,15}"))
                .map(text -> Duration.ofMillis(Long.parseLong(text)));
        OptionalInt code = contents.mark().exitCode();
        return new Result(contents.ending(), code, ran);
    }
}
