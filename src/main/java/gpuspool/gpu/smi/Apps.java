package gpuspool.gpu.smi;

import gpuspool.gpu.GpuProcess;
import gpuspool.gpu.ProcessLook;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/** Which compute processes are on each GPU. It does not tell of graphics processes in a form that could be read. */
final class Apps {
    private static final List<String> QUESTION =
            List.of("--query-compute-apps=gpu_uuid,pid,used_memory", "--format=csv,noheader,nounits");

    private static final String NONE = "No running processes found";

    private final Smi smi;
    private final ProcessLook look = new ProcessLook();

    Apps(Smi smi) {
        this.smi = smi;
    }

    /** By UUID of the GPU; a GPU of which it could not be told is missing. */
    Map<String, List<GpuProcess>> on(Set<String> gpus) throws IOException {
        Map<String, List<GpuProcess>> all = new HashMap<>();
        Optional<Map<String, List<GpuProcess>>> told = read(smi.ask(QUESTION));
        for (String gpu : gpus) {
            // One GPU in trouble may have ended the list before the others had their turn.
            Optional<Map<String, List<GpuProcess>>> here = told.isPresent() ? told : read(askOf(gpu));
            here.ifPresent(lists -> all.put(gpu, lists.getOrDefault(gpu, List.of())));
        }
        return all;
    }

    private Smi.Answer askOf(String gpu) throws IOException {
        List<String> options = new ArrayList<>(List.of("-i", gpu));
        options.addAll(QUESTION);
        return smi.ask(options);
    }

    /** Empty unless all was said and understood. */
    private Optional<Map<String, List<GpuProcess>>> read(Smi.Answer answer) {
        Map<String, Map<Integer, GpuProcess>> found = new HashMap<>();
        for (String line : answer.lines()) {
            if (line.strip().equals(NONE)) {
                continue;
            }
            Optional<List<String>> values = Csv.values(line, 3);
            if (values.isEmpty() || !values.get().get(1).matches("[1-9]\\d{0,8}")) {
                return Optional.empty();
            }
            int pid = Integer.parseInt(values.get().get(1));
            OptionalLong memory = Csv.bytes(values.get().get(2));
            found.computeIfAbsent(values.get().get(0), gpu -> new TreeMap<>())
                    .put(pid, look.at(pid, GpuProcess.Kind.COMPUTE, memory));
        }
        if (!answer.sound()) {
            return Optional.empty();
        }
        Map<String, List<GpuProcess>> lists = new HashMap<>();
        found.forEach((gpu, processes) -> lists.put(gpu, List.copyOf(processes.values())));
        return Optional.of(lists);
    }
}
