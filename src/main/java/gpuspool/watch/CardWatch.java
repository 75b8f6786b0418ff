package gpuspool.watch;

import gpuspool.gpu.Device;
import gpuspool.gpu.Gauge;
import gpuspool.gpu.GpuId;
import gpuspool.plan.CardState;
import gpuspool.plan.Freedom;
import gpuspool.plan.Ours;
import gpuspool.plan.Past;
import gpuspool.posix.Lock;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Knows which cards are free by what their driver says, and has it asked when that may let a job start: only while one waits, and
 * no more often than {@code spool-layout.md}, section 10.2, says.
 */
final class CardWatch {
    /** A look that is older says nothing of now. */
    private static final long FRESH = Duration.ofSeconds(1).toNanos();

    private static final long OFTEN = Duration.ofMillis(50).toNanos();
    private static final long SELDOM = Duration.ofSeconds(2).toNanos();
    private static final long SILENT = Duration.ofSeconds(10).toNanos();
    /** How long our own job's remains are waited for with impatience. */
    private static final long IMPATIENT = Duration.ofSeconds(60).toNanos();
    /** A driver that takes longer is as good as one that does not answer. */
    private static final long PATIENCE = Duration.ofSeconds(5).toNanos();

    /** Of the times at which processes start. */
    private static final long MILLIS_PER_TICK = 10;

    /** Whom jobs run as; {@code ?} is what Java says of a number that has no name. */
    private static final Optional<String> USER =
            Optional.ofNullable(System.getProperty("user.name")).filter(name -> !name.equals("?"));

    private final Setup setup;
    private final Edges edges;
    private final CardDesk desk;
    private final Owners owners;
    private final LetGo letGo;
    private final Map<GpuId, Past> pasts = new HashMap<>();
    private final Map<GpuId, CardState> states = new HashMap<>();
    /** When the driver is asked next; {@link Engine#NEVER} while nothing waits for a card. */
    private long nextAsk = Engine.NEVER;
    /** The driver was let go of since it was asked last: what it said before does not count. */
    private boolean takesUp;

    CardWatch(Setup setup, Edges edges, CardDesk desk, Owners owners, LetGo letGo) {
        this.setup = setup;
        this.edges = edges;
        this.desk = desk;
        this.owners = owners;
        this.letGo = letGo;
    }

    /**
     * Judges all cards that no job of ours has by what the driver just said; {@code kept} are locked by ourselves,
     * {@code holders} processes of ours that hold cards.
     */
    void look(Gauge.News.Looked looked, Set<GpuId> claimed, Set<GpuId> kept, Map<Integer, String> holders)
            throws IOException {
        states.clear();
        for (Device device : desk.devices()) {
            GpuId card = device.id();
            if (claimed.contains(card)) {
                continue;
            }
            if (!kept.contains(card) && isLockedElsewhere(card)) {
                states.put(card, Elsewhere.has(card, setup.spool().id(), edges.locks()));
                // Whoever is on it is no stranger, and leaves with the lock.
                Past.Left last = new Past.Left("a job of another spool", looked.at(), ticks(), Optional.empty());
                pasts.merge(card, Past.NOTHING.leftBy(last), (past, unused) -> past.leftBy(last));
                continue;
            }
            Freedom.Judgement judgement = Freedom.judge(
                    device,
                    desk.reading(card).orElseThrow(),
                    pasts.getOrDefault(card, Past.NOTHING),
                    new Ours(holders.keySet(), owners.of(desk.reading(card).orElseThrow())),
                    setup.settings().gpus(),
                    looked.at());
            states.put(card, judgement.state());
            pasts.put(card, judgement.past());
        }
    }

    private boolean isLockedElsewhere(GpuId card) throws IOException {
        Optional<Lock> lock = edges.locks().tryLock(card.lockName(setup.spool().id()));
        lock.ifPresent(Lock::close);
        return lock.isEmpty();
    }

    /** A job of ours, and all that could be found of it, has left its cards. */
    void left(Job job, long now) throws IOException {
        if (desk.isDriven()) {
            left(job.cards.keySet(), new Past.Left(job.name(), now, ticks(), USER));
        }
    }

    /** Processes of ours that held these cards have left them; they are known by their ids, so all that live are others. */
    void left(Set<GpuId> cards, long now) {
        left(cards, new Past.Left("what held it for a job", now, OptionalLong.of(0), USER));
    }

    private void left(Set<GpuId> cards, Past.Left last) {
        for (GpuId card : cards) {
            pasts.put(card, pasts.getOrDefault(card, Past.NOTHING).leftBy(last));
            states.remove(card);
        }
    }

    /** Now, as processes' start times count. */
    private OptionalLong ticks() throws IOException {
        return OptionalLong.of(edges.clocks().uptimeMillis() / MILLIS_PER_TICK);
    }

    /** What the driver said of this card does not count any more. */
    void forget(GpuId card) {
        states.remove(card);
    }

    /** How the driver's cards stood when they were last looked at, however long ago: for people. */
    Map<GpuId, CardState> told(long now) {
        Map<GpuId, CardState> told = new HashMap<>();
        if (desk.isDriven()) {
            CardState unasked = new CardState(
                    CardState.Kind.UNKNOWN,
                    hangs(now) ? "its driver does not answer" : "its driver is asked when a job waits for a GPU");
            for (Device device : desk.devices()) {
                CardState known = hangs(now) ? unasked : states.getOrDefault(device.id(), unasked);
                told.put(device.id(), letGo.isOn() ? LetGo.STATE : known);
            }
        }
        return told;
    }

    /** Those of the driver's cards that are not free now, and why; nothing of cards that no driver is asked about. */
    Map<GpuId, CardState> states(long now) {
        if (!desk.isDriven()) {
            return Map.of();
        }
        Map<GpuId, CardState> taken = new HashMap<>();
        for (Device device : desk.devices()) {
            CardState state = stateOf(device.id(), now);
            if (!state.isFree()) {
                taken.put(device.id(), state);
            }
        }
        return taken;
    }

    private CardState stateOf(GpuId card, long now) {
        if (letGo.isOn()) {
            return LetGo.STATE;
        }
        CardState state = states.get(card);
        if (state != null && !state.isFree()) {
            return state;
        }
        boolean fresh = state != null && now - desk.lookedAt().orElseThrow() < FRESH;
        return fresh ? state : new CardState(CardState.Kind.UNKNOWN, beingAsked(now));
    }

    /** Whether what was last read says anything of now. */
    boolean isFresh(long now) {
        return !letGo.isOn() && desk.lookedAt().filter(at -> now - at < FRESH).isPresent();
    }

    /** What is to be remembered of a card that jobs of ours share: one of them may have left just now, and still be listed. */
    Past justLeft(GpuId card, long now) {
        Past past = pasts.getOrDefault(card, Past.NOTHING);
        boolean longAgo = past.ownLeft().isPresent() && now - past.ownLeft().getAsLong() >= IMPATIENT;
        return longAgo ? past.free() : past;
    }

    private String beingAsked(long now) {
        return hangs(now)
                ? "its driver has not answered for " + (now - askedSince().getAsLong()) / 1_000_000_000L + " s"
                : "its driver is being asked";
    }

    boolean isDriven() {
        return desk.isDriven();
    }

    private boolean hangs(long now) {
        OptionalLong since = askedSince();
        return since.isPresent() && now - since.getAsLong() > PATIENCE;
    }

    private OptionalLong askedSince() {
        return setup.cards().gauge().map(Gauge::askedSince).orElse(OptionalLong.empty());
    }

    /** Cards that were free when they were last looked at, or were not looked at since they were left. */
    boolean mayBeFree(GpuId card) {
        CardState state = states.get(card);
        return !letGo.isOn() && (state == null || state.isFree());
    }

    /**
     * Has the driver asked if that is due.
     *
     * @param waiting whether a job waits for a card that none of ours has
     * @param promising whether it could start if all cards were free that may be
     */
    void want(boolean waiting, boolean promising, long now) {
        if (letGo.isOn()) {
            takesUp = true;
            states.clear();
        }
        if (setup.cards().gauge().isEmpty() || !waiting || letGo.isOn()) {
            nextAsk = Engine.NEVER;
            return;
        }
        long last = desk.lookedAt().orElse(now - SILENT);
        nextAsk = promising || takesUp ? now : last + interval(now);
        OptionalLong since = setup.cards().gauge().get().askedSince();
        if (since.isPresent()) {
            // Its answer makes the engine look again; until then only the words change.
            nextAsk = Math.max(now + SELDOM, since.getAsLong() + PATIENCE);
        } else if (now - nextAsk >= 0) {
            setup.cards().gauge().get().ask();
            takesUp = false;
            nextAsk = now + PATIENCE;
        }
    }

    /**
     * Has the driver asked at this time, whether or not anybody waits.
     *
     * @return when to call again
     */
    long askBy(long time, long now) {
        if (setup.cards().gauge().isEmpty() || time == Engine.NEVER || letGo.isOn()) {
            return Engine.NEVER;
        }
        Gauge gauge = setup.cards().gauge().get();
        if (gauge.askedSince().isPresent()) {
            return now + PATIENCE;
        }
        if (now - time >= 0) {
            gauge.ask();
            return now + PATIENCE;
        }
        return time;
    }

    private long interval(long now) {
        if (desk.unknown().isPresent()) {
            return SILENT;
        }
        boolean impatient = pasts.entrySet().stream()
                .anyMatch(card -> !isLocked(card.getKey())
                        && !owners.jobsHave(card.getKey())
                        && card.getValue().ownLeft().isPresent()
                        && now - card.getValue().ownLeft().getAsLong() < IMPATIENT);
        return impatient ? OFTEN : SELDOM;
    }

    private boolean isLocked(GpuId card) {
        return states.containsKey(card) && states.get(card).kind() == CardState.Kind.LOCKED;
    }

    long nextDue() {
        return nextAsk;
    }

    List<Device> devices() {
        return desk.devices();
    }
}
