package gpuspool.job;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts a sweep's values where their names stand in braces: {@code {lr}}, but never {@code ${lr}}, which is the shell's. */
final class Placeholders {
    private static final Pattern PLACE = Pattern.compile("(?<!\\$)\\{([A-Za-z_][A-Za-z0-9_]*)}");

    private Placeholders() {}

    /** The text with the values; what is in braces and has none stays as it is. What a value holds is not looked at again. */
    static String fill(String text, Map<String, String> values) {
        return PLACE.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(values.getOrDefault(found.group(1), found.group())));
    }
}
