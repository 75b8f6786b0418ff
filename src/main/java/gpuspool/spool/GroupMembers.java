package gpuspool.spool;

import gpuspool.job.JobId;
import gpuspool.job.MemberName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Where the released members of one group are. Learnt from one look at the whole tree, then followed by looking for those alone
 * that had not ended. For one thread.
 */
public final class GroupMembers {
    private final Layout places;
    private final Fs fs;
    private final JobId group;
    private final GroupRuns runs;
    /** Those that have not ended, and the last job directory in which each was seen. */
    private final Map<Integer, Optional<JobId>> outside = new TreeMap<>();

    private final BitSet done = new BitSet();
    /** Of those whose records were thrown away before this watcher came. */
    private int doneBefore;

    public GroupMembers(Layout places, Fs fs, JobId group) {
        this.places = places;
        this.fs = fs;
        this.group = group;
        runs = new GroupRuns(places, fs, group);
    }

    private sealed interface Place {}

    private record Queued(Path file, Where where) implements Place {}

    private record Running(JobDir dir) implements Place {}

    private record Nowhere() implements Place {}

    /**
     * Learns from the tree.
     *
     * @param toldDone how many are known to have succeeded, at least
     */
    public void learn(int toldDone) throws IOException {
        lookForAll();
        for (String name : fs.list(places.done())) {
            Optional<JobId> id = JobId.parse(name);
            OptionalInt number = id.isPresent() ? runs.number(id.get()) : OptionalInt.empty();
            if (number.isPresent()
                    && !done.get(number.getAsInt())
                    && runs.isOurs(new JobDir(places.done().resolve(name), id.get()))) {
                done.set(number.getAsInt());
            }
        }
        doneBefore = Math.max(0, toldDone - done.cardinality());
    }

    /** Takes in all that are queued, held or running, also those that somebody runs once more. */
    public void lookForAll() throws IOException {
        // In the order in which a job travels: one that moves on meanwhile is seen twice rather than not at all.
        for (Path queue : List.of(places.incoming(), places.held())) {
            for (String name : fs.list(queue)) {
                OptionalInt number = MemberName.numberOfFile(group.stem(), name);
                if (number.isPresent() && runs.isOurs(queue.resolve(name))) {
                    outside.putIfAbsent(number.getAsInt(), Optional.empty());
                }
            }
        }
        for (String name : fs.list(places.running())) {
            Optional<JobId> id = JobId.parse(name);
            OptionalInt number = id.isPresent() ? runs.number(id.get()) : OptionalInt.empty();
            if (number.isPresent() && runs.isOurs(new JobDir(places.running().resolve(name), id.get()))) {
                outside.put(number.getAsInt(), id);
            }
        }
    }

    /** It lies in the queue now, or was seen in a job directory. */
    public void isOutside(int number) {
        outside.putIfAbsent(number, Optional.empty());
    }

    /**
     * Looks for those that had not ended.
     *
     * @param filed runs that this watcher has filed since
     */
    public void follow(Map<Integer, JobId> filed) throws IOException {
        filed.keySet().forEach(this::isOutside);
        List<String> running = outside.isEmpty() ? List.of() : fs.list(places.running());
        for (int number : List.copyOf(outside.keySet())) {
            Place place = place(number, running);
            if (place instanceof Running run) {
                outside.put(number, Optional.of(run.dir().id()));
            } else if (place instanceof Nowhere) {
                boolean succeeded = hasSucceeded(number, Optional.ofNullable(filed.get(number)));
                done.set(number, succeeded || done.get(number));
                outside.remove(number);
            }
        }
    }

    private Place place(int number, List<String> running) throws IOException {
        Optional<Queued> queued = queued(number);
        if (queued.isPresent()) {
            return queued.get();
        }
        String stem = MemberName.stem(group.stem(), number);
        for (JobDir run : GroupRuns.in(places.running(), running, stem)) {
            if (fs.look(run.path()).isPresent() && runs.isOurs(run)) {
                return new Running(run);
            }
        }
        // One that is queued again goes the other way; one that was claimed meanwhile is in no list yet.
        Optional<Queued> again = queued(number);
        if (again.isPresent()) {
            return again.get();
        }
        for (JobDir run : GroupRuns.in(places.running(), fs.list(places.running()), stem)) {
            if (runs.isOurs(run)) {
                return new Running(run);
            }
        }
        return new Nowhere();
    }

    private Optional<Queued> queued(int number) throws IOException {
        String name = MemberName.file(group.stem(), number);
        for (Where where : List.of(Where.INCOMING, Where.HELD)) {
            Path file = where.in(places).resolve(name);
            if (fs.look(file).isPresent() && runs.isOurs(file)) {
                return Optional.of(new Queued(file, where));
            }
        }
        return Optional.empty();
    }

    private boolean hasSucceeded(int number, Optional<JobId> filed) throws IOException {
        Optional<JobId> last = filed.or(() -> outside.get(number));
        if (last.isPresent() && lies(places.done(), last.get())) {
            return true;
        }
        if (filed.isPresent() && lies(places.failed(), filed.get())) {
            return false;
        }
        String stem = MemberName.stem(group.stem(), number);
        for (JobDir run : GroupRuns.in(places.done(), fs.list(places.done()), stem)) {
            if (runs.isOurs(run)) {
                return true;
            }
        }
        return false;
    }

    private boolean lies(Path parent, JobId id) throws IOException {
        return fs.look(parent.resolve(id.toString())).isPresent();
    }

    /** How many have not ended. */
    public int outside() {
        return outside.size();
    }

    /** How many have succeeded. */
    public int done() {
        return done.cardinality() + doneBefore;
    }

    /** Whether another host than the group's own has one: of its end nothing tells. */
    public boolean isElsewhere() {
        return outside.values().stream()
                .anyMatch(
                        id -> id.filter(run -> !run.host().equals(group.host())).isPresent());
    }

    /**
     * Asks all that have not ended to do so: those that are queued or held are filed as cancelled.
     *
     * @return the runs that were filed
     */
    public List<JobId> cancel(Cancellation cancellation) throws IOException {
        List<JobId> filed = new ArrayList<>();
        List<String> running = fs.list(places.running());
        for (int number : outside.keySet()) {
            Place place = place(number, running);
            if (place instanceof Queued queued) {
                String stem = MemberName.stem(group.stem(), number);
                cancellation
                        .fileQueued(new JobRefs.Queued(queued.file(), queued.where(), stem))
                        .ifPresent(filed::add);
            } else if (place instanceof Running run) {
                Cancellation.Asked unused = cancellation.askToStop(
                        new JobRefs.Run(run.dir().path(), run.dir().id(), Where.RUNNING));
            }
        }
        return filed;
    }
}
