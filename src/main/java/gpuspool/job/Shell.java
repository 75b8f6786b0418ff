package gpuspool.job;

import java.util.List;
import java.util.Optional;

/** Reads the key {@code shell}. */
final class Shell {

    private Shell() {}

    /**
     * The program and its options: of a string, the words between blanks; of an array, its elements. Empty after an
     * element was noted as a problem.
     *
     * @throws BadValueException if there is no program, or it is given by a relative path
     */
    static Optional<List<String>> read(Value value, Problems problems) {
        Optional<List<String>> words = value instanceof Value.Array array
                ? Values.words(JobKey.SHELL, array, problems)
                : Optional.of(List.of(Values.text(JobKey.SHELL, value).strip().split("[ \t]+")));
        words.ifPresent(Shell::check);
        return words;
    }

    private static void check(List<String> words) {
        if (words.isEmpty() || words.get(0).isEmpty()) {
            throw new BadValueException("shell is empty", Values.write(JobKey.SHELL));
        }
        String program = words.get(0);
        if (program.startsWith("~") || program.contains("/") && !program.startsWith("/")) {
            throw new BadValueException(
                    "shell " + Printable.quote(program) + " is a relative path",
                    "write an absolute path, or a name without /");
        }
        if (words.get(words.size() - 1).equals("-c")) {
            throw new BadValueException("shell ends in -c", "remove -c: the text is given to it as a file");
        }
    }
}
