package gpuspool.plan;

import gpuspool.job.UsageSample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Decides when it is looked at what one running job uses of its cards, and which looks make a line: every 10 s at first, half as
 * often each time the job's age has doubled, so that a week makes some hundred lines. Between two lines it is still looked at once
 * a minute, and a line tells of all looks since the one before it. All times are milliseconds since the job's start.
 */
public final class Sampling {
    /** Together with the look for strangers that is due then anyway. */
    public static final long FIRST = 2_000;

    private static final long SHORTEST = 10_000;
    private static final long LONGEST_BETWEEN_LOOKS = 60_000;
    /** As long as all lines are told. */
    private static final long YOUNG = 120 * SHORTEST;

    private final int cards;
    private long nextLook;
    private long nextLine;
    private final long[] busy;
    private final int[] told;
    private final long[] most;
    private boolean any;
    private long last;

    /**
     * @param cards how many the job has
     * @param told when the last line was made that it has already; empty: it has none
     */
    public Sampling(int cards, OptionalLong told) {
        this.cards = cards;
        busy = new long[cards];
        this.told = new int[cards];
        most = new long[cards];
        nextLook = told.isPresent() ? afterLook(told.getAsLong()) : FIRST;
        nextLine = told.isPresent() ? afterLine(told.getAsLong()) : FIRST;
        clear();
    }

    /** How far apart lines are at that age. */
    private static long interval(long age) {
        long interval = SHORTEST;
        for (long young = YOUNG; young <= age && interval < Long.MAX_VALUE / 4; young *= 2) {
            interval *= 2;
        }
        return interval;
    }

    private static long afterLine(long time) {
        return next(time, interval(time));
    }

    private static long afterLook(long time) {
        return next(time, Math.min(interval(time), LONGEST_BETWEEN_LOOKS));
    }

    /** On multiples, so that who goes on with it after a restart looks at the same times. */
    private static long next(long time, long interval) {
        return (time / interval + 1) * interval;
    }

    /** When the cards are looked at next. */
    public long due() {
        return nextLook;
    }

    /**
     * Takes in a look; one that comes before it is due counts nothing.
     *
     * @param uses one for each card
     * @return the line to write now, if any
     */
    public Optional<UsageSample> add(long time, List<UsageSample.OfCard> uses) {
        if (time < nextLook) {
            return Optional.empty();
        }
        any = true;
        last = time;
        for (int i = 0; i < cards; i++) {
            UsageSample.OfCard use = uses.get(i);
            if (use.utilisation().isPresent()) {
                busy[i] += use.utilisation().getAsInt();
                told[i]++;
            }
            most[i] = Math.max(most[i], use.bytes().orElse(-1));
        }
        nextLook = afterLook(time);
        return time < nextLine ? Optional.empty() : rest();
    }

    /** What no line tells yet. */
    public Optional<UsageSample> rest() {
        if (!any) {
            return Optional.empty();
        }
        List<UsageSample.OfCard> uses = new ArrayList<>();
        for (int i = 0; i < cards; i++) {
            OptionalInt utilisation =
                    told[i] == 0 ? OptionalInt.empty() : OptionalInt.of((int) Math.round((double) busy[i] / told[i]));
            uses.add(
                    new UsageSample.OfCard(utilisation, most[i] < 0 ? OptionalLong.empty() : OptionalLong.of(most[i])));
        }
        nextLine = afterLine(last);
        clear();
        return Optional.of(new UsageSample(last / 1000, uses));
    }

    private void clear() {
        any = false;
        for (int i = 0; i < cards; i++) {
            busy[i] = 0;
            told[i] = 0;
            most[i] = -1;
        }
    }
}
