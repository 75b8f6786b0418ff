package gpuspool.watch;

import gpuspool.job.CardWish;
import gpuspool.job.Turn;
import gpuspool.plan.Placement;
import gpuspool.spool.Dropped;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

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

    Dropped file;
    State state = State.UNREAD;
    String why = "";
    int gpus;
    CardWish wish = CardWish.ANY;
    Turn turn = Turn.COMMON;
    Optional<Duration> time = Optional.empty();
    /** Many jobs, which come into the queue once it is claimed. */
    boolean isSweep;
    /** When it was asked for that it comes first, by the request's ctime. Never changed while it is in a queue. */
    Optional<FileTime> first = Optional.empty();
    /** Monotonic time since when its facts are unchanged. */
    long unchangedSince;
    /** Monotonic time before which it is not looked at again, while it WAITS. */
    long lookAgainAt;

    long delayNanos;
    /** Whether it waits for time or a writer, rather than for somebody to replace it. */
    boolean settling;

    Entry(Dropped file, long now) {
        this.file = file;
        unchangedSince = now;
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
        return file.facts().owner();
    }

    @Override
    public Optional<Duration> time() {
        return time;
    }

    /** The queue's order: those that are to come first, the latest request before the others; then ctime, then name. */
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
}
