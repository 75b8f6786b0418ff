package gpuspool.plan;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuRules;
import gpuspool.gpu.Reading;
import gpuspool.plan.CardState.Kind;
import java.time.Duration;
import java.util.Optional;

/** Whether a card that nobody has locked is free, by what its driver says of it; {@code spool-layout.md}, section 10.2. */
public final class Freedom {
    /** Memory in use beyond the baseline that is nobody's. */
    private static final long TOLERATED = 256L << 20;

    /** How long, and how often, a card must be seen clean after a stranger. */
    private static final long SETTLED = Duration.ofSeconds(5).toNanos();

    private static final int SETTLED_READINGS = 3;

    private Freedom() {}

    /** What is to be thought of a card, and remembered. */
    public record Judgement(CardState state, Past past) {}

    /**
     * Judges a card that no job of ours has and whose lock nobody else has.
     *
     * @param ours processes of ours among those on the card
     * @param now monotonic time of the reading, nanoseconds
     */
    public static Judgement judge(Device device, Reading reading, Past past, Ours ours, GpuRules rules, long now) {
        if (reading instanceof Reading.Known known) {
            Optional<CardState> closed = closed(known, past);
            return closed.isPresent()
                    ? new Judgement(closed.get(), past.interrupted())
                    : judge(
                            Occupants.of(device, known.processes().orElseThrow(), past, ours, rules),
                            known,
                            past,
                            rules,
                            now);
        }
        return new Judgement(withoutFigures(reading), past.interrupted());
    }

    private static CardState withoutFigures(Reading reading) {
        if (reading instanceof Reading.Sick sick) {
            return new CardState(Kind.SICK, FreedomWords.driver(sick.reason()));
        }
        if (reading instanceof Reading.Forbidden forbidden) {
            return new CardState(Kind.EXCLUDED, "its driver keeps us out: " + FreedomWords.driver(forbidden.reason()));
        }
        return new CardState(
                Kind.UNKNOWN, "it could not be read: " + FreedomWords.driver(((Reading.Unreadable) reading).reason()));
    }

    /** What forbids a judgement on who is there. */
    static Optional<CardState> closed(Reading.Known known, Past past) {
        if (known.mode() == Reading.ComputeMode.PROHIBITED) {
            return Optional.of(new CardState(Kind.EXCLUDED, "its compute mode is prohibited"));
        }
        if (known.processes().isEmpty()) {
            return Optional.of(new CardState(Kind.UNKNOWN, "its driver could not tell which processes are on it"));
        }
        if (known.memory().isEmpty() && past.memoryTold()) {
            return Optional.of(new CardState(Kind.UNKNOWN, "its driver could not tell how much memory is in use"));
        }
        return Optional.empty();
    }

    private static Judgement judge(Occupants on, Reading.Known known, Past before, GpuRules rules, long now) {
        Past past = known.memory()
                .map(memory -> before.learn(memory.used(), on.none()))
                .orElse(before);
        long unexplained =
                known.memory().map(memory -> unexplained(memory, on, past)).orElse(0L);
        if (on.hasOutsiders()) {
            return new Judgement(new CardState(Kind.FOREIGN, FreedomWords.used(on)), past.strange(now));
        }
        if (!on.remains().isEmpty()) {
            String why = FreedomWords.stillOn(past.left().orElseThrow(), on.remains());
            return new Judgement(new CardState(Kind.DRAINING, why), past.interrupted());
        }
        if (unexplained > TOLERATED && past.mayBeOurs()) {
            String why = FreedomWords.notGivenBack(past.left().orElseThrow(), unexplained);
            return new Judgement(new CardState(Kind.DRAINING, why), past.interrupted());
        }
        if (unexplained > TOLERATED) {
            return new Judgement(new CardState(Kind.FOREIGN, FreedomWords.hidden(unexplained)), past.strange(now));
        }
        return clean(known, past.clean(), rules, now);
    }

    /** Bytes in use that are neither the baseline's nor any process's. */
    private static long unexplained(Reading.Memory memory, Occupants on, Past past) {
        long rest = memory.used() - past.assumedBaseline() - on.accounted();
        return on.accountsForAll() ? 0 : Math.max(0, rest);
    }

    private static Judgement clean(Reading.Known known, Past past, GpuRules rules, long now) {
        long free = known.memory().map(Reading.Memory::free).orElse(Long.MAX_VALUE);
        if (free < rules.minFreeMemory()) {
            String why = FreedomWords.tooLittle(free, rules.minFreeMemory());
            return new Judgement(new CardState(Kind.FOREIGN, why), past);
        }
        if (past.strangerSeen().isPresent()) {
            long time = Math.max(0, SETTLED - (now - past.strangerSeen().getAsLong()));
            int readings = Math.max(0, SETTLED_READINGS - past.cleanSince());
            if (time > 0 || readings > 0) {
                String why = FreedomWords.settling(Duration.ofNanos(time), readings);
                return new Judgement(new CardState(Kind.SETTLING, why), past);
            }
        }
        return new Judgement(CardState.FREE, past.free());
    }
}
