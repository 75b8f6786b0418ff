package gpuspool.job;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;

/**
 * Turns the parser's complaint into one that helps. Its own words are for programmers (they name tokens, states and
 * classes), so they choose a message here and are never shown.
 */
final class TomlSyntax {

    private record Rule(String theirs, String what, String todo) {}

    private static final List<Rule> RULES = List.of(
            new Rule("Unknown token", "strings need quotes", "true and false are lower-case"),
            new Rule("Newline not permitted", "the line ends too early", "close the quote or bracket on it"),
            new Rule("Premature end", "the file ends too early", "close the quote or bracket, or write the value"),
            new Rule("EOF in wrong state", "the file ends too early", "close the quote or bracket"),
            new Rule(
                    "More data after value",
                    "something follows the value",
                    "write one key = value a line, and a comma between elements"),
            new Rule("Unknown escape", "unknown escape after \\", "write \\\\ for a backslash, or '…' around the text"),
            new Rule("Zero-prefixed", "the number begins with 0", "remove the 0"),
            new Rule("Illegal control character", "a control character stands here", "remove it"),
            new Rule("Table redefined", "this table is there already", "make one table of the two"),
            new Rule("Path into existing", "this key is there already", "remove one of the two"),
            new Rule("Unexpected token", "a key is missing here", "write key = value"),
            new Rule("nesting depth", "is nested too deeply", "write it in a simpler form"));

    private static final Rule ANY_OTHER = new Rule("", "is not TOML here", "look at quotes, brackets and commas");

    /** A word that begins like a number, as {@code 90m}. */
    private static final Pattern BARE_WORD = Pattern.compile("[0-9][0-9A-Za-z._+-]*");

    private TomlSyntax() {}

    static Problem problem(String text, JacksonException e) {
        String theirs = String.valueOf(e.getOriginalMessage());
        if (theirs.contains("Duplicate key")) {
            // It notices only after the line; our own scan knows the place.
            return TomlPlaces.of(text)
                    .firstRepeated()
                    .map(at -> new Problem(at, "this key is there already", "remove one of the two"))
                    .orElseGet(() -> new Problem(Place.START, "a key is there twice", "remove one of the two"));
        }
        Rule rule = RULES.stream()
                .filter(candidate -> theirs.contains(candidate.theirs()))
                .findFirst()
                .orElse(ANY_OTHER);
        TokenStreamLocation location = e.getLocation();
        if (location == null || location.getLineNr() < 1) {
            return new Problem(Place.START, rule.what(), rule.todo());
        }
        return atLine(text, location.getLineNr(), location.getColumnNr() - 1, rule);
    }

    private static Problem atLine(String text, int number, int offset, Rule rule) {
        String[] lines = text.split("\n", -1);
        String line = number <= lines.length ? lines[number - 1] : "";
        int within = Math.max(0, Math.min(offset, line.length()));
        Place at = Place.inLine(number, line, within);
        String before = line.substring(0, within);
        String rest = line.substring(within);
        if (rest.startsWith("“") || rest.startsWith("”") || rest.startsWith("‘") || rest.startsWith("’")) {
            return new Problem(at, "curly quotes are not quotes", "write \" or '");
        }
        if (rest.startsWith(":")) {
            return new Problem(at, "\":\" after a key", "write key = value");
        }
        if (rule.theirs().equals("Unknown token") && !before.contains("=")) {
            return new Problem(at, "no \"=\" after the key", "write key = value");
        }
        if (rule.theirs().equals("Newline not permitted") && before.strip().endsWith("=")) {
            return new Problem(at, "the value is missing", "write key = value");
        }
        return bareWord(line, within)
                .map(word -> new Problem(at, "strings need quotes", "write \"" + word + "\""))
                .orElseGet(() -> new Problem(at, rule.what(), rule.todo()));
    }

    /** The word that begins like a number before an offset and goes on behind it, where it stops being one. */
    private static Optional<String> bareWord(String line, int offset) {
        Matcher word = BARE_WORD.matcher(line);
        while (word.find()) {
            if (word.start() < offset && offset < word.end()) {
                return Optional.of(Printable.cut(word.group(), 60));
            }
        }
        return Optional.empty();
    }
}
