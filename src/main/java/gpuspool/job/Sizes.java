package gpuspool.job;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers of bytes as people write and read them. */
public final class Sizes {

    /** The largest size that can be written: 1024 TiB. */
    public static final long LARGEST = 1L << 50;

    private static final Pattern SYNTAX = Pattern.compile("(\\d{1,30})([A-Za-z]+)");
    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final String EXAMPLES = "write for example 512MiB, 1GiB or 20GB";
    private static final Map<String, Long> UNITS = units();

    private Sizes() {}

    /** The largest first. */
    private static Map<String, Long> units() {
        Map<String, Long> units = new LinkedHashMap<>();
        units.put("TiB", 1L << 40);
        units.put("TB", 1_000_000_000_000L);
        units.put("GiB", 1L << 30);
        units.put("GB", 1_000_000_000L);
        units.put("MiB", 1L << 20);
        units.put("MB", 1_000_000L);
        units.put("KiB", 1L << 10);
        units.put("kB", 1_000L);
        units.put("B", 1L);
        return units;
    }

    /**
     * Reads {@code 1GiB}, {@code 512MiB}, {@code 20GB}: a whole number and one of the units {@code B}, {@code kB MB GB TB} (powers of
     * 1000) and {@code KiB MiB GiB TiB} (powers of 1024). A number without a unit is refused, since some read it as bytes and some as
     * megabytes; so is {@code G}, which is either.
     *
     * @return bytes, 0 to {@link #LARGEST}
     * @throws BadValueException if the text is anything else
     */
    public static long parse(String text) {
        if (NUMBER.matcher(text).matches()) {
            String number = Printable.cut(text, 20);
            throw new BadValueException(
                    number + " has no unit", "write %sMiB or %sGiB; %sB is bytes".formatted(number, number, number));
        }
        if (text.startsWith("-")) {
            throw new BadValueException(Printable.quote(text) + " is negative", EXAMPLES);
        }
        Matcher size = SYNTAX.matcher(text);
        if (!size.matches()) {
            throw notASize(text);
        }
        Long unit = UNITS.get(size.group(2));
        if (unit == null) {
            throw meant(size.group(2))
                    .map(meant -> new BadValueException(
                            Printable.quote(text) + " has no unit of ours",
                            "did you mean " + size.group(1) + meant + "?"))
                    .orElseGet(() -> notASize(text));
        }
        BigInteger bytes = new BigInteger(size.group(1)).multiply(BigInteger.valueOf(unit));
        if (bytes.compareTo(BigInteger.valueOf(LARGEST)) > 0) {
            throw new BadValueException(Printable.quote(text) + " is too large", "write at most " + format(LARGEST));
        }
        return bytes.longValue();
    }

    /** {@code g}, {@code GIB} and {@code gb} are nearly units. */
    private static Optional<String> meant(String word) {
        return UNITS.keySet().stream()
                .filter(unit ->
                        unit.equalsIgnoreCase(word) || unit.substring(0, 1).equalsIgnoreCase(word))
                .findFirst();
    }

    private static BadValueException notASize(String text) {
        return new BadValueException(Printable.quote(text) + " is not a size", EXAMPLES);
    }

    /** In the largest unit that tells it exactly, as {@link #parse} reads it: {@code 64MiB}, {@code 20GB}, {@code 1025B}. */
    public static String format(long bytes) {
        return UNITS.entrySet().stream()
                .filter(unit -> bytes != 0 && bytes % unit.getValue() == 0)
                .findFirst()
                .map(unit -> bytes / unit.getValue() + unit.getKey())
                .orElse(bytes + "B");
    }

    /** For people, in MiB or GiB and rounded down: {@code 512 MiB}, {@code 6 GiB}, {@code 9.1 GiB}; to be read, not parsed. */
    public static String about(long bytes) {
        long mib = bytes >> 20;
        if (mib < 1024) {
            return mib + " MiB";
        }
        long tenths = mib * 10 / 1024;
        return tenths / 10 + (tenths % 10 == 0 ? "" : "." + tenths % 10) + " GiB";
    }
}
