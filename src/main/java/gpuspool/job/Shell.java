package gpuspool.job;

import java.util.List;
import java.util.Optional;

/** Reads a key whose value is a program and its options. */
public final class Shell {

    private Shell() {}

    /**
     * The program and its options: of a string, the words between blanks; of an array, its elements. Empty after an
     * element was noted as a problem.
     *
     * @throws BadValueException if there is no program, or it is given by a relative path
     */
    public static Optional<List<String>> read(Key key, Value value, Problems problems) {
        Optional<List<String>> words = value instanceof Value.Array array
                ? Values.words(key, array, problems)
                : Optional.of(List.of(Values.text(key, value).strip().split("[ \t]+")));
        words.ifPresent(given -> check(key, given));
        return words;
    }

    private static void check(Key key, List<String> words) {
        if (words.isEmpty() || words.get(0).isEmpty()) {
            throw new BadValueException(key.key() + " is empty", Values.write(key));
        }
        String program = words.get(0);
        if (program.startsWith("~") || program.contains("/") && !program.startsWith("/")) {
            throw new BadValueException(
                    key.key() + " " + Printable.quote(program) + " is a relative path",
                    "write an absolute path, or a name without /");
        }
        if (words.get(words.size() - 1).equals("-c")) {
            throw new BadValueException(key.key() + " ends in -c", "remove -c: the text is given to it as a file");
        }
    }
}
