package gpuspool.plan;

import gpuspool.job.CardWish;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Why jobs that a plan does not start wait: how things stood when it was made. */
public final class Reasons {
    private final Optional<Placement.Request> blocked;
    private final Optional<Duration> passable;
    private final Optional<Reservation> reservation;
    private final Stock stock;
    private final Tally tally;
    private final int slotsLeft;
    private final Rules rules;
    /** Whether there would be cards for so many whole ones of this wish: asked once for all that are alike. */
    private final Map<Shape, Boolean> there = new HashMap<>();

    private record Shape(int gpus, CardWish wish) {}

    Reasons(
            Optional<Placement.Request> blocked,
            Optional<Duration> passable,
            Optional<Reservation> reservation,
            Stock stock,
            Tally tally,
            int slotsLeft,
            Rules rules) {
        this.blocked = blocked;
        this.passable = passable;
        this.reservation = reservation;
        this.stock = stock;
        this.tally = tally;
        this.slotsLeft = slotsLeft;
        this.rules = rules;
    }

    /** Why this one waits. */
    public Wait of(Placement.Request job) {
        Optional<Wait.AboveUserLimit> above = tally.aboveAlone(job.gpus());
        if (above.isPresent()) {
            return above.get();
        }
        Optional<Wait.OverUserLimit> over = tally.over(job.owner());
        if (over.isPresent() && (job.gpus() > 0 || over.get().limit() == Wait.Limit.JOBS)) {
            return over.get();
        }
        if (job.gpus() == 0) {
            return slotsLeft == 0 ? new Wait.NoSlot(rules.cpuSlots()) : new Wait.Next();
        }
        if (blocked.isEmpty()) {
            return new Wait.Next();
        }
        Placement.Request first = blocked.get();
        if (job == first) {
            return new Wait.NeedsCards(job.gpus(), job.wish(), passable);
        }
        boolean fits = there.computeIfAbsent(new Shape(job.gpus(), job.wish()), unused -> fits(job));
        if (reservation.isEmpty()) {
            return fits ? new Wait.Next() : new Wait.NeedsCards(job.gpus(), job.wish(), Optional.empty());
        }
        return fits ? behind(job, first, reservation.get()) : new Wait.Behind(first.name(), first.gpus());
    }

    private boolean fits(Placement.Request job) {
        return job.wish().memory().isPresent()
                ? stock.offerRoom(job.gpus(), job.wish(), job.wish().memory().getAsLong(), Set.of(), true)
                                .size()
                        >= job.gpus()
                : !stock.offer(job.gpus(), job.wish(), true).isEmpty();
    }

    private static Wait behind(Placement.Request job, Placement.Request first, Reservation reservation) {
        return switch (reservation.of(job)) {
            case IN_TIME -> new Wait.Next();
            case UNKNOWN -> new Wait.BehindWithoutTime(first.name(), first.gpus());
            case LONG ->
                reservation.isProven()
                        ? new Wait.BehindForLong(
                                first.name(),
                                first.gpus(),
                                job.time().orElseThrow().plus(job.grace()))
                        : new Wait.BehindForUnknown(first.name(), first.gpus(), reservation.holder());
        };
    }
}
