package gpuspool.watch;

import gpuspool.plan.Placement;
import gpuspool.spool.Dropped;

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

    Dropped file;
    State state = State.UNREAD;
    String why = "";
    int gpus;
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

    /** The queue's order: ctime, then name. */
    @Override
    public int compareTo(Entry other) {
        int byTime = file.facts().changed().compareTo(other.file.facts().changed());
        return byTime != 0 ? byTime : file.path().compareTo(other.file.path());
    }
}
