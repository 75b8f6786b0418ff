package gpuspool.gpu;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What a driver said of one card at one time. */
public sealed interface Reading {
    /**
     * It answered.
     *
     * @param memory empty where the driver does not tell
     * @param processes empty when they could not be listed, which is not the same as none
     * @param mode whether programs may share it at all
     * @param figures for people; nothing is decided by them
     */
    record Known(Optional<Memory> memory, Optional<List<GpuProcess>> processes, ComputeMode mode, Figures figures)
            implements Reading {}

    /** It answered in part, or not at all this time; the card is busy for us. {@code reason}: in the driver's words. */
    record Unreadable(String reason) implements Reading {}

    /** The card is broken, or must be reset before it is used; {@code reason}: in the driver's words. */
    record Sick(String reason) implements Reading {}

    /** The card is not ours to use: permissions or a device cgroup keep us out. {@code reason}: in the driver's words. */
    record Forbidden(String reason) implements Reading {}

    /** Bytes; {@code used} leaves out what the driver itself reserves, where it tells the two apart. */
    record Memory(long total, long used, long free) {}

    /** Percent, degrees Celsius, milliwatts; empty where the driver does not tell. */
    record Figures(OptionalInt utilisation, OptionalInt temperature, OptionalInt power, OptionalInt powerLimit) {
        public static final Figures NONE =
                new Figures(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());
    }

    /** Who may open a context on it. */
    enum ComputeMode {
        SHARED,
        /** One process at a time: nothing of ours may hold it while a job is to use it. */
        EXCLUSIVE,
        /** Nobody. */
        PROHIBITED
    }
}
