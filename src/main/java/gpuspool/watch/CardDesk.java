package gpuspool.watch;

import gpuspool.gpu.CardVariables;
import gpuspool.gpu.Device;
import gpuspool.gpu.Gauge;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.Inventory;
import gpuspool.gpu.Links;
import gpuspool.gpu.Reading;
import gpuspool.gpu.Roster;
import gpuspool.gpu.Survey;
import gpuspool.job.CardWish;
import gpuspool.job.Pin;
import gpuspool.plan.Placement;
import gpuspool.spool.StatusFile;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/** Which cards there are and what the driver last said of each. Asking is {@link CardWatch}'s business. */
final class CardDesk {
    private final Roster roster;
    private Inventory inventory;
    /** All that were there since this watcher began, in the order in which they came: one that is gone may come back. */
    private final Map<GpuId, Device> seen = new LinkedHashMap<>();

    private Map<GpuId, Reading> readings = Map.of();
    /** Monotonic time at which the last look ended; there once there was one. */
    private Optional<Long> lookedAt = Optional.empty();

    CardDesk(Roster roster) {
        this.roster = roster;
        inventory = roster.inventory();
        devices().forEach(device -> seen.put(device.id(), device));
    }

    /** Whether a driver tells of them. */
    boolean isDriven() {
        return roster.gauge().isPresent();
    }

    /**
     * Takes in what came of a look.
     *
     * @return whether there are other cards now than before
     */
    boolean take(Gauge.News.Looked looked) {
        Inventory before = inventory;
        inventory = roster.understand(looked.survey());
        devices().forEach(device -> seen.put(device.id(), device));
        readings = looked.survey() instanceof Survey.Answer answer ? answer.readings() : Map.of();
        lookedAt = Optional.of(looked.at());
        return !before.equals(inventory);
    }

    Inventory inventory() {
        return inventory;
    }

    /** All there are; none while that is not known. */
    List<Device> devices() {
        return inventory instanceof Inventory.Cards cards ? cards.devices() : List.of();
    }

    Links links() {
        return inventory instanceof Inventory.Cards cards ? cards.links() : Links.UNKNOWN;
    }

    /** Why it is not known which cards there are; empty when it is. */
    Optional<String> unknown() {
        return inventory instanceof Inventory.Unknown unknown ? Optional.of(unknown.reason()) : Optional.empty();
    }

    /**
     * Why a job can never run on the cards that there are or were; empty when it can, or when they are not known.
     *
     * @param keepIdle how many of them are left to others
     */
    Optional<String> impossible(int gpus, CardWish wish, int keepIdle) {
        return unknown().isPresent()
                ? Optional.empty()
                : Placement.impossible(gpus, wish, List.copyOf(seen.values()), keepIdle);
    }

    /** Whether a job may have just these cards. */
    boolean suits(CardWish wish, Collection<GpuId> cards) {
        return Placement.suits(wish, describe(cards), devices());
    }

    Optional<Reading> reading(GpuId card) {
        return Optional.ofNullable(readings.get(card));
    }

    Map<GpuId, Reading> readings() {
        return readings;
    }

    Optional<Long> lookedAt() {
        return lookedAt;
    }

    /** What is known of these cards, in the order of their indices; of one that is gone by now its id. */
    List<Device> describe(Collection<GpuId> cards) {
        Map<GpuId, Integer> places = new HashMap<>();
        List<Device> known = devices();
        for (int i = 0; i < known.size(); i++) {
            places.put(known.get(i).id(), i);
        }
        List<Device> described = new ArrayList<>();
        for (GpuId card : cards) {
            described.add(places.containsKey(card) ? known.get(places.get(card)) : Device.onTrust(card));
        }
        described.sort(Comparator.comparing((Device device) -> places.getOrDefault(device.id(), known.size()))
                .thenComparing(Device::id));
        return described;
    }

    /** What {@code status} says of a job's cards. */
    StatusFile.Lines facts(Collection<GpuId> cards) {
        return CardFacts.of(describe(cards), inventory instanceof Inventory.Cards known ? known.driver() : "");
    }

    /** The variables that tell a job its cards, and how much of each where it shares them. */
    Map<String, String> variables(Collection<GpuId> cards, OptionalLong memory, Pin pin) {
        return CardVariables.of(describe(cards), memory, vendor(), pin);
    }

    /** Whose cards they are; NVIDIA's where there are none. */
    Device.Vendor vendor() {
        return devices().stream().findFirst().map(Device::vendor).orElse(Device.Vendor.NVIDIA);
    }

    /** All there are, for people; or why that is not known. */
    String tell() {
        if (inventory instanceof Inventory.Unknown unknown) {
            return "GPUs not known: " + unknown.reason();
        }
        List<Device> devices = devices();
        Set<String> names = new TreeSet<>();
        devices.forEach(device -> names.add(device.name()));
        String what = ((Inventory.Cards) inventory).driver();
        String which = String.join(", ", names);
        return devices.isEmpty()
                ? "no GPUs"
                : "GPU " + Device.labels(devices) + (which.isEmpty() ? "" : " (" + which + "; " + what + ")");
    }

    /** A job's cards for people: {@code GPU 0,1} or {@code no GPU}. */
    String onCards(Job job) {
        return job.cards.isEmpty() ? "no GPU" : "GPU " + labels(job.cards.keySet());
    }

    /** Cards for people: {@code 0,1}. */
    String labels(Collection<GpuId> cards) {
        return Device.labels(describe(cards));
    }
}
