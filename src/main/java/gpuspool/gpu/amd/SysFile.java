package gpuspool.gpu.amd;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Small files and directories of the kernel's. */
final class SysFile {
    private SysFile() {}

    /** Without the line feed at its end. */
    static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1).strip();
    }

    /** Empty where it is not there, cannot be read or is empty. */
    static Optional<String> word(Path file) {
        try {
            return Optional.of(text(file)).filter(text -> !text.isEmpty());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** A number from 0 on that is all there is in it; empty otherwise. */
    static OptionalLong number(Path file) {
        Optional<String> text = word(file).filter(word -> word.matches("\\d{1,18}"));
        return text.isPresent() ? OptionalLong.of(Long.parseLong(text.get())) : OptionalLong.empty();
    }

    /** Entries whose names are numbers after a prefix, in the order of these. */
    static List<Path> numbered(Path directory, String prefix) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                if (entry.getFileName().toString().matches(prefix + "\\d{1,9}")) {
                    found.add(entry);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        found.sort(Comparator.comparingInt(
                entry -> Integer.parseInt(entry.getFileName().toString().substring(prefix.length()))));
        return found;
    }
}
