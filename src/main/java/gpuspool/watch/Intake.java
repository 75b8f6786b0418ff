package gpuspool.watch;

import gpuspool.plan.Placement;
import gpuspool.posix.FileFacts;
import gpuspool.spool.Dropped;
import gpuspool.spool.DroppedName;
import gpuspool.spool.Snapshot;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The files in incoming/: which are complete ({@code spool-layout.md}, section 5), and in which order they come. Files are
 * looked at when they appear and read in the queue's order, a few at a time, so that neither a burst nor a backlog holds up a
 * start.
 */
final class Intake {
    private static final long FIRST_DELAY = Duration.ofMillis(100).toNanos();
    /** Between two looks at a file that waits for its writer: no event tells of a close. */
    private static final long LONGEST_DELAY = Duration.ofSeconds(1).toNanos();
    /** The same for what only a change can mend, of which there are events, and the scan. */
    private static final long LONGEST_DELAY_UNCHANGED = Duration.ofSeconds(60).toNanos();

    /** Files kept in mind at once, the oldest: what memory holds. The others are found again when there is room. */
    private static final int MOST_KNOWN = 50_000;

    private final Setup setup;
    private final int mostKnown;
    private final int cards;
    private final Map<Path, Entry> entries = new HashMap<>();
    private final TreeSet<Entry> unread = new TreeSet<>();
    private final TreeSet<Entry> gpuQueue = new TreeSet<>();
    private final TreeSet<Entry> cpuQueue = new TreeSet<>();
    private final HeldBack heldBack = new HeldBack();
    private final TreeSet<Entry> refused = new TreeSet<>();
    /** Files that are to come first, whether they are known here or not, and when that was asked for. */
    private final Map<Path, FileTime> first = new HashMap<>();
    /** Files that were too many to be kept in mind; at least so many, until the next scan counts them. */
    private int beyond;

    Intake(Setup setup) {
        this(setup, MOST_KNOWN);
    }

    Intake(Setup setup, int mostKnown) {
        this.setup = setup;
        this.mostKnown = mostKnown;
        this.cards = setup.cards().size();
    }

    /** Looks at the whole directory. */
    void scan(long now) throws IOException {
        beyond = 0;
        Set<Path> gone = new HashSet<>(entries.keySet());
        List<Path> edited = new ArrayList<>();
        Optional<IOException> trouble = Optional.empty();
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(setup.spool().places().incoming())) {
            for (Path file : files) {
                if (DroppedName.isJob(file.getFileName().toString())) {
                    gone.remove(file);
                    Optional<IOException> error = tryToLook(file, now);
                    trouble = error.isPresent() ? error : trouble;
                } else {
                    DroppedName.editedBy(file).ifPresent(edited::add);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        gone.forEach(this::remove);
        edited.forEach(this::readAgain);
        if (trouble.isPresent()) {
            throw trouble.get();
        }
    }

    /** One file that cannot be looked at must never hide the others. */
    private Optional<IOException> tryToLook(Path file, long now) {
        try {
            look(file, now);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e);
        }
    }

    /** Something happened to this name. */
    void hint(Path file, long now) throws IOException {
        if (DroppedName.isJob(file.getFileName().toString())) {
            look(file, now);
        } else {
            DroppedName.editedBy(file).ifPresent(this::readAgain);
        }
    }

    /** An editor opened or closed it, perhaps long after it was found complete. */
    private void readAgain(Path file) {
        Entry entry = entries.get(file);
        if (entry != null) {
            leaveQueues(entry);
            entry.state = Entry.State.UNREAD;
            unread.add(entry);
        }
    }

    private void look(Path file, long now) throws IOException {
        Optional<FileFacts> facts = FileFacts.of(file);
        Entry known = entries.get(file);
        if (facts.isEmpty()) {
            remove(file);
        } else if (known == null || !known.file.facts().equals(facts.get())) {
            remove(file);
            add(new Entry(new Dropped(file, facts.get()), now));
        }
    }

    private void add(Entry entry) {
        entry.first = Optional.ofNullable(first.get(entry.file.path()));
        entries.put(entry.file.path(), entry);
        unread.add(entry);
        if (entries.size() > mostKnown) {
            remove(unread.last().file.path());
            beyond++;
        }
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
        List<TreeSet<Entry>> in = Stream.of(unread, gpuQueue, cpuQueue, refused)
                .filter(queue -> queue.remove(entry))
                .toList();
        entry.first = Optional.ofNullable(first.get(file));
        in.forEach(queue -> queue.add(entry));
    }

    private void leaveQueues(Entry entry) {
        unread.remove(entry);
        gpuQueue.remove(entry);
        cpuQueue.remove(entry);
        heldBack.remove(entry);
        refused.remove(entry);
    }

    /**
     * Reads at most {@code budget} files that are due. Those that were never read come first, in the queue's order: however many
     * cannot be taken, the next good one is seen.
     */
    void read(long now, int budget) {
        for (int i = 0; i < budget; i++) {
            Optional<Entry> next = unread.isEmpty() ? heldBack.pollDue(now) : Optional.of(unread.pollFirst());
            if (next.isEmpty()) {
                return;
            }
            try {
                readOne(next.get(), now);
            } catch (IOException e) {
                hold(next.get(), "cannot be read: " + e.getMessage(), false, now);
            }
        }
    }

    private void readOne(Entry entry, long now) throws IOException {
        Path file = entry.file.path();
        if (!entry.file.facts().isRegular()) {
            // Never opened: that alone would let a pipe's writer go on, or start what a device does.
            hold(entry, "it is " + entry.file.facts().kind() + ", not a regular file", false, now);
            return;
        }
        for (Path lock : DroppedName.editorLocks(file)) {
            if (FileFacts.of(lock).isPresent()) {
                hold(entry, "an editor has it open (" + lock.getFileName() + ")", true, now);
                return;
            }
        }
        Snapshot.Outcome outcome = setup.snapshot().read(file);
        if (outcome instanceof Snapshot.Gone) {
            remove(file);
        } else if (outcome instanceof Snapshot.Empty) {
            hold(entry, "it is empty", false, now);
        } else if (outcome instanceof Snapshot.NotYet notYet) {
            hold(entry, notYet.why(), entry.file.facts().size() > 0, now);
        } else if (outcome instanceof Snapshot.Refused no) {
            sort(entry, no.facts().orElse(entry.file.facts()), no.leased(), Entry.State.REFUSED, 0, now);
        } else if (outcome instanceof Snapshot.Understood yes) {
            int gpus = yes.spec().gpus();
            Entry.State state = gpus > cards ? Entry.State.REFUSED : Entry.State.READY;
            sort(entry, yes.facts(), yes.leased(), state, gpus, now);
        }
    }

    private void sort(Entry entry, FileFacts facts, boolean leased, Entry.State state, int gpus, long now) {
        if (!facts.equals(entry.file.facts())) {
            entry.file = new Dropped(entry.file.path(), facts);
            entry.unchangedSince = now;
        }
        boolean namedLast = leased && facts.changed().compareTo(facts.modified()) > 0;
        long settle = setup.settle(leased).toNanos();
        long settledAt = entry.unchangedSince + settle;
        if (!namedLast && now - settledAt < 0) {
            holdUntil(settledAt, entry, "waits until it has not changed for " + settle / 1_000_000 + " ms", true);
            return;
        }
        entry.state = state;
        entry.gpus = gpus;
        if (state == Entry.State.REFUSED) {
            refused.add(entry);
        } else {
            (gpus == 0 ? cpuQueue : gpuQueue).add(entry);
        }
    }

    /** Puts a file back for a while, longer each time. */
    void hold(Entry entry, String why, boolean settling, long now) {
        long longest = settling ? LONGEST_DELAY : LONGEST_DELAY_UNCHANGED;
        entry.delayNanos = Math.min(Math.max(FIRST_DELAY, entry.delayNanos * 2), longest);
        holdUntil(now + entry.delayNanos, entry, why, settling);
    }

    private void holdUntil(long time, Entry entry, String why, boolean settling) {
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
        for (TreeSet<Entry> queue : List.of(gpuQueue, cpuQueue)) {
            queue.stream().limit(most - (long) first.size()).forEach(first::add);
        }
        return first;
    }
}
