package gpuspool.plan;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** One pass through the queue, which makes one plan. */
final class Pass<R extends Placement.Request> {
    /** So many jobs behind the first that lacks cards are looked at, at most. */
    private static final int MOST_LOOKS = 10_000;

    private final Line<R> gpuJobs;
    private final Line<R> cpuJobs;
    private final Placement.Cards cards;
    private final Rules rules;
    private final Stock stock;
    private final Tally tally;
    private final Failures failures = new Failures();
    private final List<Placement.Start<R>> starts = new ArrayList<>();
    private Optional<R> blocked = Optional.empty();
    private Optional<Duration> passable = Optional.empty();
    private Optional<Reservation> reservation = Optional.empty();

    Pass(Line<R> gpuJobs, Line<R> cpuJobs, Placement.Cards cards, Rules rules) {
        this.gpuJobs = gpuJobs;
        this.cpuJobs = cpuJobs;
        this.cards = cards;
        this.rules = rules;
        stock = new Stock(cards);
        tally = new Tally(rules);
    }

    Placement.Plan<R> plan() {
        startCpuJobs();
        startGpuJobs();
        Optional<R> gathers = reservation.isPresent() ? blocked : Optional.empty();
        List<Device> gather =
                gathers.map(job -> stock.gather(job.gpus(), job.wish())).orElse(List.of());
        Reasons reasons = new Reasons(blocked.map(job -> job), passable, reservation, stock, tally, slotsLeft(), rules);
        return new Placement.Plan<>(List.copyOf(starts), blocked, gather, reasons);
    }

    private int slotsLeft() {
        long taken = rules.running().stream()
                        .filter(job -> job.cards().isEmpty())
                        .count()
                + starts.stream().filter(start -> start.cards().isEmpty()).count();
        return (int) Math.max(0, rules.cpuSlots() - taken);
    }

    private void startCpuJobs() {
        int most = Math.min(slotsLeft(), rules.mostStarts());
        while (starts.size() < most && cpuJobs.hasNext()) {
            R job = cpuJobs.next();
            if (isWithinJobs(job)) {
                start(job, List.of());
            }
        }
    }

    private void startGpuJobs() {
        boolean first = true;
        for (int behind = 0;
                behind <= MOST_LOOKS && !isOver() && gpuJobs.hasNext();
                behind += blocked.isPresent() ? 1 : 0) {
            R job = gpuJobs.next();
            if (!isWithinLimits(job)) {
                continue;
            }
            Optional<List<Device>> given = blocked.isPresent() ? behindBlocked(job) : inTurn(job, first);
            first = false;
            if (given.isPresent() && starts.size() >= rules.mostStarts()) {
                return;
            }
            given.ifPresent(chosen -> take(job, chosen));
        }
    }

    /** Whether nobody who comes now can start. */
    private boolean isOver() {
        return blocked.isPresent()
                && (starts.size() >= rules.mostStarts()
                        || stock.isEmpty()
                        || reservation
                                .filter(promise -> promise.leavesNothing(stock))
                                .isPresent());
    }

    private boolean isWithinJobs(R job) {
        if (tally.over(job.owner()).isEmpty() && tally.mayRunOneMore(job.owner())) {
            return true;
        }
        cpuJobs.leaveOut(job.owner());
        gpuJobs.leaveOut(job.owner());
        return false;
    }

    private boolean isWithinLimits(R job) {
        if (!isWithinJobs(job) || tally.aboveAlone(job.gpus()).isPresent()) {
            return false;
        }
        boolean within = job.wish().memory().isPresent() || tally.mayHave(job.owner(), job.gpus());
        if (!within) {
            overGpus(job);
        }
        return within;
    }

    private void overGpus(R job) {
        tally.overGpus(job.owner());
        gpuJobs.leaveOut(job.owner());
    }

    /** Nobody before it waits. */
    private Optional<List<Device>> inTurn(R job, boolean first) {
        Optional<List<Device>> given = choose(job, Optional.empty(), first);
        if (given.isEmpty() && !first) {
            // It is the first to wait: what is kept is for it.
            given = choose(job, Optional.empty(), true);
        }
        if (given.isEmpty() && tally.over(job.owner()).isEmpty()) {
            block(job);
        }
        return given;
    }

    private void block(R job) {
        blocked = Optional.of(job);
        long waited = job.blockedSince().isPresent()
                ? Math.max(0, rules.now() - job.blockedSince().getAsLong())
                : 0;
        if (waited >= rules.maxBypass().toNanos()) {
            reservation = Optional.of(new Reservation(job, stock, cards, running(), rules.now()));
        } else {
            passable = Optional.of(rules.maxBypass());
        }
        for (Reservation.Pass pass : Reservation.Pass.values()) {
            failures.add(job, pass);
        }
    }

    /** What runs, those that are started now included. */
    private List<Running> running() {
        List<Running> running = new ArrayList<>(rules.running());
        for (Placement.Start<R> start : starts) {
            R job = start.request();
            OptionalLong length = Lengths.of(job);
            running.add(new Running(
                    job.name(),
                    job.owner(),
                    Set.copyOf(Device.ids(start.cards())),
                    length.isPresent() ? OptionalLong.of(rules.now() + length.getAsLong()) : OptionalLong.empty(),
                    Optional.empty()));
        }
        return running;
    }

    private Optional<List<Device>> behindBlocked(R job) {
        Reservation.Pass pass = reservation.map(promise -> promise.of(job)).orElse(Reservation.Pass.IN_TIME);
        if (failures.include(job, pass, stock.hasRooms())) {
            return Optional.empty();
        }
        Optional<List<Device>> given = choose(job, Optional.of(pass), true);
        if (given.isEmpty() && tally.over(job.owner()).isEmpty()) {
            failures.add(job, pass);
        }
        return given;
    }

    /** Cards of which it may take any; of a job that shares just those that it gets. */
    private Optional<List<Device>> choose(R job, Optional<Reservation.Pass> pass, boolean withKept) {
        if (job.wish().memory().isEmpty()) {
            return allowed(job, pass, stock.offer(job.gpus(), job.wish(), withKept));
        }
        Optional<List<Device>> best = share(job, pass, Set.of(), withKept);
        if (best.isEmpty() || tally.mayHave(job.owner(), Device.ids(best.get()))) {
            return best;
        }
        // On cards that its owner's jobs have already it may still be within the limit.
        Optional<List<Device>> own = share(job, pass, tally.cards(job.owner()), withKept);
        if (own.isPresent() && tally.mayHave(job.owner(), Device.ids(own.get()))) {
            return own;
        }
        overGpus(job);
        return Optional.empty();
    }

    private Optional<List<Device>> share(R job, Optional<Reservation.Pass> pass, Set<GpuId> before, boolean withKept) {
        long bytes = job.wish().memory().orElseThrow();
        return allowed(job, pass, stock.offerRoom(job.gpus(), job.wish(), bytes, before, withKept))
                .map(offered -> offered.subList(0, job.gpus()));
    }

    private Optional<List<Device>> allowed(R job, Optional<Reservation.Pass> pass, List<Device> offered) {
        List<Device> may = pass.isPresent() && reservation.isPresent()
                ? reservation.get().allow(pass.get(), job.gpus(), offered, stock)
                : offered;
        return may.size() >= job.gpus() ? Optional.of(may) : Optional.empty();
    }

    private void take(R job, List<Device> from) {
        if (job.wish().memory().isPresent()) {
            List<Device> sorted = cards.all().stream().filter(from::contains).toList();
            stock.share(sorted, job.wish().memory().getAsLong());
            start(job, sorted);
        } else {
            start(job, stock.take(from, job.gpus()));
        }
    }

    private void start(R job, List<Device> given) {
        starts.add(new Placement.Start<>(job, given));
        tally.add(job.owner(), Device.ids(given));
        if (blocked.isPresent()) {
            reservation.ifPresent(promise -> promise.passes(promise.of(job), given));
        }
    }
}
