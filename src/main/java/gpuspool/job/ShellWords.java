package gpuspool.job;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Words for a POSIX shell. */
public final class ShellWords {

    private static final Pattern NEEDS_NO_QUOTES = Pattern.compile("[A-Za-z0-9_./:=@%+,-]+");

    private ShellWords() {}

    /** The word in single quotes: no character in it means anything to a shell. */
    static String quote(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    /** All words quoted, one blank between them. */
    static String quote(List<String> words) {
        return words.stream().map(ShellWords::quote).collect(Collectors.joining(" "));
    }

    /** As a person would type it: quotes only where a shell needs them. */
    public static String display(List<String> words) {
        return words.stream()
                .map(word -> NEEDS_NO_QUOTES.matcher(word).matches() ? word : quote(word))
                .collect(Collectors.joining(" "));
    }
}
