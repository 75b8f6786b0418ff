package gpuspool.watch;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.GpuProcess;
import gpuspool.gpu.Reading;
import gpuspool.job.Sizes;
import gpuspool.plan.CardState;
import gpuspool.plan.Ours;
import gpuspool.plan.Past;
import gpuspool.plan.Placement;
import gpuspool.plan.Sharing;
import gpuspool.plan.WaitWords;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What jobs that share cards use of them, and what room is left there for others. */
final class CardShares {
    /** A job that has run for less may still be on its way to what it declared, even if it had that before. */
    private static final long YOUNG = Duration.ofSeconds(60).toNanos();

    private final Setup setup;
    private final JobBook jobs;
    private final CardDesk desk;
    private final CardWatch watch;
    private final Owners owners;
    /** Of the cards that were shared at the last look. */
    private final Map<GpuId, Sharing.Look> looks = new HashMap<>();

    CardShares(Setup setup, JobBook jobs, CardDesk desk, CardWatch watch, Owners owners) {
        this.setup = setup;
        this.jobs = jobs;
        this.desk = desk;
        this.watch = watch;
        this.owners = owners;
    }

    /**
     * Takes in what the driver just said.
     *
     * @param holders processes that hold cards for us
     */
    void look(Map<Integer, String> holders, long now) {
        looks.clear();
        Map<GpuId, List<Job>> shared = jobs.shared();
        for (Device device : desk.devices()) {
            Optional<Reading> reading = desk.reading(device.id());
            if (shared.containsKey(device.id()) && reading.isPresent()) {
                Sharing.Look look = look(device, reading.get(), holders, now);
                looks.put(device.id(), look);
                for (Job job : shared.get(device.id())) {
                    if (used(job, device.id()) >= job.memory.orElseThrow()) {
                        job.filled.add(device.id());
                    }
                }
            }
        }
    }

    private Sharing.Look look(Device device, Reading reading, Map<Integer, String> holders, long now) {
        Map<Integer, String> given = new HashMap<>();
        Map<Integer, String> elsewhere = new HashMap<>();
        for (GpuProcess process : Owners.processes(reading)) {
            owners.owner(process.pid())
                    .ifPresent(job ->
                            (job.cards.containsKey(device.id()) ? given : elsewhere).put(process.pid(), job.name()));
        }
        Past past = watch.justLeft(device.id(), now);
        Ours ours = new Ours(holders.keySet(), elsewhere);
        return Sharing.look(device, reading, past, given, ours, setup.settings().gpus());
    }

    /** Bytes that a job was last seen to use on a card; 0 where that is not told. */
    long used(Job job, GpuId card) {
        Sharing.Look look = looks.get(card);
        return look == null ? 0 : look.own().getOrDefault(job.name(), 0L);
    }

    /**
     * The room on each card that a sharing job could be put on.
     *
     * @param free whether nobody has it
     * @param open whether one more job may be let onto a card that is shared, by what is known besides its memory
     */
    Map<GpuId, Placement.Room> rooms(Predicate<GpuId> free, Predicate<GpuId> open, long now) {
        Map<GpuId, List<Job>> shared = jobs.shared();
        Map<GpuId, Placement.Room> rooms = new HashMap<>();
        for (Device device : desk.devices()) {
            GpuId card = device.id();
            List<Job> sharers = shared.getOrDefault(card, List.of());
            boolean may = sharers.isEmpty() ? free.test(card) : open.test(card);
            if (may) {
                Optional<Sharing.Look> look = desk.isDriven() ? Optional.of(lastLook(card)) : Optional.empty();
                Sharing.room(device, look, declared(sharers, card, now)).ifPresent(room -> rooms.put(card, room));
            }
        }
        return rooms;
    }

    /** Where a card was not shared when it was looked at, and is now or may be, it was free. */
    private Sharing.Look lastLook(GpuId card) {
        Sharing.Look look = looks.get(card);
        return look != null ? look : desk.reading(card).map(Sharing::lookAtFree).orElse(Sharing.Look.CLOSED);
    }

    private static List<Sharing.Sharer> declared(List<Job> sharers, GpuId card, long now) {
        List<Sharing.Sharer> declared = new ArrayList<>();
        for (Job job : sharers) {
            boolean old = job.phase == Job.Phase.LIVE
                    && (job.spawnedNanos.isEmpty() || now - job.spawnedNanos.getAsLong() >= YOUNG);
            declared.add(new Sharing.Sharer(job.name(), job.memory.orElseThrow(), old && job.filled.contains(card)));
        }
        return declared;
    }

    /** What is said of a card that these share. */
    static CardState state(List<Job> sharers) {
        return shared(sharers, job -> Optional.empty());
    }

    /** The same to whoever waits for it: also since when they run. */
    static CardState stateInTheWay(List<Job> sharers) {
        return shared(sharers, job -> job.since);
    }

    private static CardState shared(List<Job> sharers, Function<Job, Optional<Instant>> since) {
        String who = sharers.stream()
                .map(job -> job.name() + " (" + Sizes.about(job.memory.orElseThrow()) + ")"
                        + since.apply(job).map(WaitWords::since).orElse(""))
                .collect(Collectors.joining(", "));
        return new CardState(CardState.Kind.USED, "shared by " + who);
    }
}
