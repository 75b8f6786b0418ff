package gpuspool.gpu;

import gpuspool.job.Printable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which of a driver's cards a watcher may use. The first answer that has all of them turns indices into UUIDs: when a card falls
 * out, the numbers of others may shift. For several threads.
 */
public final class Selection {
    private static final String ROCR = "ROCR_VISIBLE_DEVICES";
    private static final int LONGEST_NAME = 60;

    private final Optional<List<GpuId>> wanted;
    private final String source;
    private final Optional<List<GpuId>> rocr;
    private final boolean fastestFirst;
    private Optional<Set<GpuId>> known = Optional.empty();

    private Selection(Optional<List<GpuId>> wanted, String source, Optional<List<GpuId>> rocr, boolean fastestFirst) {
        this.wanted = wanted;
        this.source = source;
        this.rocr = rocr;
        this.fastestFirst = fastestFirst;
    }

    /**
     * @param wanted indices and UUIDs, whole or so much of them as fits one card alone; empty: all
     * @param source where they were named, for messages
     */
    public Selection(Optional<List<GpuId>> wanted, String source) {
        this(wanted, source, Optional.empty(), false);
    }

    /** The same; where that is all cards, and they are AMD's, only these. */
    Selection orAmds(Optional<List<GpuId>> visible) {
        return new Selection(wanted, source, visible, fastestFirst);
    }

    /** The same, from a place where programs may count the fastest card first. */
    Selection countedFastestFirst() {
        return new Selection(wanted, source, rocr, true);
    }

    /**
     * The cards, in the driver's order; of a GPU that is split, its instances. Once all were there, those that are there still.
     *
     * @throws BadDeviceListException if one fits no card, or more than one; the message names all there are
     */
    public synchronized List<Device> of(Survey.Answer answer) throws BadDeviceListException {
        List<Device> all = answer.devices();
        boolean byRocr = wanted.isEmpty() && isAmd(all);
        Optional<List<GpuId>> named = byRocr ? rocr : wanted;
        if (named.isEmpty()) {
            return all;
        }
        if (known.isEmpty()) {
            Set<GpuId> found = new HashSet<>();
            for (GpuId name : named.get()) {
                found.addAll(find(name, all, byRocr ? ROCR : source));
            }
            known = Optional.of(found);
        }
        List<Device> there = all.stream().filter(this::isKnown).toList();
        if (there.isEmpty() && !named.get().isEmpty()) {
            throw new BadDeviceListException(source, "none of these GPUs is here now", thereAre(all));
        }
        return there;
    }

    private boolean isKnown(Device device) {
        Set<GpuId> cards = known.orElseThrow();
        return cards.contains(device.id())
                || cards.contains(gpu(device))
                // One that was broken from the beginning, and only now tells its name.
                || (device.index().isPresent()
                        && cards.contains(new GpuId.Index(device.index().getAsInt())));
    }

    /** What to be careful about: numbers that a program might count in another order. */
    public Optional<String> doubt(Survey.Answer answer) {
        List<Device> all = answer.devices();
        boolean byNumber = wanted.orElse(List.of()).stream().anyMatch(GpuId.Index.class::isInstance);
        long models = all.stream().map(Device::name).distinct().count();
        if (!fastestFirst || !byNumber || models < 2 || isAmd(all)) {
            return Optional.empty();
        }
        return Optional.of(source
                + " names GPUs by number, and there are several models here. Numbers are taken in PCI order, not the"
                + " fastest first; to be sure, name UUIDs, or set CUDA_DEVICE_ORDER=PCI_BUS_ID: " + thereAre(all));
    }

    private static boolean isAmd(List<Device> devices) {
        return !devices.isEmpty() && devices.get(0).vendor() == Device.Vendor.AMD;
    }

    /** A GPU, by its UUID where it has one; several only if the GPU itself has none and is split. */
    private static Set<GpuId> find(GpuId name, List<Device> all, String source) throws BadDeviceListException {
        Set<GpuId> found = fitting(name, all);
        if (found.isEmpty()) {
            String what = name instanceof GpuId.Index ? "no GPU " + name.word() : "no " + name.word();
            throw new BadDeviceListException(source, what + " here", thereAre(all));
        }
        if (found.size() > 1) {
            String words = found.stream().map(GpuId::word).sorted().collect(Collectors.joining(" and "));
            throw new BadDeviceListException(source, name.word() + " fits " + words, "write more of it");
        }
        return found;
    }

    private static Set<GpuId> fitting(GpuId name, List<Device> all) {
        Set<GpuId> whole = new HashSet<>();
        Set<GpuId> cut = new HashSet<>();
        for (Device device : all) {
            if (name instanceof GpuId.Index index) {
                if (device.index().isPresent() && device.index().getAsInt() == index.number()) {
                    whole.add(gpu(device));
                }
                continue;
            }
            for (GpuId id : List.of(device.id(), gpu(device))) {
                // Drivers write hexadecimal digits small, people as it comes.
                String word = id.word().toLowerCase(Locale.ROOT);
                String part = name.word().toLowerCase(Locale.ROOT);
                if (word.equals(part)) {
                    whole.add(id);
                } else if (word.startsWith(part)) {
                    cut.add(id);
                }
            }
        }
        return whole.isEmpty() ? cut : whole;
    }

    /** The card's own name, or that of the GPU that it is a part of. */
    private static GpuId gpu(Device device) {
        return device.parent().<GpuId>map(GpuId.Uuid::new).orElse(device.id());
    }

    private static String thereAre(List<Device> all) {
        if (all.isEmpty()) {
            return "the driver tells of none";
        }
        return (all.size() == 1 ? "there is only " : "there are ")
                + all.stream().map(Selection::shown).collect(Collectors.joining(", "));
    }

    private static String shown(Device device) {
        List<String> facts = new ArrayList<>();
        if (!device.name().isEmpty()) {
            facts.add(Printable.cut(device.name(), LONGEST_NAME));
        }
        if (device.id() instanceof GpuId.Uuid) {
            facts.add(device.id().label() + "…");
        }
        String number =
                device.index().isPresent() ? Integer.toString(device.index().getAsInt()) : "-";
        return facts.isEmpty() ? number : number + " (" + String.join(", ", facts) + ")";
    }
}
