package gpuspool.watch;

import gpuspool.job.JobSpec;
import gpuspool.plan.Placement;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The files of incoming/ that are known, by how far each has come, in the queue's order: those asked for first, then by age. */
final class Backlog {
    private static final long FIRST_DELAY = Duration.ofMillis(100).toNanos();
    /** Between two looks at a file that waits for its writer: no event tells of a close. */
    private static final long LONGEST_DELAY = Duration.ofSeconds(1).toNanos();
    /** The same for what only a change can mend, of which there are events, and the scan. */
    private static final long LONGEST_DELAY_UNCHANGED = Duration.ofSeconds(60).toNanos();

    /** Files kept in mind at once, the oldest: what memory holds. The others are found again when there is room. */
    private static final int MOST_KNOWN = 50_000;

    private final int mostKnown;
    private final Map<Path, Entry> entries = new HashMap<>();
    private final TreeSet<Entry> unread = new TreeSet<>();
    private final TreeSet<Entry> gpuQueue = new TreeSet<>();
    private final TreeSet<Entry> cpuQueue = new TreeSet<>();
    private final TreeSet<Entry> refused = new TreeSet<>();
    /** Sweeps: they need no card and no slot themselves. */
    private final TreeSet<Entry> sweeps = new TreeSet<>();

    private final HeldBack heldBack = new HeldBack();
    /** Files that are to come first, whether they are known here or not, and when that was asked for. */
    private final Map<Path, FileTime> first = new HashMap<>();
    /** Files that were too many to be kept in mind; at least so many, until the next scan counts them. */
    private int beyond;

    Backlog() {
        this(MOST_KNOWN);
    }

    Backlog(int mostKnown) {
        this.mostKnown = mostKnown;
    }

    Optional<Entry> get(Path file) {
        return Optional.ofNullable(entries.get(file));
    }

    /** The names of all that are known. */
    Set<Path> files() {
        return entries.keySet();
    }

    /** Takes in a file that is new, or new in its place, to be read. */
    void add(Entry entry) {
        remove(entry.file.path());
        entry.first = Optional.ofNullable(first.get(entry.file.path()));
        entries.put(entry.file.path(), entry);
        unread.add(entry);
        if (entries.size() > mostKnown) {
            remove(unread.last().file.path());
            beyond++;
        }
    }

    /** A scan begins, which will see all those that were too many. */
    void countAnew() {
        beyond = 0;
    }

    /** Whether there are files that were too many, and room for them now. */
    boolean hasRoomForMore() {
        return beyond > 0 && entries.size() <= mostKnown / 2;
    }

    /** Forgets a file: it is claimed or gone. */
    void remove(Path file) {
        Entry entry = entries.remove(file);
        if (entry != null) {
            leaveQueues(entry);
        }
    }

    private void leaveQueues(Entry entry) {
        unread.remove(entry);
        gpuQueue.remove(entry);
        cpuQueue.remove(entry);
        heldBack.remove(entry);
        refused.remove(entry);
        sweeps.remove(entry);
    }

    /** The file comes before those without such a request, and before those whose request is older. */
    void first(Path file, FileTime since) {
        if (!since.equals(first.put(file, since))) {
            reorder(file);
        }
    }

    /** The file takes its own place again; tells whether there was a request for it. */
    boolean notFirst(Path file) {
        boolean was = first.remove(file) != null;
        if (was) {
            reorder(file);
        }
        return was;
    }

    /** Forgets the requests for all files but these. */
    void keepFirst(Set<Path> files) {
        List<Path> others =
                first.keySet().stream().filter(file -> !files.contains(file)).toList();
        others.forEach(this::notFirst);
    }

    private void reorder(Path file) {
        Entry entry = entries.get(file);
        if (entry == null) {
            return;
        }
        // Taken out under its old place in the order, which is how a sorted set finds it.
        List<TreeSet<Entry>> in = Stream.of(unread, gpuQueue, cpuQueue, refused, sweeps)
                .filter(queue -> queue.remove(entry))
                .toList();
        entry.first = Optional.ofNullable(first.get(file));
        in.forEach(queue -> queue.add(entry));
    }

    /** To be read once more, wherever it stands. */
    void readAgain(Path file) {
        Entry entry = entries.get(file);
        if (entry != null) {
            leaveQueues(entry);
            entry.state = Entry.State.UNREAD;
            unread.add(entry);
        }
    }

    /** All that were read are read once more: there are other cards now. */
    void readAllAgain() {
        List.copyOf(entries.keySet()).forEach(this::readAgain);
    }

    /** The next to be read, taken out: those never read come first, so that however many cannot be taken, a good one is seen. */
    Optional<Entry> pollToRead(long now) {
        return unread.isEmpty() ? heldBack.pollDue(now) : Optional.of(unread.pollFirst());
    }

    /** It was read, and waits for its cards. */
    void ready(Entry entry, JobSpec spec) {
        entry.state = Entry.State.READY;
        entry.gpus = spec.gpus();
        entry.wish = spec.cards();
        entry.turn = spec.turn();
        entry.time = spec.time();
        entry.isSweep = spec.sweep().isPresent();
        (entry.isSweep ? sweeps : entry.gpus == 0 ? cpuQueue : gpuQueue).add(entry);
    }

    /** It was read, and can never run. */
    void refuse(Entry entry) {
        entry.state = Entry.State.REFUSED;
        entry.gpus = 0;
        refused.add(entry);
    }

    /** Puts a file back for a while, longer each time. */
    void hold(Entry entry, String why, boolean settling, long now) {
        long longest = settling ? LONGEST_DELAY : LONGEST_DELAY_UNCHANGED;
        entry.delayNanos = Math.min(Math.max(FIRST_DELAY, entry.delayNanos * 2), longest);
        holdUntil(now + entry.delayNanos, entry, why, settling);
    }

    void holdUntil(long time, Entry entry, String why, boolean settling) {
        leaveQueues(entry);
        entry.state = Entry.State.WAITS;
        entry.why = why;
        entry.settling = settling;
        entry.lookAgainAt = time;
        heldBack.add(entry);
    }

    Iterator<Entry> gpuJobs() {
        return gpuQueue.iterator();
    }

    Iterator<Entry> cpuJobs() {
        return cpuQueue.iterator();
    }

    /** The next file that can never run, if any. */
    Optional<Entry> nextRefused() {
        return refused.isEmpty() ? Optional.empty() : Optional.of(refused.first());
    }

    /** The next sweep, if any. */
    Optional<Entry> nextSweep() {
        return sweeps.isEmpty() ? Optional.empty() : Optional.of(sweeps.first());
    }

    /** Whether it is known to lie in incoming/. */
    boolean knows(Path file) {
        return entries.containsKey(file);
    }

    boolean hasUnread() {
        return !unread.isEmpty();
    }

    boolean hasReady() {
        return !gpuQueue.isEmpty() || !cpuQueue.isEmpty();
    }

    /** When the next waiting file is due; empty when none will ever become due by itself. */
    Optional<Long> nextLook() {
        return heldBack.nextLook();
    }

    /** Whether nothing is left that could still run without anybody touching it. */
    boolean isDrained() {
        return beyond == 0
                && unread.isEmpty()
                && !hasReady()
                && refused.isEmpty()
                && sweeps.isEmpty()
                && heldBack.all().stream().noneMatch(entry -> entry.settling);
    }

    Collection<Entry> waiting() {
        return heldBack.all();
    }

    int size() {
        return entries.size() + beyond;
    }

    /** All that could start, in the order of the queue, for the report. */
    List<Placement.Request> queued(int most) {
        List<Placement.Request> first = new ArrayList<>();
        for (TreeSet<Entry> queue : List.of(sweeps, gpuQueue, cpuQueue)) {
            queue.stream().limit(most - (long) first.size()).forEach(first::add);
        }
        return first;
    }
}
