package gpuspool.job;

import java.nio.charset.StandardCharsets;

/**
 * The part of a job's name that came from its file: 1 to 64 bytes of {@code [A-Za-z0-9._-]}, not beginning with
 * {@code .} or {@code -}, hence safe as a file name, in a shell and in a table.
 *
 * <p>Different file names can give the same stem ({@code a b.job}, {@code a_b.toml}); their runs then share one row of
 * numbers, and the raw name is kept as data elsewhere.
 */
public final class Stem {

    static final int LONGEST = 64;

    private Stem() {}

    /** The stem for a dropped file's raw name, which may be any bytes; every name has one. */
    public static String of(byte[] rawName) {
        // ISO-8859-1 maps each byte to one character, so odd bytes are counted and replaced one by one.
        String name = withoutEnding(new String(rawName, StandardCharsets.ISO_8859_1));
        StringBuilder replaced = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            replaced.append(isAllowed(name.charAt(i)) ? name.charAt(i) : '_');
        }
        String safe = replaced.toString();
        if (safe.isEmpty() || safe.startsWith(".") || safe.startsWith("-")) {
            safe = "job" + safe;
        }
        return safe.substring(0, Math.min(safe.length(), LONGEST));
    }

    /** Whether a text is a stem as it stands. */
    public static boolean isValid(String stem) {
        boolean valid = !stem.isEmpty() && stem.length() <= LONGEST;
        for (int i = 0; valid && i < stem.length(); i++) {
            valid = isAllowed(stem.charAt(i));
        }
        return valid && stem.charAt(0) != '.' && stem.charAt(0) != '-';
    }

    private static boolean isAllowed(char c) {
        return isLetterOrDigit(c) || c == '.' || c == '_' || c == '-';
    }

    static boolean isLetterOrDigit(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }

    /** A file's name less what tells that it is a job. */
    static String withoutEnding(String name) {
        for (String ending : new String[] {".job", ".toml"}) {
            if (name.endsWith(ending)) {
                return name.substring(0, name.length() - ending.length());
            }
        }
        return name;
    }
}
