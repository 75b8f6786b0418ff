package gpuspool.gpu.smi;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lines of values by commas, as nvidia-smi prints them, and the lines about GPUs that it cannot ask in between. */
final class Csv {
    private static final Pattern NUMBER = Pattern.compile("\\d{1,15}(?:\\.\\d{1,6})?");
    private static final Pattern TROUBLE = Pattern.compile(
            "Unable to determine the device handle for (?:gpu|GPU)\\s*:?\\s*([0-9A-Fa-f]+:[0-9A-Fa-f]+:[0-9A-Fa-f.]+)\\s*:\\s*(.*)");
    private static final long MEBIBYTE = 1 << 20;

    private Csv() {}

    /** What it said of one GPU in place of an answer; {@code pci}: as {@link #address} has it. */
    record Trouble(String pci, String words) {}

    /** The values of one line, as many as are wanted; empty when it is no such line. The last may hold commas. */
    static Optional<List<String>> values(String line, int count) {
        String[] parts = line.split(",", count);
        if (parts.length != count || trouble(line).isPresent()) {
            return Optional.empty();
        }
        List<String> values = new ArrayList<>();
        for (String part : parts) {
            values.add(part.strip());
        }
        return Optional.of(values);
    }

    static Optional<Trouble> trouble(String line) {
        Matcher found = TROUBLE.matcher(line.strip());
        return found.matches()
                ? Optional.of(
                        new Trouble(address(found.group(1)), found.group(2).strip()))
                : Optional.empty();
    }

    /** A PCI address in one form, whatever the width of its domain: {@code 00000000:3B:00.0}. */
    static String address(String text) {
        String small = text.toUpperCase(java.util.Locale.ROOT);
        int colon = small.indexOf(':');
        String domain = small.substring(0, Math.max(0, colon));
        return "0".repeat(Math.max(0, 8 - domain.length())) + domain + small.substring(Math.max(0, colon));
    }

    /** A number that is one; {@code N/A}, {@code [Not Supported]} and their like are none. */
    static OptionalLong number(String value) {
        return NUMBER.matcher(value).matches()
                ? OptionalLong.of(Math.round(Double.parseDouble(value)))
                : OptionalLong.empty();
    }

    static OptionalInt figure(String value, int times) {
        return NUMBER.matcher(value).matches()
                ? OptionalInt.of((int) Math.min(Integer.MAX_VALUE, Math.round(Double.parseDouble(value) * times)))
                : OptionalInt.empty();
    }

    /** From MiB to bytes. */
    static OptionalLong bytes(String value) {
        OptionalLong mebibytes = number(value);
        return mebibytes.isPresent() && mebibytes.getAsLong() < Long.MAX_VALUE / MEBIBYTE
                ? OptionalLong.of(mebibytes.getAsLong() * MEBIBYTE)
                : OptionalLong.empty();
    }
}
