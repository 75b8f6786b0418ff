package gpuspool.gpu.nvml;

import com.sun.jna.Memory;
import gpuspool.gpu.GpuProcess;
import gpuspool.gpu.ProcessLook;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Who is on a card: NVML's three lists made one. */
final class ProcessLists {
    /** Room that is left for processes which start between two calls. */
    private static final int SPARE = 8;

    private static final int TRIES = 10;

    private final NvmlLibrary nvml;
    private final ProcessLook look = new ProcessLook();
    private final String suffix;
    private final int size;

    ProcessLists(NvmlLibrary nvml) {
        this.nvml = nvml;
        // Some drivers 535 fill the entries of _v3 with 32 bytes where the header says 24. They know this one and not
        // that one.
        boolean wide =
                nvml.has("nvmlDeviceGetConfComputeMemSizeInfo") && !nvml.has("nvmlDeviceGetRunningProcessDetailList");
        if (nvml.has("nvmlDeviceGetComputeRunningProcesses_v3") && !wide) {
            suffix = "_v3";
        } else {
            suffix = nvml.has("nvmlDeviceGetComputeRunningProcesses_v2") ? "_v2" : "";
        }
        size = suffix.isEmpty() ? Layouts.PROCESS_V1_SIZE : Layouts.PROCESS_V2_SIZE;
    }

    /** One entry of a list as it came: pid and bytes are not checked. */
    private record Raw(int pid, long memory) {}

    /**
     * All of them, each once.
     *
     * @param most bytes that one can have: the card's memory
     * @return empty when the driver does not list them, or lists what cannot be
     */
    Optional<List<GpuProcess>> on(Card card, OptionalLong most) throws NvmlException {
        Optional<List<Raw>> compute = list(card, "nvmlDeviceGetComputeRunningProcesses");
        if (compute.isEmpty()) {
            return Optional.empty();
        }
        Map<Integer, GpuProcess> found = new TreeMap<>();
        boolean sound = add(found, compute.get(), GpuProcess.Kind.COMPUTE, most);
        sound &= add(
                found,
                list(card, "nvmlDeviceGetMPSComputeRunningProcesses").orElse(List.of()),
                GpuProcess.Kind.COMPUTE,
                most);
        sound &= add(
                found,
                list(card, "nvmlDeviceGetGraphicsRunningProcesses").orElse(List.of()),
                GpuProcess.Kind.GRAPHICS,
                most);
        return sound ? Optional.of(List.copyOf(found.values())) : Optional.empty();
    }

    /** Adds those that are not there yet; false if one cannot be: pid 0, or more memory than there is. */
    private boolean add(Map<Integer, GpuProcess> found, List<Raw> entries, GpuProcess.Kind kind, OptionalLong most) {
        for (Raw entry : entries) {
            boolean told = entry.memory != -1;
            if (entry.pid <= 0
                    || (told && most.isPresent() && Long.compareUnsigned(entry.memory, most.getAsLong()) > 0)) {
                return false;
            }
            OptionalLong memory = told ? OptionalLong.of(entry.memory) : OptionalLong.empty();
            GpuProcess known = found.get(entry.pid);
            if (known == null) {
                found.put(entry.pid, look.at(entry.pid, kind, memory));
            } else if (memory.orElse(0) > known.memory().orElse(0)) {
                // The same one in two lists, or twice in one, as happens in containers.
                found.put(
                        entry.pid,
                        new GpuProcess(
                                entry.pid, known.kind(), memory, known.user(), known.command(), known.startTicks()));
            }
        }
        return true;
    }

    /** Empty when there is no such list for this card. */
    private Optional<List<Raw>> list(Card card, String name) throws NvmlException {
        String function = name + suffix;
        if (card.lacks(function)) {
            return Optional.empty();
        }
        int room = SPARE;
        int code = Meaning.TOO_SMALL;
        for (int i = 0; i < TRIES && code == Meaning.TOO_SMALL; i++) {
            int[] count = {room};
            Memory entries = new Memory((long) room * Layouts.PROCESS_WIDEST);
            entries.clear();
            code = nvml.code(function, card.handle(), count, entries);
            if (code == Meaning.OK) {
                return Optional.of(read(entries, Math.min(count[0], room)));
            }
            room = Math.max(room, count[0]) + SPARE;
        }
        if (Meaning.of(code) == Meaning.ABSENT) {
            card.noteAbsent(function);
            return Optional.empty();
        }
        throw nvml.failure(code, function);
    }

    private List<Raw> read(Memory entries, int count) {
        List<Raw> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long at = (long) i * size;
            all.add(new Raw(entries.getInt(at + Layouts.PROCESS_PID), entries.getLong(at + Layouts.PROCESS_MEMORY)));
        }
        return all;
    }
}
