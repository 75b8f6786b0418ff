package gpuspool.view;

import gpuspool.job.Durations;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/** Values as tables and pages show them. */
public final class Words {
    private static final int LONGEST_LABEL = 12;
    private static final String SIMULATED = "sim:";

    private static final long KIB = 1024;
    private static final List<String> UNITS = List.of("KiB", "MiB", "GiB", "TiB", "PiB");

    private Words() {}

    /** {@code 3m12s}; {@code -} for what is not known. */
    public static String time(OptionalLong millis) {
        return millis.isEmpty() ? "-" : time(millis.getAsLong());
    }

    public static String time(long millis) {
        return Durations.format(Duration.ofMillis(Math.max(0, millis)));
    }

    /** Cards for people: {@code 0,1}; {@code none}. */
    public static String cards(List<String> devices) {
        return cards(devices, List.of());
    }

    /** @param indices their numbers, {@code -} where one has none; not used unless there is one for each card */
    public static String cards(List<String> devices, List<String> indices) {
        boolean numbered = indices.size() == devices.size();
        StringBuilder labels = new StringBuilder();
        for (int i = 0; i < devices.size(); i++) {
            String device = numbered && !indices.get(i).equals("-") ? indices.get(i) : devices.get(i);
            String label = device.startsWith(SIMULATED) ? device.substring(SIMULATED.length()) : device;
            labels.append(labels.isEmpty() ? "" : ",");
            labels.append(label, 0, Math.min(LONGEST_LABEL, label.length()));
        }
        return labels.isEmpty() ? "none" : labels.toString();
    }

    /** {@code 512 bytes}, {@code 3.1 GiB}, never rounded up. */
    public static String bytes(long bytes) {
        if (bytes < KIB) {
            return count(bytes, "byte");
        }
        int unit = 0;
        long size = KIB;
        while (bytes / size >= KIB && unit < UNITS.size() - 1) {
            size *= KIB;
            unit++;
        }
        return bytes / size + "." + bytes % size * 10 / size + " " + UNITS.get(unit);
    }

    /** {@code 1,204}. */
    public static String number(long number) {
        StringBuilder digits = new StringBuilder(Long.toString(number));
        for (int at = digits.length() - 3; at > 0; at -= 3) {
            digits.insert(at, ',');
        }
        return digits.toString();
    }

    /** {@code 1 job}, {@code 1,204 jobs}. */
    public static String count(long number, String what) {
        return number(number) + " " + what + (number == 1 ? "" : "s");
    }

    /**
     * The text with what could change a terminal's state or the order of letters as escapes: control characters but
     * the line feed, and those that turn the direction of writing.
     */
    public static String safe(String text) {
        int plain = 0;
        while (plain < text.length() && !isRisky(text.charAt(plain))) {
            plain++;
        }
        if (plain == text.length()) {
            return text;
        }
        StringBuilder safe = new StringBuilder(text.length() + 8);
        for (int i = 0; i < text.length(); i++) {
            show(text.charAt(i), false, safe);
        }
        return safe.toString();
    }

    /** The same on one line whatever is in it, such as a file's name in a system's error. */
    public static String line(String text) {
        return safe(text).replace("\n", "\\u{a}");
    }

    /** Appends one character, escaped if it is risky and not {@code trusted}. */
    public static void show(char c, boolean trusted, StringBuilder to) {
        if (trusted || !isRisky(c)) {
            to.append(c);
        } else {
            to.append("\\u{").append(Integer.toHexString(c)).append('}');
        }
    }

    public static boolean isRisky(char c) {
        return c < 0x20 && c != '\n'
                || c >= 0x7f && c < 0xa0
                || c >= 0x202a && c <= 0x202e
                || c >= 0x2066 && c <= 0x2069;
    }
}
