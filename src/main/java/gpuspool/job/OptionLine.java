package gpuspool.job;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code #GPUSPOOL} line of a script: {@code key=value} pairs between blanks. A value with blanks stands in double or
 * single quotes, whole; there are no escapes.
 */
final class OptionLine {

    /** Far more than people write; each column in a line is counted from its start. */
    private static final int LONGEST = 10_000;

    private static final Pattern MARK = Pattern.compile("#GPUSPOOL(?=\\s|$)");
    private static final Pattern NEAR_MISS =
            Pattern.compile("\\s*#+\\s*GPUSPOOL:?\\s+[^\\s=]+=", Pattern.CASE_INSENSITIVE);
    private static final Pattern BLANKS = Pattern.compile("\\s*");
    private static final Pattern PAIR =
            Pattern.compile("([^\\s=\"']+)=(?:\"([^\"]*)\"|'([^']*)'|([^\\s\"']*))(?=\\s|$)");
    private static final Pattern WORD = Pattern.compile("\\S+");

    private static final Pattern PLAIN = Pattern.compile("[^\\s\"']+");

    private OptionLine() {}

    /** {@code at} is the place of the name; the value has its own. */
    record Option(String name, Place at, Value.Text value) {}

    /** Only this spelling, only in column 1. */
    static boolean isOptionLine(String line) {
        return MARK.matcher(line).lookingAt();
    }

    /** A comment that looks as if its author wanted an option line. */
    static boolean isNearMiss(String line) {
        return NEAR_MISS.matcher(line).lookingAt();
    }

    /** The pairs up to the first that is none; what follows one is guesswork, so one problem a line is told. */
    static List<Option> parse(int number, String line, Problems problems) {
        List<Option> options = new ArrayList<>();
        if (ScriptText.isDamaged(line)) {
            problems.add(new Place(number, 1), "the #GPUSPOOL line is not UTF-8", "save it as UTF-8");
            return options;
        }
        if (line.length() > LONGEST) {
            problems.add(
                    new Place(number, 1), "the #GPUSPOOL line is longer than " + LONGEST + " characters", "split it");
            return options;
        }
        Matcher pair = PAIR.matcher(line);
        int next = afterBlanks(line, "#GPUSPOOL".length());
        while (next < line.length()) {
            pair.region(next, line.length());
            if (!pair.lookingAt()) {
                addProblem(number, line, next, problems);
                return options;
            }
            options.add(option(number, line, pair));
            next = afterBlanks(line, pair.end());
        }
        return options;
    }

    /**
     * The line that says this.
     *
     * @throws BadValueException if none does
     */
    static String write(String name, String value) {
        String quote = !value.isEmpty() && PLAIN.matcher(value).matches() ? "" : value.contains("\"") ? "'" : "\"";
        String line = "#GPUSPOOL " + name + "=" + quote + value + quote;
        Problems problems = new Problems();
        List<Option> read = line.contains("\n") ? List.of() : parse(1, line, problems);
        boolean isTheSame = read.size() == 1
                && read.get(0).name().equals(name)
                && read.get(0).value().text().equals(value);
        if (!isTheSame) {
            throw new BadValueException(
                    name + " " + Printable.quote(value) + " cannot stand in a #GPUSPOOL line",
                    "submit a TOML file, which holds any text");
        }
        return line;
    }

    private static Option option(int number, String line, Matcher pair) {
        int value = pair.group(2) != null ? 2 : pair.group(3) != null ? 3 : 4;
        return new Option(
                pair.group(1),
                Place.inLine(number, line, pair.start()),
                new Value.Text(pair.group(value), Place.inLine(number, line, pair.start(value))));
    }

    private static void addProblem(int number, String line, int offset, Problems problems) {
        Matcher word = WORD.matcher(line);
        word.find(offset);
        Place at = Place.inLine(number, line, offset);
        if (word.group().contains("\"") || word.group().contains("'")) {
            problems.add(at, "misplaced quotes", "write key=\"the whole value\"");
        } else {
            problems.add(
                    at, Printable.quote(word.group()) + " is not key=value", "write key=value without blanks around =");
        }
    }

    private static int afterBlanks(String line, int offset) {
        Matcher blanks = BLANKS.matcher(line).region(offset, line.length());
        return blanks.lookingAt() ? blanks.end() : offset;
    }
}
