package gpuspool.gpu.nvml;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What NVIDIA's kernel module tells in {@code /proc/driver/nvidia}, without its library. */
final class KernelModule {
    // "NVRM version: NVIDIA UNIX x86_64 Kernel Module  570.86.15  Thu Jan …", "… Open Kernel Module for x86_64
    // 570.86.15 …"
    private static final Pattern VERSION = Pattern.compile("Kernel Module.*?\\s(\\d+(?:\\.\\d+)+)\\s");
    private static final Pattern UUID = Pattern.compile("(?m)^GPU UUID:\\s*(GPU-[0-9a-f-]{36})\\s*$");

    private final Path place;

    /** {@code root}: the root directory, {@code /}. */
    KernelModule(Path root) {
        this.place = root.resolve("proc/driver/nvidia");
    }

    Optional<String> version() {
        return first(VERSION, place.resolve("version"));
    }

    /** UUIDs in PCI order, which is NVML's; empty where one is not told. */
    List<Optional<String>> uuids() {
        TreeMap<String, Optional<String>> byAddress = new TreeMap<>();
        try (DirectoryStream<Path> cards = Files.newDirectoryStream(place.resolve("gpus"))) {
            for (Path card : cards) {
                byAddress.put(card.getFileName().toString(), first(UUID, card.resolve("information")));
            }
        } catch (IOException | DirectoryIteratorException e) {
            // Not told here, as in some containers.
            return List.of();
        }
        return new ArrayList<>(byAddress.values());
    }

    private static Optional<String> first(Pattern pattern, Path file) {
        try {
            Matcher found = pattern.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
            return found.find() ? Optional.of(found.group(1)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
