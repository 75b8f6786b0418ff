package gpuspool.plan;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuProcess;
import gpuspool.gpu.GpuRules;
import gpuspool.gpu.Reading;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a card has left for one more job that shares it; {@code spool-layout.md}, section 10.7. */
public final class Sharing {
    /** A job that uses so many bytes more than it declared is still within it: libraries and contexts are hard to foresee. */
    public static final long TOLERATED = 256L << 20;

    private Sharing() {}

    /**
     * A job of ours that has a card with others.
     *
     * @param declared bytes
     * @param settled whether it has run for a while and once used all that it declared; else it may still grow to that
     */
    public record Sharer(String name, long declared, boolean settled) {}

    /**
     * What a look at a card showed.
     *
     * @param open whether anybody may be put there at all
     * @param alone whether it takes one program at a time
     * @param memory empty where the driver does not tell
     * @param others bytes in use that are none of our jobs': its baseline, programs that are ignored, what nobody accounts for
     * @param own bytes that each of our jobs that have it uses; of one that is not told of, nothing
     */
    public record Look(
            boolean open, boolean alone, Optional<Reading.Memory> memory, long others, Map<String, Long> own) {
        public static final Look CLOSED = new Look(false, false, Optional.empty(), 0, Map.of());
    }

    /**
     * Makes something of a look at a card that jobs of ours share.
     *
     * @param past what is left of who had it until just now is no stranger
     * @param given processes of the jobs that have it: id → the job's name
     * @param ours processes of ours among the others there
     */
    public static Look look(
            Device device, Reading reading, Past past, Map<Integer, String> given, Ours ours, GpuRules rules) {
        if (!(reading instanceof Reading.Known known)
                || Freedom.closed(known, past).isPresent()) {
            return Look.CLOSED;
        }
        List<GpuProcess> listed = known.processes().orElseThrow();
        Map<String, Long> own = new HashMap<>();
        for (GpuProcess process : Occupants.onceEach(listed)) {
            String job = given.get(process.pid());
            if (job != null) {
                own.merge(job, Occupants.told(process).orElse(0), Long::sum);
            }
        }
        Set<Integer> quiet = new HashSet<>(ours.holding());
        quiet.addAll(given.keySet());
        Map<Integer, String> elsewhere = new HashMap<>(ours.jobs());
        elsewhere.keySet().removeAll(given.keySet());
        Occupants on = Occupants.of(device, listed, past, new Ours(quiet, elsewhere), rules);
        long mine = own.values().stream().mapToLong(bytes -> bytes).sum();
        long least = past.baseline().orElse(0) + on.accounted() - mine;
        long others = known.memory()
                .filter(memory -> !on.accountsForAll())
                .map(memory -> Math.max(least, memory.used() - mine))
                .orElse(least);
        return new Look(!on.hasOutsiders(), isAlone(known), known.memory(), others, own);
    }

    /** Of a card that was free when it was looked at. */
    public static Look lookAtFree(Reading reading) {
        if (!(reading instanceof Reading.Known known)) {
            return Look.CLOSED;
        }
        return new Look(
                true,
                isAlone(known),
                known.memory(),
                known.memory().map(Reading.Memory::used).orElse(0L),
                Map.of());
    }

    private static boolean isAlone(Reading.Known known) {
        return known.mode() == Reading.ComputeMode.EXCLUSIVE;
    }

    /**
     * The room on a card.
     *
     * @param look the last one; empty where no driver is asked about it
     * @param sharers who has it
     * @return empty where no job may be put there
     */
    public static Optional<Placement.Room> room(Device device, Optional<Look> look, List<Sharer> sharers) {
        if (look.isPresent() && (!look.get().open() || look.get().alone() && !sharers.isEmpty())) {
            return Optional.empty();
        }
        long bytes;
        if (look.flatMap(Look::memory).isPresent()) {
            bytes = Math.min(undeclared(look.get(), sharers), unclaimed(look.get(), sharers));
        } else if (look.isEmpty() && device.memory().isPresent()) {
            bytes = device.memory().getAsLong() - declared(sharers);
        } else if (sharers.isEmpty()) {
            // Alone it may have all there is, however much that be.
            bytes = device.memory().orElse(Long.MAX_VALUE);
        } else {
            return Optional.empty();
        }
        return bytes <= 0 ? Optional.empty() : Optional.of(new Placement.Room(bytes, sharers.size()));
    }

    private static long declared(List<Sharer> sharers) {
        return sharers.stream().mapToLong(Sharer::declared).sum();
    }

    /** What nobody has been promised. */
    private static long undeclared(Look look, List<Sharer> sharers) {
        Reading.Memory memory = look.memory().orElseThrow();
        // Not the total: what the driver keeps for itself is nobody's.
        return memory.used() + memory.free() - look.others() - declared(sharers);
    }

    /** What is free now and will be when those that are still growing have what they declared. */
    private static long unclaimed(Look look, List<Sharer> sharers) {
        long free = look.memory().orElseThrow().free();
        for (Sharer sharer : sharers) {
            if (!sharer.settled()) {
                free -= Math.max(0, sharer.declared() - look.own().getOrDefault(sharer.name(), 0L));
            }
        }
        return free;
    }
}
