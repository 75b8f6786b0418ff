package gpuspool.gpu;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a machine shows of drivers before any is asked.
 *
 * @param root the root directory
 * @param played whether that is one of a test's: then a library counts only below it
 */
record Machine(Path root, Map<String, String> environment, boolean played) {
    /** For tests that play a machine: where its root directory is. */
    private static final String PLAYED_ROOT = "GPUSPOOL_TEST_ROOT";

    private static final List<String> NVIDIA = List.of("proc/driver/nvidia", "dev/nvidiactl", "dev/nvidia0", "dev/dxg");
    private static final List<String> AMD = List.of("dev/kfd", "sys/class/kfd");
    private static final String NVIDIAS_NUMBER = "0x10de";
    private static final String DISPLAY_CLASS = "0x03";

    static Machine of(Map<String, String> environment) {
        String root = environment.get(PLAYED_ROOT);
        return new Machine(Path.of(root == null ? "/" : root), environment, root != null);
    }

    /** A file that only NVIDIA's driver makes, or under WSL the host's. */
    Optional<Path> traceOfNvidia() {
        return first(NVIDIA);
    }

    Optional<Path> traceOfAmd() {
        return first(AMD);
    }

    boolean isWsl() {
        return Files.exists(root.resolve("dev/dxg"));
    }

    private Optional<Path> first(List<String> traces) {
        return traces.stream().map(root::resolve).filter(Files::exists).findFirst();
    }

    /** Whether one of NVIDIA's cards is in it, with a driver or without. */
    boolean hasCardOfNvidia() {
        try (DirectoryStream<Path> devices = Files.newDirectoryStream(root.resolve("sys/bus/pci/devices"))) {
            for (Path device : devices) {
                if (read(device.resolve("vendor")).equals(NVIDIAS_NUMBER)
                        && read(device.resolve("class")).startsWith(DISPLAY_CLASS)) {
                    return true;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // No such list here, as under WSL: the other traces have to do.
            return false;
        }
        return false;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
