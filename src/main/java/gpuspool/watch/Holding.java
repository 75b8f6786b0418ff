package gpuspool.watch;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.GpuRules;
import gpuspool.gpu.HolderLine;
import gpuspool.gpu.Reading;
import gpuspool.plan.HoldPlan;
import gpuspool.posix.FailureText;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * Holds cards by processes of ours besides their locks, one for each; {@code spool-layout.md}, section 10.5. A card for which that
 * does not work is held by its lock alone, and the log tells why. Of one thread, which never waits here. Times are monotonic
 * nanoseconds.
 */
final class Holding {
    /** What people call one of these processes. */
    static final String NAME = "gpuspool's holder";

    /** Where it did not work it is not tried again before. */
    private static final long AGAIN = Duration.ofSeconds(60).toNanos();
    /** One that does not end by itself in this time is killed. */
    private static final long PATIENCE = Duration.ofSeconds(5).toNanos();
    /** A look at the cards that is judged now may be so old, and shows processes that are gone. */
    private static final long AFTERGLOW = Duration.ofSeconds(10).toNanos();

    private final List<String> program;
    private final Map<String, String> environment;
    private final Consumer<String> log;
    private final Runnable wake;

    private final Map<GpuId, Holder> holders = new HashMap<>();
    private final List<Holder> leaving = new ArrayList<>();
    private final Queue<News> news = new ConcurrentLinkedQueue<>();
    /** Process id → when it was gone. */
    private final Map<Integer, Long> gone = new HashMap<>();

    private final Map<GpuId, Long> failed = new HashMap<>();
    /** What was last said of a card, lest it is said again. */
    private final Map<GpuId, String> complaints = new HashMap<>();

    private sealed interface News {
        Holder holder();

        record Said(Holder holder, HolderLine line) implements News {}

        record Ended(Holder holder, String how) implements News {}
    }

    /**
     * @param program how this program is started: a program and its first arguments
     * @param environment the watcher's own
     * @param log takes one line per event
     * @param wake called from other threads: a {@link #step} is worth it
     */
    Holding(List<String> program, Map<String, String> environment, Consumer<String> log, Runnable wake) {
        this.program = List.copyOf(program);
        this.environment = Map.copyOf(environment);
        this.log = log;
        this.wake = wake;
    }

    /**
     * Begins to hold a card as the rules say, or goes on; a card that is not to be held (any more) is let go of. The card's lock must be
     * ours.
     */
    void hold(Device device, Optional<Reading> reading, GpuRules rules, long now) {
        OptionalInt share = HoldPlan.share(device, reading, rules);
        if (share.isEmpty()) {
            release(device.id(), now);
            return;
        }
        boolean tooSoon = failed.containsKey(device.id()) && now - failed.get(device.id()) < AGAIN;
        if (tooSoon || holders.containsKey(device.id())) {
            return;
        }
        holders.put(
                device.id(),
                new Holder(
                        device,
                        share.getAsInt(),
                        program,
                        environment,
                        (holder, line) -> tell(new News.Said(holder, line)),
                        (holder, how) -> tell(new News.Ended(holder, how))));
    }

    private void tell(News what) {
        news.add(what);
        wake.run();
    }

    /** The card's job is about to be started: memory is given back now, the rest once the job is there. */
    void freeMemory(GpuId card, long now) {
        Holder holder = holders.get(card);
        if (holder != null) {
            holder.held = holder.held.handedOver(now);
            holder.freeMemory();
        }
    }

    /** Holds the card no longer; its process is gone a moment later. */
    void release(GpuId card, long now) {
        Holder holder = holders.remove(card);
        if (holder != null) {
            holder.close(now);
            leaving.add(holder);
        }
    }

    /** Holds no card but these any longer. */
    void retain(Set<GpuId> cards, long now) {
        Set<GpuId> others = new HashSet<>(holders.keySet());
        others.removeAll(cards);
        others.forEach(card -> release(card, now));
    }

    /** Whether any card is held by a process. */
    boolean isBusy() {
        return !holders.isEmpty();
    }

    /** As {@link #release}, all: when the driver is to be let go of, or the watcher leaves. */
    void releaseAll(long now) {
        Set.copyOf(holders.keySet()).forEach(card -> release(card, now));
    }

    /** Processes that are on cards for us, or were a moment ago: process id → what people call it. */
    Map<Integer, String> pids(long now) {
        gone.values().removeIf(since -> now - since >= AFTERGLOW);
        Map<Integer, String> ours = new HashMap<>();
        gone.keySet().forEach(pid -> ours.put(pid, NAME));
        holders.values().forEach(holder -> holder.pid().ifPresent(pid -> ours.put(pid, NAME)));
        leaving.forEach(holder -> holder.pid().ifPresent(pid -> ours.put(pid, NAME)));
        return ours;
    }

    /**
     * Does what is due.
     *
     * @param latest the last readings of the cards
     * @param jobs cards on which a job of ours runs → its processes, as far as they are known
     * @return cards that a process of ours has left since the last step
     */
    Set<GpuId> step(long now, Map<GpuId, Reading> latest, Map<GpuId, Set<Integer>> jobs) {
        Set<GpuId> left = new HashSet<>();
        for (News what = news.poll(); what != null; what = news.poll()) {
            if (what instanceof News.Said said) {
                heard(said.holder(), said.line(), now);
            } else {
                ended(what.holder(), ((News.Ended) what).how(), now);
                left.add(what.holder().device.id());
            }
        }
        for (Holder holder : List.copyOf(holders.values())) {
            GpuId card = holder.device.id();
            Optional<Set<Integer>> job = Optional.ofNullable(jobs.get(card));
            holder.held = holder.held.seen(job.isPresent(), now);
            if (HoldPlan.isOver(holder.held, Optional.ofNullable(latest.get(card)), job, now)) {
                release(card, now);
            }
        }
        leaving.forEach(holder -> killIfDue(holder, now));
        return left;
    }

    /** When the next step is due, without news; empty: never. */
    OptionalLong due() {
        OptionalLong next = OptionalLong.empty();
        for (Holder holder : holders.values()) {
            next = earlier(next, holder.held.limit());
        }
        for (Holder holder : leaving) {
            next = earlier(next, holder.patience(PATIENCE));
        }
        return next;
    }

    private static OptionalLong earlier(OptionalLong one, OptionalLong other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isEmpty() ? other : one;
        }
        return one.getAsLong() - other.getAsLong() <= 0 ? one : other;
    }

    private void heard(Holder holder, HolderLine line, long now) {
        GpuId card = holder.device.id();
        if (line instanceof HolderLine.Cannot cannot) {
            if (!holder.isClosed()) {
                fail(holder, "cannot " + cannot.words(), now);
                release(card, now);
            }
        } else if (line instanceof HolderLine.Holding holding) {
            failed.remove(card);
            complaints.remove(card);
            // Not so when it is told to give it all back before it had it.
            if (holding.bytes() < holding.wanted() && holder.held.handedOver().isEmpty()) {
                log.accept("GPU " + holder.device.label() + ": " + FreeDisk.size(holding.bytes())
                        + " of its memory are held, not " + FreeDisk.size(holding.wanted())
                        + ": there is no more to be had");
            }
        } else if (line instanceof HolderLine.Other other) {
            holder.heard(other);
        }
    }

    private void ended(Holder holder, String how, long now) {
        holder.pid().ifPresent(pid -> gone.put(pid, now));
        leaving.remove(holder);
        if (!holder.isClosed()) {
            holders.remove(holder.device.id());
            fail(holder, holder.unexpected(how), now);
        }
    }

    private void fail(Holder holder, String why, long now) {
        GpuId card = holder.device.id();
        failed.put(card, now);
        if (!why.equals(complaints.put(card, why))) {
            log.accept("GPU " + holder.device.label() + " is held by its lock alone: " + why);
        }
    }

    private void killIfDue(Holder holder, long now) {
        OptionalLong patience = holder.patience(PATIENCE);
        if (patience.isPresent() && now - patience.getAsLong() >= 0) {
            String who = "GPU " + holder.device.label() + ": the process that held it, "
                    + holder.pid().orElse(0);
            try {
                holder.kill();
                log.accept(who + ", did not end when it was told to; it was killed");
            } catch (IOException e) {
                log.accept(who + ", does not end, and cannot be killed: " + FailureText.of(e));
            }
        }
    }
}
