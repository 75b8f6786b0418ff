package gpuspool.parallel;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the words of the command line ask for: a command that arguments are put into, lists of arguments, and a file to read lines from.
 *
 * @param template words of the command; none: lines and arguments are commands themselves
 * @param lists behind {@code :::} each, in order; none: arguments come by lines
 * @param file where lines are read; empty: from stdin
 */
public record Given(List<String> template, List<List<String>> lists, Optional<String> file) {
    private static final String LIST = ":::";

    /** Words that make no sense together. */
    public static final class Misunderstood extends Exception {
        private static final long serialVersionUID = 1;

        Misunderstood(String message) {
            super(message);
        }
    }

    /**
     * Understands the words behind the options.
     *
     * @param dashes whether they stood behind {@code --}: then they are no file's name
     * @param named the file of an option of its own
     */
    public static Given of(List<String> words, boolean dashes, Optional<String> named) throws Misunderstood {
        List<String> template = new ArrayList<>();
        List<List<String>> lists = new ArrayList<>();
        for (String word : words) {
            if (word.equals(LIST)) {
                lists.add(new ArrayList<>());
            } else if (word.startsWith(LIST) && (word.equals(":::+") || word.matches("::::\\+?"))) {
                throw new Misunderstood(
                        word + " is not known here; write the arguments behind :::, or put them into a file: -a FILE");
            } else if (lists.isEmpty()) {
                template.add(word);
            } else {
                lists.get(lists.size() - 1).add(word);
            }
        }
        if (!lists.isEmpty() && named.isPresent()) {
            throw new Misunderstood("arguments come behind ::: or from a file, not both");
        }
        boolean isFile =
                lists.isEmpty() && template.size() == 1 && !dashes && named.isEmpty() && isName(template.get(0));
        return isFile ? new Given(List.of(), lists, Optional.of(template.get(0))) : new Given(template, lists, named);
    }

    private static boolean isName(String word) {
        return word.indexOf(' ') < 0 && word.indexOf('{') < 0;
    }

    Optional<Template> command() {
        return template.isEmpty()
                ? Optional.empty()
                : Optional.of(new Template(template.stream().map(Raw::of).toList()));
    }

    /**
     * The commands.
     *
     * @param in what lines are read from, where they come by lines
     */
    public Tasks tasks(InputStream in) {
        if (lists.isEmpty()) {
            return new Lines(in, command());
        }
        return new Lists(
                lists.stream().map(list -> list.stream().map(Raw::of).toList()).toList(), command());
    }
}
