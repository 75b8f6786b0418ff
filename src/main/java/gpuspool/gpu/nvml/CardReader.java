package gpuspool.gpu.nvml;

import com.sun.jna.Memory;
import gpuspool.gpu.GpuProcess;
import gpuspool.gpu.Reading;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** Reads what a card is doing. For one thread. */
final class CardReader {
    /** A card off the bus often says "unknown error", and so does one that is all right, now and then. */
    private static final int STRANGE_TIMES = 3;

    /** Nothing is decided by figures, and some cost a round trip to the card's own processor. */
    private static final long FIGURES_AGE = TimeUnit.SECONDS.toNanos(1);

    private static final int TEMPERATURE_OF_GPU = 0;

    private final NvmlLibrary nvml;
    private final ProcessLists processes;
    private final Illness illness;

    CardReader(NvmlLibrary nvml) {
        this.nvml = nvml;
        this.processes = new ProcessLists(nvml);
        this.illness = new Illness(nvml);
    }

    /** Throws only if the driver as a whole does not work. */
    Reading read(Card card) throws NvmlException {
        try {
            Optional<Reading.Memory> memory = memory(card);
            OptionalLong most = memory.isPresent()
                    ? OptionalLong.of(memory.get().total())
                    : card.device().memory();
            Optional<List<GpuProcess>> list = processes.on(card, most);
            Optional<String> sick = illness.of(card);
            Reading.ComputeMode mode = mode(card);
            Reading.Figures figures = figures(card);
            card.noteFine();
            return sick.isPresent() ? new Reading.Sick(sick.get()) : new Reading.Known(memory, list, mode, figures);
        } catch (NvmlException e) {
            if (e.meaning() == Meaning.GONE) {
                card.noteGone();
            }
            return trouble(e, card::noteStrange);
        }
    }

    /**
     * What an error says of a card, if it is not one of the whole driver.
     *
     * @param strange counts how often in a row the driver did not know itself
     */
    static Reading trouble(NvmlException error, IntSupplier strange) throws NvmlException {
        return switch (error.meaning()) {
            case DOWN -> throw error;
            case SICK -> new Reading.Sick(error.getMessage());
            case FORBIDDEN -> new Reading.Forbidden(error.getMessage());
            case STRANGE ->
                strange.getAsInt() < STRANGE_TIMES
                        ? new Reading.Unreadable(error.getMessage())
                        : new Reading.Sick(error.getMessage() + ", " + STRANGE_TIMES + " times in a row");
            case GONE, TRANSIENT, ABSENT -> new Reading.Unreadable(error.getMessage());
        };
    }

    /** Empty where the driver does not tell. */
    Optional<Reading.Memory> memory(Card card) throws NvmlException {
        Memory facts = new Memory(Layouts.MEMORY_V2_SIZE);
        facts.clear();
        facts.setInt(0, Layouts.MEMORY_V2_VERSION);
        if (ask(card, "nvmlDeviceGetMemoryInfo_v2", card.handle(), facts)) {
            return sound(
                    facts.getLong(Layouts.MEMORY_V2_TOTAL),
                    facts.getLong(Layouts.MEMORY_V2_USED),
                    facts.getLong(Layouts.MEMORY_V2_FREE));
        }
        facts.clear();
        if (ask(card, "nvmlDeviceGetMemoryInfo", card.handle(), facts)) {
            return sound(
                    facts.getLong(Layouts.MEMORY_V1_TOTAL),
                    facts.getLong(Layouts.MEMORY_V1_USED),
                    facts.getLong(Layouts.MEMORY_V1_FREE));
        }
        return Optional.empty();
    }

    private static Optional<Reading.Memory> sound(long total, long used, long free) {
        boolean sound = total > 0 && used >= 0 && used <= total && free >= 0 && free <= total;
        return sound ? Optional.of(new Reading.Memory(total, used, free)) : Optional.empty();
    }

    private Reading.ComputeMode mode(Card card) throws NvmlException {
        int[] mode = new int[1];
        if (!ask(card, "nvmlDeviceGetComputeMode", card.handle(), mode) || mode[0] == 0) {
            return Reading.ComputeMode.SHARED;
        }
        return mode[0] == 2 ? Reading.ComputeMode.PROHIBITED : Reading.ComputeMode.EXCLUSIVE;
    }

    private Reading.Figures figures(Card card) throws NvmlException {
        long now = System.nanoTime();
        if (!card.hasFigures(now, FIGURES_AGE)) {
            card.setFigures(
                    new Reading.Figures(
                            figure(card, "nvmlDeviceGetUtilizationRates", card.handle(), new int[2]),
                            figure(card, "nvmlDeviceGetTemperature", card.handle(), TEMPERATURE_OF_GPU, new int[1]),
                            figure(card, "nvmlDeviceGetPowerUsage", card.handle(), new int[1]),
                            figure(card, "nvmlDeviceGetEnforcedPowerLimit", card.handle(), new int[1])),
                    now);
        }
        return card.figures();
    }

    /** The first number of the last argument; empty where it cannot be had, unless that says something of the card. */
    private OptionalInt figure(Card card, String function, Object... arguments) throws NvmlException {
        try {
            boolean told = ask(card, function, arguments);
            return told ? OptionalInt.of(((int[]) arguments[arguments.length - 1])[0]) : OptionalInt.empty();
        } catch (NvmlException e) {
            if (e.meaning() == Meaning.FORBIDDEN || e.meaning() == Meaning.TRANSIENT) {
                return OptionalInt.empty();
            }
            throw e;
        }
    }

    /** Whether the card answered; false, from then on, where it does not have this. */
    private boolean ask(Card card, String function, Object... arguments) throws NvmlException {
        if (card.lacks(function)) {
            return false;
        }
        int code = nvml.code(function, arguments);
        if (code == Meaning.OK) {
            return true;
        }
        if (Meaning.of(code) == Meaning.ABSENT) {
            card.noteAbsent(function);
            return false;
        }
        throw nvml.failure(code, function);
    }
}
