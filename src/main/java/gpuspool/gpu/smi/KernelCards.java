package gpuspool.gpu.smi;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The GPUs that NVIDIA's kernel module has, which it tells even of those that are lost. */
final class KernelCards {
    private static final Pattern UUID = Pattern.compile("(?m)^GPU UUID:\\s*(GPU-[0-9a-f-]{36})\\s*$");

    private final Path place;

    /** @param root the root directory, {@code /} */
    KernelCards(Path root) {
        place = root.resolve("proc/driver/nvidia/gpus");
    }

    /** UUID by PCI address, empty text where it is not told; none where the module tells nothing. */
    Map<String, String> all() {
        Map<String, String> all = new TreeMap<>();
        try (DirectoryStream<Path> cards = Files.newDirectoryStream(place)) {
            for (Path card : cards) {
                all.put(Csv.address(card.getFileName().toString()), uuid(card.resolve("information")));
            }
        } catch (IOException | DirectoryIteratorException e) {
            // Not told here, as in some containers.
            return all;
        }
        return all;
    }

    private static String uuid(Path file) {
        try {
            Matcher found = UUID.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
            return found.find() ? found.group(1) : "";
        } catch (IOException e) {
            return "";
        }
    }
}
