package gpuspool.gpu.amd;

import gpuspool.gpu.GpuProcess;
import gpuspool.gpu.ProcessLook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Which processes compute on a GPU. */
final class Processes {
    /** The kernel's number for the PID namespace that it begins with. */
    private static final String INITIAL_NAMESPACE = "pid:[4026531836]";

    private final Path all;
    private final Path namespace;
    private final ProcessLook look = new ProcessLook();

    Processes(Path root) {
        all = root.resolve("sys/class/kfd/kfd/proc");
        namespace = root.resolve("proc/self/ns/pid");
    }

    /** Empty when it cannot be told: the kernel numbers them as it does outside of all containers. */
    Optional<List<GpuProcess>> on(String gpuId) {
        if (!isInitialNamespace()) {
            return Optional.empty();
        }
        List<GpuProcess> found = new ArrayList<>();
        try {
            for (Path process : SysFile.numbered(all, "")) {
                Use use = use(process, gpuId);
                if (use.bytes > 0 || use.queues) {
                    int pid = Integer.parseInt(process.getFileName().toString());
                    found.add(look.at(pid, GpuProcess.Kind.COMPUTE, OptionalLong.of(use.bytes)));
                }
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        return Optional.of(List.copyOf(found));
    }

    private boolean isInitialNamespace() {
        try {
            return Files.readSymbolicLink(namespace).toString().equals(INITIAL_NAMESPACE);
        } catch (IOException e) {
            return false;
        }
    }

    /** A process has a file of every GPU that it could use; it uses one only if it has memory or a queue there. */
    private record Use(long bytes, boolean queues) {
        Use plus(Use other) {
            return new Use(bytes + other.bytes, queues || other.queues);
        }
    }

    private static Use use(Path process, String gpuId) throws IOException {
        Use use = new Use(bytes(process.resolve("vram_" + gpuId)), hasQueue(process.resolve("queues"), gpuId));
        // Where a process may have opened the driver more than once, each has a part of the same form.
        for (Path part : directory(process, "context_")) {
            use = use.plus(use(part, gpuId));
        }
        return use;
    }

    private static long bytes(Path file) throws IOException {
        try {
            String text = SysFile.text(file);
            if (!text.matches("\\d{1,18}")) {
                throw new IOException(file + " holds no number");
            }
            return Long.parseLong(text);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    private static boolean hasQueue(Path queues, String gpuId) throws IOException {
        for (Path queue : directory(queues, "")) {
            if (SysFile.word(queue.resolve("gpuid")).equals(Optional.of(gpuId))) {
                return true;
            }
        }
        return false;
    }

    /** Nothing where it is gone, or never was. */
    private static List<Path> directory(Path directory, String prefix) throws IOException {
        try {
            return SysFile.numbered(directory, prefix);
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }
}
