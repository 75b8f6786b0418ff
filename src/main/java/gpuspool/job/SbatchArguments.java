package gpuspool.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * From the words of a {@code #SBATCH} line to options and their values, as getopt_long tells them apart: {@code --time=5},
 * {@code --time 5}, {@code -t5}, {@code -t 5}, and long names cut short as far as only one fits.
 */
final class SbatchArguments {
    private final List<SbatchLine.Word> words;
    private final Problems problems;
    private final List<Given> given = new ArrayList<>();
    private int next;

    private SbatchArguments(List<SbatchLine.Word> words, Problems problems) {
        this.words = words;
        this.problems = problems;
    }

    /**
     * An option as it was given.
     *
     * @param at where it stands
     * @param value with a place of its own; empty text where it has none
     */
    record Given(SbatchOption option, Place at, Value.Text value) {
        String text() {
            return value.text();
        }

        /** What cannot be used of its value. */
        BadValueException bad(String todo) {
            return new BadValueException(option.shown() + " is " + Printable.quote(text()), todo);
        }
    }

    /** The options up to the first that cannot be understood; what follows one is guesswork. */
    static List<Given> of(List<SbatchLine.Word> words, Problems problems) {
        SbatchArguments arguments = new SbatchArguments(words, problems);
        boolean understood = true;
        while (understood && arguments.next < words.size()) {
            SbatchLine.Word word = words.get(arguments.next++);
            if (word.text().startsWith("--") && word.text().length() > 2) {
                understood = arguments.takeLong(word);
            } else if (word.text().startsWith("-") && word.text().length() > 1) {
                understood = arguments.takeShort(word);
            } else {
                problems.add(
                        word.at(), Printable.quote(word.text()) + " is no option of sbatch", "write --option=value");
                understood = false;
            }
        }
        return arguments.given;
    }

    private boolean takeLong(SbatchLine.Word word) {
        int equals = word.text().indexOf('=');
        String name = word.text().substring(2, equals < 0 ? word.text().length() : equals);
        List<SbatchOption> fitting = SbatchOptions.named(name);
        if (fitting.size() != 1) {
            return unknown(word, name, fitting);
        }
        SbatchOption option = fitting.get(0);
        if (equals >= 0 && option.argument() == SbatchOption.Argument.NONE) {
            problems.add(word.at(equals), option.shown() + " takes no value", "remove what is behind it");
            return false;
        }
        Optional<Value.Text> attached = equals < 0
                ? Optional.empty()
                : Optional.of(new Value.Text(word.text().substring(equals + 1), word.at(equals + 1)));
        return take(option, word.at(), attached);
    }

    private boolean takeShort(SbatchLine.Word word) {
        for (int i = 1; i < word.text().length(); i++) {
            char letter = word.text().charAt(i);
            Optional<SbatchOption> option = SbatchOptions.lettered(letter);
            if (option.isEmpty()) {
                problems.add(
                        word.at(i), Printable.quote("-" + letter) + " is no option of sbatch", "write --option=value");
                return false;
            }
            if (option.get().argument() != SbatchOption.Argument.NONE) {
                String rest = word.text().substring(i + 1);
                return take(
                        option.get(),
                        word.at(i == 1 ? 0 : i),
                        rest.isEmpty() ? Optional.empty() : Optional.of(new Value.Text(rest, word.at(i + 1))));
            }
            take(option.get(), word.at(i == 1 ? 0 : i), Optional.empty());
        }
        return true;
    }

    private boolean take(SbatchOption option, Place at, Optional<Value.Text> attached) {
        Optional<Value.Text> value = attached;
        if (value.isEmpty() && option.argument() == SbatchOption.Argument.NEEDED) {
            if (next == words.size()) {
                problems.add(at, option.shown() + " has no value", "write " + option.shown() + "=value");
                return false;
            }
            SbatchLine.Word word = words.get(next++);
            if (word.text().startsWith("=")) {
                problems.add(word.at(), "blanks before =", "write " + option.shown() + "=value, or without = at all");
                return false;
            }
            value = Optional.of(new Value.Text(word.text(), word.at()));
        }
        given.add(new Given(option, at, value.orElse(new Value.Text("", at))));
        return true;
    }

    /** A name that sbatch does not have; that of a plugin, for all we know, unless it looks like a slip. */
    private boolean unknown(SbatchLine.Word word, String name, List<SbatchOption> fitting) {
        String shown = Printable.quote("--" + name);
        if (!fitting.isEmpty()) {
            String all = String.join(
                    " or ", fitting.stream().map(SbatchOption::shown).toList());
            problems.add(word.at(), shown + " can mean several options", "write " + all);
            return false;
        }
        Optional<String> meant = Suggestion.nearest(name, SbatchOptions.names());
        if (meant.isPresent() || name.isEmpty()) {
            problems.add(
                    word.at(),
                    shown + " is no option of sbatch",
                    meant.map(known -> "did you mean --" + known + "?").orElse("write --option=value"));
            return false;
        }
        boolean hasValue = !word.text().contains("=")
                && next < words.size()
                && !words.get(next).text().startsWith("-");
        next += hasValue ? 1 : 0;
        given.add(new Given(SbatchOption.unknown(name), word.at(), new Value.Text("", word.at())));
        return true;
    }
}
