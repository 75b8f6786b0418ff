package gpuspool.watch;

import gpuspool.job.JobSpec;
import gpuspool.plan.FairShare;
import gpuspool.plan.JobQueue;
import gpuspool.plan.Line;
import gpuspool.plan.Placement;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The files of incoming/ that are known, by how far each has come, in the queue's order. */
final class Backlog {
    private static final long FIRST_DELAY = Duration.ofMillis(100).toNanos();
    /** Between two looks at a file that waits for its writer: no event tells of a close. */
    private static final long LONGEST_DELAY = Duration.ofSeconds(1).toNanos();
    /** The same for what only a change can mend, of which there are events, and the scan. */
    private static final long LONGEST_DELAY_UNCHANGED = Duration.ofSeconds(60).toNanos();

    /**
     * Files kept in mind at once: what memory holds. Whoever has most of them there goes without their newest, which are found again
     * when there is room.
     */
    private static final int MOST_KNOWN = 50_000;

    private static final FairShare NOBODY_USED_ANY = new FairShare(Map.of(), Map.of());

    private final int mostKnown;
    private final Map<Path, Entry> entries = new HashMap<>();
    private final JobQueue<Entry> unread = new JobQueue<>(entry -> entry.first.isPresent());
    /** How many are known of each owner. */
    private final Map<Integer, Integer> known = new HashMap<>();

    private final JobQueue<Entry> gpuQueue = new JobQueue<>(entry -> entry.first.isPresent());
    private final JobQueue<Entry> cpuQueue = new JobQueue<>(entry -> entry.first.isPresent());
    private final Supplier<Optional<FairShare>> ofCards;
    private final Supplier<Optional<FairShare>> ofSlots;
    private final TreeSet<Entry> refused = new TreeSet<>();
    /** Sweeps: they need no card and no slot themselves. */
    private final TreeSet<Entry> sweeps = new TreeSet<>();

    private final HeldBack heldBack = new HeldBack();
    /** Complete, and not to start before something else has happened. */
    private final TreeSet<Entry> sleeping = new TreeSet<>();

    private final QueuedStems stems = new QueuedStems();
    private final Dependants dependants = new Dependants();
    /** Files that are to come first, whether they are known here or not, and when that was asked for. */
    private final Map<Path, FileTime> first = new HashMap<>();
    /** Files that were too many to be kept in mind; at least so many, until the next scan counts them. */
    private int beyond;

    /**
     * @param ofCards asked whose turn it is where jobs of several owners need cards; empty: not known yet
     * @param ofSlots the same for jobs without a GPU
     */
    Backlog(Supplier<Optional<FairShare>> ofCards, Supplier<Optional<FairShare>> ofSlots) {
        this(MOST_KNOWN, ofCards, ofSlots);
    }

    Backlog(int mostKnown, Supplier<Optional<FairShare>> ofCards, Supplier<Optional<FairShare>> ofSlots) {
        this.mostKnown = mostKnown;
        this.ofCards = ofCards;
        this.ofSlots = ofSlots;
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
        stems.came(entry.stem);
        known.merge(entry.foundOf, 1, Integer::sum);
        unread.add(entry);
        if (entries.size() > mostKnown) {
            remove(mostDispensable().orElse(entry).file.path());
            beyond++;
        }
    }

    private Optional<Entry> mostDispensable() {
        int owner =
                Collections.max(known.entrySet(), Map.Entry.comparingByValue()).getKey();
        return unread.lastOf(owner)
                .or(() -> gpuQueue.lastOf(owner))
                .or(() -> cpuQueue.lastOf(owner))
                .or(() -> lastAsleep(owner));
    }

    private Optional<Entry> lastAsleep(int owner) {
        return sleeping.descendingSet().stream()
                .filter(entry -> entry.foundOf == owner && entry.first.isEmpty())
                .findFirst();
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
            known.computeIfPresent(entry.foundOf, (owner, count) -> count == 1 ? null : count - 1);
            leaveQueues(entry);
            dependants.remove(entry);
            stems.left(entry.stem);
        }
    }

    private void leaveQueues(Entry entry) {
        unread.remove(entry);
        gpuQueue.remove(entry);
        cpuQueue.remove(entry);
        heldBack.remove(entry);
        refused.remove(entry);
        sweeps.remove(entry);
        sleeping.remove(entry);
    }

    /** The file comes before those without such a request, and before those whose request is older. */
    void first(Path file, FileTime since) {
        if (!since.equals(first.put(file, since))) {
            reorder(file);
            // What kept it back may not do so any longer.
            get(file).filter(entry -> entry.state == Entry.State.WAITS).ifPresent(entry -> readAgain(file));
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
        boolean wasRefused = refused.remove(entry);
        boolean wasSweep = sweeps.remove(entry);
        boolean wasSleeping = sleeping.remove(entry);
        List<JobQueue<Entry>> in = Stream.of(unread, gpuQueue, cpuQueue)
                .filter(queue -> queue.remove(entry))
                .toList();
        entry.first = Optional.ofNullable(first.get(file));
        in.forEach(queue -> queue.add(entry));
        if (wasRefused) {
            refused.add(entry);
        }
        if (wasSweep) {
            sweeps.add(entry);
        }
        if (wasSleeping) {
            sleeping.add(entry);
        }
    }

    /** To be read once more, wherever it stands. */
    void readAgain(Path file) {
        Entry entry = entries.get(file);
        if (entry != null) {
            leaveQueues(entry);
            dependants.remove(entry);
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
        if (unread.isEmpty()) {
            Optional<Entry> due = heldBack.pollDue(now);
            due.ifPresent(dependants::remove);
            return due;
        }
        Entry next = unread.line(() -> Optional.of(NOBODY_USED_ANY)).next();
        unread.remove(next);
        return Optional.of(next);
    }

    /** It was read: what it asks for is known. It goes somewhere else at once. */
    void understood(Entry entry, JobSpec spec) {
        leaveQueues(entry);
        dependants.remove(entry);
        entry.learn(spec);
        if (entry.turn.isAfterOthers()) {
            dependants.add(entry);
        }
    }

    /** It waits for its cards. */
    void ready(Entry entry) {
        leaveQueues(entry);
        entry.state = Entry.State.READY;
        if (entry.isSweep) {
            sweeps.add(entry);
        } else {
            (entry.gpus == 0 ? cpuQueue : gpuQueue).add(entry);
        }
    }

    /** It was read, and can never run. */
    void refuse(Entry entry) {
        leaveQueues(entry);
        entry.state = Entry.State.REFUSED;
        entry.gpus = 0;
        refused.add(entry);
    }

    /** Not to start, nor to be looked at again, before something else has happened. */
    void sleep(Entry entry, String why) {
        leaveQueues(entry);
        entry.state = Entry.State.WAITS;
        entry.why = why;
        entry.settling = false;
        sleeping.add(entry);
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

    Line<Entry> gpuJobs() {
        return gpuQueue.line(ofCards);
    }

    Line<Entry> cpuJobs() {
        return cpuQueue.line(ofSlots);
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

    /** All that are not to start yet. */
    Collection<Entry> waiting() {
        if (sleeping.isEmpty()) {
            return heldBack.all();
        }
        List<Entry> all = new ArrayList<>(heldBack.all());
        all.addAll(sleeping);
        return all;
    }

    /** Those that are looked at again at a time of their own. */
    Collection<Entry> heldBack() {
        return heldBack.all();
    }

    /** Those that wait for other jobs or another host, in the order of the queue. */
    Collection<Entry> sleeping() {
        return Collections.unmodifiableCollection(sleeping);
    }

    /** Which jobs have a file here. */
    QueuedStems stems() {
        return stems;
    }

    /** Those that were read and wait for other jobs, wherever they stand. */
    Dependants dependants() {
        return dependants;
    }

    int size() {
        return entries.size() + beyond;
    }

    /** All that could start, for the report: in the order of the queue, of jobs with and without a GPU the older first. */
    List<Placement.Request> queued(int most) {
        List<Placement.Request> first = new ArrayList<>();
        sweeps.stream().limit(most).forEach(first::add);
        Line<Entry> gpu = gpuJobs();
        Line<Entry> cpu = cpuJobs();
        Entry ofGpu = nextOf(gpu);
        Entry ofCpu = nextOf(cpu);
        while (first.size() < most && (ofGpu != null || ofCpu != null)) {
            if (ofCpu == null || ofGpu != null && ofGpu.isShownBefore(ofCpu)) {
                first.add(ofGpu);
                ofGpu = nextOf(gpu);
            } else {
                first.add(ofCpu);
                ofCpu = nextOf(cpu);
            }
        }
        return first;
    }

    private static Entry nextOf(Line<Entry> line) {
        return line.hasNext() ? line.next() : null;
    }
}
