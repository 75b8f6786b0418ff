package gpuspool.plan;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.GpuRules;
import gpuspool.gpu.Reading;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Which cards a process of ours is to be on, and until when; {@code spool-layout.md}, section 10.5. Times are monotonic nanoseconds. */
public final class HoldPlan {
    /** The longest that a card is held once its job is about to start. */
    public static final long LONGEST = Duration.ofSeconds(60).toNanos();

    private HoldPlan() {}

    /**
     * What is known of a card that is held.
     *
     * @param handedOver when its job was about to be started; empty while the card is only kept
     * @param begun whether that job has been running since
     */
    public record Held(OptionalLong handedOver, boolean begun) {
        public static final Held KEPT = new Held(OptionalLong.empty(), false);

        /** Its job is about to be started. */
        public Held handedOver(long now) {
            return handedOver.isPresent() ? this : new Held(OptionalLong.of(now), begun);
        }

        /** With what is known of its job now: whether it runs. */
        public Held seen(boolean running, long now) {
            return running ? new Held(handedOver(now).handedOver(), true) : this;
        }

        /** When it is over at the latest; empty while the card is only kept. */
        public OptionalLong limit() {
            return handedOver.isPresent() ? OptionalLong.of(handedOver.getAsLong() + LONGEST) : OptionalLong.empty();
        }
    }

    /**
     * How a card is to be held besides by its lock.
     *
     * @param reading the last one; a card that is not known to be shared is not touched
     * @return percent of its free memory, 0 for a context alone; empty: not at all
     */
    public static OptionalInt share(Device device, Optional<Reading> reading, GpuRules rules) {
        boolean may = device.vendor() == Device.Vendor.NVIDIA
                && device.id() instanceof GpuId.Uuid
                && reading.filter(HoldPlan::isShared).isPresent();
        if (!may) {
            return OptionalInt.empty();
        }
        return switch (rules.hold()) {
            case LOCK -> OptionalInt.empty();
            case CONTEXT -> OptionalInt.of(0);
            case FRACTION -> OptionalInt.of(rules.holdPercent());
        };
    }

    private static boolean isShared(Reading reading) {
        return reading instanceof Reading.Known known && known.mode() == Reading.ComputeMode.SHARED;
    }

    /**
     * Whether nothing is to hold the card any longer.
     *
     * @param latest the last reading of it; one that could not be had says nothing
     * @param job processes of the job that runs on it, as far as they are known; empty: none runs
     */
    public static boolean isOver(Held held, Optional<Reading> latest, Optional<Set<Integer>> job, long now) {
        boolean late = held.limit().isPresent() && now - held.limit().getAsLong() >= 0;
        boolean jobEnded = held.begun() && job.isEmpty();
        boolean jobIsThere = job.isPresent() && !Collections.disjoint(job.get(), processes(latest));
        return late || jobEnded || jobIsThere || latest.filter(HoldPlan::mustGo).isPresent();
    }

    /** A card to be reset, or one that lets only one process in, must have none of ours on it. */
    private static boolean mustGo(Reading latest) {
        return latest instanceof Reading.Known known
                ? known.mode() != Reading.ComputeMode.SHARED
                : !(latest instanceof Reading.Unreadable);
    }

    private static List<Integer> processes(Optional<Reading> latest) {
        return latest
                .filter(Reading.Known.class::isInstance)
                .flatMap(reading -> ((Reading.Known) reading).processes())
                .orElse(List.of())
                .stream()
                .map(process -> process.pid())
                .toList();
    }
}
