package gpuspool.gpu.nvml;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.Reading;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Finds the cards. Handles of GPUs are kept while the driver is: asking for them anew touches every GPU. MIG instances come and go, and
 * their handles with them: they are looked for each time. For one thread.
 */
final class Enumeration {
    private static final int MIG_ENABLED = 1;

    private final NvmlLibrary nvml;
    private final KernelModule kernel;
    private final Map<Integer, Card> gpus = new HashMap<>();
    private final Map<Integer, Integer> strange = new HashMap<>();
    private Map<GpuId, Card> last = new LinkedHashMap<>();
    private int count = -1;

    Enumeration(NvmlLibrary nvml, KernelModule kernel) {
        this.nvml = nvml;
        this.kernel = kernel;
    }

    /** A device, and how to ask about it, or else what is known without asking. */
    record Found(Device device, Optional<Card> card, Optional<Reading> trouble) {
        private static Found of(Card card) {
            return new Found(card.device(), Optional.of(card), Optional.empty());
        }
    }

    /** All devices there are, in the driver's order, instances in place of GPUs that are split. */
    List<Found> all() throws NvmlException {
        int now = nvml.number("nvmlDeviceGetCount_v2");
        if (now != count) {
            gpus.clear();
            last = new LinkedHashMap<>();
            count = now;
        }
        List<Found> found = new ArrayList<>();
        Map<GpuId, Card> present = new LinkedHashMap<>();
        for (int index = 0; index < count; index++) {
            try {
                Card gpu = gpu(index);
                List<Card> parts = isSplit(gpu) ? parts(gpu) : List.of(gpu);
                parts.forEach(card -> found.add(Found.of(card)));
                parts.forEach(card -> present.put(card.id(), card));
                strange.remove(index);
            } catch (NvmlException e) {
                addTrouble(index, e, found, present);
            }
        }
        last = present;
        return found;
    }

    /** Of a GPU that was split, its parts are in trouble. */
    private void addTrouble(int index, NvmlException error, List<Found> found, Map<GpuId, Card> present)
            throws NvmlException {
        if (error.meaning() == Meaning.GONE) {
            gpus.remove(index);
            return;
        }
        Reading trouble = CardReader.trouble(error, () -> strange.merge(index, 1, Integer::sum));
        List<Card> known = last.values().stream()
                .filter(card -> card.device().index().equals(OptionalInt.of(index)))
                .toList();
        for (Card card : known) {
            present.put(card.id(), card);
            found.add(new Found(card.device(), Optional.empty(), Optional.of(trouble)));
        }
        if (known.isEmpty()) {
            found.add(new Found(unnamed(index), Optional.empty(), Optional.of(trouble)));
        }
    }

    private Card gpu(int index) throws NvmlException {
        Card known = gpus.get(index);
        if (known != null && !known.isGone()) {
            return known;
        }
        gpus.remove(index);
        Pointer handle = nvml.handle("nvmlDeviceGetHandleByIndex_v2", index);
        Device device = new Device(
                new GpuId.Uuid(nvml.text("nvmlDeviceGetUUID", handle)),
                Device.Vendor.NVIDIA,
                OptionalInt.of(index),
                nvml.text("nvmlDeviceGetName", handle),
                pci(handle),
                total(handle),
                Optional.empty());
        Card card = new Card(device, handle, handle, Card.NONE, Card.NONE);
        gpus.put(index, card);
        return card;
    }

    /** A card that does not even give its name: by its UUID where the kernel tells it, else by its number. */
    private Device unnamed(int index) {
        List<Optional<String>> uuids = kernel.uuids();
        Optional<GpuId> id = uuids.size() == count ? uuids.get(index).map(GpuId.Uuid::new) : Optional.empty();
        return new Device(
                id.orElseGet(() -> new GpuId.Index(index)),
                Device.Vendor.NVIDIA,
                OptionalInt.of(index),
                "",
                "",
                OptionalLong.empty(),
                Optional.empty());
    }

    private String pci(Pointer handle) throws NvmlException {
        byte[] facts = new byte[Layouts.PCI_SIZE];
        int code = nvml.code("nvmlDeviceGetPciInfo_v3", handle, facts);
        if (code != Meaning.OK && Meaning.of(code) != Meaning.ABSENT) {
            throw nvml.failure(code, "nvmlDeviceGetPciInfo_v3");
        }
        return NvmlLibrary.textIn(facts, Layouts.PCI_BUS_ID);
    }

    /** Bytes; empty where the driver does not tell, or not us. */
    private OptionalLong total(Pointer handle) {
        Memory facts = new Memory(Layouts.MEMORY_V1_SIZE);
        facts.clear();
        int code = nvml.code("nvmlDeviceGetMemoryInfo", handle, facts);
        long total = facts.getLong(Layouts.MEMORY_V1_TOTAL);
        return code == Meaning.OK && total > 0 ? OptionalLong.of(total) : OptionalLong.empty();
    }

    private boolean isSplit(Card gpu) throws NvmlException {
        String function = "nvmlDeviceGetMigMode";
        if (gpu.lacks(function)) {
            return false;
        }
        int[] now = new int[1];
        int code = nvml.code(function, gpu.handle(), now, new int[1]);
        if (code != Meaning.OK && Meaning.of(code) == Meaning.ABSENT) {
            gpu.noteAbsent(function);
            return false;
        }
        if (code != Meaning.OK) {
            throw nvml.failure(code, function);
        }
        return now[0] == MIG_ENABLED;
    }

    private List<Card> parts(Card gpu) throws NvmlException {
        List<Card> parts = new ArrayList<>();
        int slots = nvml.number("nvmlDeviceGetMaxMigDeviceCount", gpu.handle());
        for (int slot = 0; slot < slots; slot++) {
            try {
                Card fresh = instance(gpu, slot);
                Card known = last.get(fresh.id());
                parts.add(known != null && known.isSameAs(fresh) ? known : fresh);
            } catch (NvmlException e) {
                // A slot that is empty, or was emptied just now.
                if (e.meaning() != Meaning.GONE) {
                    throw e;
                }
            }
        }
        return parts;
    }

    private Card instance(Card gpu, int slot) throws NvmlException {
        Pointer handle = nvml.handle("nvmlDeviceGetMigDeviceHandleByIndex", gpu.handle(), slot);
        Device device = new Device(
                new GpuId.Uuid(nvml.text("nvmlDeviceGetUUID", handle)),
                Device.Vendor.NVIDIA,
                gpu.device().index(),
                nvml.text("nvmlDeviceGetName", handle),
                gpu.device().pci(),
                total(handle),
                Optional.of(gpu.device().id().word()));
        return new Card(
                device,
                handle,
                gpu.handle(),
                nvml.number("nvmlDeviceGetGpuInstanceId", handle),
                nvml.number("nvmlDeviceGetComputeInstanceId", handle));
    }
}
