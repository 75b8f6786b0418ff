package gpuspool.watch;

import gpuspool.job.CardWish;
import gpuspool.job.JobSpec;
import gpuspool.job.Stem;
import gpuspool.job.Turn;
import gpuspool.plan.Placement;
import gpuspool.posix.RawNames;
import gpuspool.spool.Dropped;
import gpuspool.spool.Predecessor;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** One file in incoming/ as the watcher sees it. */
final class Entry implements Placement.Request, Comparable<Entry> {
    enum State {
        /** Not read since it last changed. */
        UNREAD,
        /** Not to be taken yet; {@link #why} says what would have to change. */
        WAITS,
        /** Complete and understood. */
        READY,
        /** Complete, and can never run: to be claimed and refused. */
        REFUSED
    }

    private static final FileTime NEVER = FileTime.from(Instant.MIN);

    /** What its runs are called. */
    final String stem;

    Dropped file;
    /** Uid of its owner when it was found: it may be given to somebody else meanwhile. */
    final int foundOf;

    State state = State.UNREAD;
    String why = "";
    /** Why it waited when that was last told; empty: it never was. */
    String waitedFor = "";

    int gpus;
    CardWish wish = CardWish.ANY;
    Turn turn = Turn.COMMON;
    Optional<Duration> time = Optional.empty();
    Duration grace = Duration.ZERO;
    /** Monotonic time at which it was first found to lack cards as the first to do so. */
    OptionalLong blockedSince = OptionalLong.empty();
    /** Many jobs, which come into the queue once it is claimed. */
    boolean isSweep;
    /** Uid of the user whose job it is, where a watcher made the file. Never changed while it is in a queue. */
    OptionalInt madeFor = OptionalInt.empty();
    /** When it was asked for that it comes first, by the request's ctime. Never changed while it is in a queue. */
    Optional<FileTime> first = Optional.empty();
    /** Monotonic time since when its facts are unchanged. */
    long unchangedSince;
    /** Monotonic time before which it is not looked at again, while it WAITS. */
    long lookAgainAt;

    long delayNanos;
    /** Whether it was asked which run it goes on from. */
    boolean previousSought;
    /** That run; empty: none, or not asked yet. */
    Optional<Predecessor> previous = Optional.empty();
    /** Until when it is kept back as a retry, and why; empty: not known, or it is none. */
    Optional<Succession.Wait> retryAt = Optional.empty();
    /** Whether it waits for time or a writer, rather than for somebody to replace it. */
    boolean settling;

    Entry(Dropped file, long now) {
        this.file = file;
        foundOf = file.facts().owner();
        unchangedSince = now;
        stem = Stem.of(RawNames.lastName(file.path()));
    }

    /** It was read. Only while it is in no queue: its place in one depends on this. */
    void learn(JobSpec spec) {
        gpus = spec.gpus();
        wish = spec.cards();
        turn = spec.turn();
        time = spec.time();
        grace = spec.grace();
        isSweep = spec.sweep().isPresent();
    }

    /** When it came into the queue: its ctime. */
    Instant queued() {
        return file.facts().changed().toInstant();
    }

    @Override
    public String name() {
        return file.name();
    }

    @Override
    public int gpus() {
        return gpus;
    }

    @Override
    public CardWish wish() {
        return wish;
    }

    @Override
    public int priority() {
        return turn.priority();
    }

    @Override
    public int owner() {
        return madeFor.orElse(file.facts().owner());
    }

    @Override
    public Optional<Duration> time() {
        return time;
    }

    @Override
    public Duration grace() {
        return grace;
    }

    @Override
    public OptionalLong blockedSince() {
        return blockedSince;
    }

    /**
     * The order among those of one owner and priority, and among those that are to come first: of these the latest request; then
     * ctime, then name.
     */
    @Override
    public int compareTo(Entry other) {
        if (first.isPresent() || other.first.isPresent()) {
            int byRequest = other.first.orElse(NEVER).compareTo(first.orElse(NEVER));
            if (byRequest != 0) {
                return byRequest;
            }
        }
        int byTime = file.facts().changed().compareTo(other.file.facts().changed());
        return byTime != 0 ? byTime : file.path().compareTo(other.file.path());
    }

    /** Whether it is shown before one of the other queue: the two do not wait for each other. */
    boolean isShownBefore(Entry other) {
        boolean bothFirst = first.isPresent() && other.first.isPresent();
        if (first.isPresent() != other.first.isPresent()) {
            return first.isPresent();
        }
        return !bothFirst && priority() != other.priority() ? priority() > other.priority() : compareTo(other) < 0;
    }
}
