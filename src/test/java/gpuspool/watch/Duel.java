package gpuspool.watch;

import java.io.IOException;

/** Two watchers on one spool: at one call of the first, the second takes its turns. */
final class Duel {
    private static final int MOST_TURNS = 400;

    private final FaultBed bed;
    private final int k;
    private final int turns;
    private final Meddler first;
    private final Meddler second;
    private int seen;
    private String at = "";
    private Life other;
    private boolean otherIsThere;

    /** @param turns how many turns the second takes; 0 = as far as it gets */
    Duel(FaultBed bed, int k, int turns) {
        this(bed, k, turns, Meddler.none(), Meddler.none());
    }

    /** With watchers that are not as they should be. */
    Duel(FaultBed bed, int k, int turns, Meddler first, Meddler second) {
        this.bed = bed;
        this.k = k;
        this.turns = turns;
        this.first = first;
        this.second = second;
    }

    boolean cameToIt() {
        return seen >= k;
    }

    private Object holdUp(Step step, Meddler.Call call) throws IOException {
        if (++seen == k) {
            at = step.toString();
            if (!otherIsThere) {
                other.recover();
                otherIsThere = true;
            }
            if (turns == 0) {
                other.work();
            }
            for (int i = 0; i < turns; i++) {
                boolean unused = other.turn();
            }
        }
        return call.run();
    }

    /** Until both have nothing left to do. */
    void fight(boolean thereBefore) throws IOException {
        Meddler held = this::holdUp;
        try (Life one = bed.life(held.over(first));
                Life two = bed.life(second)) {
            other = two;
            if (thereBefore) {
                two.recover();
                otherIsThere = true;
            }
            one.recover();
            for (int i = 0; i < MOST_TURNS; i++) {
                boolean unused = one.turn();
                if (otherIsThere) {
                    boolean unusedToo = two.turn();
                }
                boolean drained = one.engine().isDrained()
                        && (!otherIsThere || two.engine().isDrained());
                if (drained) {
                    return;
                }
            }
            throw new AssertionError(
                    "not drained, " + this + ": " + one.describe() + " and " + two.describe() + "; log: " + bed.log());
        }
    }

    @Override
    public String toString() {
        return "held up at call " + k + " (" + at + ")";
    }
}
