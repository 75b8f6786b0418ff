package gpuspool.spool;

import gpuspool.posix.RandomId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files of one host's record: the one that is added to, and its older parts, of which a higher number is later. */
public record HistoryFiles(Path directory) {
    private static final String PREFIX = "history.";
    private static final String SUFFIX = ".jsonl";
    private static final int MOST_DIGITS = 9;
    private static final Pattern DRAFT = Pattern.compile("\\.history\\.upto\\.([0-9]{1,9})\\.[0-9a-f]{32}");

    public static HistoryFiles of(Layout places, String host) {
        return new HistoryFiles(places.host(host));
    }

    /** Where lines are added. */
    public Path current() {
        return directory.resolve("history.jsonl");
    }

    public Path part(int number) {
        return directory.resolve(PREFIX + number + SUFFIX);
    }

    /** The numbers of the older parts, in order. */
    public List<Integer> parts(Fs fs) throws IOException {
        List<Integer> numbers = new ArrayList<>();
        for (String name : fs.list(directory)) {
            number(name).ifPresent(numbers::add);
        }
        Collections.sort(numbers);
        return numbers;
    }

    /** The number for a new part: above all others, and above those that a draft of a rebuild replaces, whose deletion may be due. */
    int next(Fs fs) throws IOException {
        int highest = 0;
        for (String name : fs.list(directory)) {
            highest = Math.max(highest, number(name).orElse(0));
            highest = Math.max(highest, replacedUpTo(name).orElse(0));
        }
        return highest + 1;
    }

    /** What is to replace the parts up to this number, while it is made. */
    Path draft(int upTo) throws IOException {
        return directory.resolve(".history.upto." + upTo + "." + RandomId.next());
    }

    /** The number in a draft's name; empty for any other name. */
    static OptionalInt replacedUpTo(String name) {
        Matcher draft = DRAFT.matcher(name);
        return draft.matches() ? OptionalInt.of(Integer.parseInt(draft.group(1))) : OptionalInt.empty();
    }

    private static OptionalInt number(String name) {
        int length = name.length() - PREFIX.length() - SUFFIX.length();
        if (length < 1 || length > MOST_DIGITS || !name.startsWith(PREFIX) || !name.endsWith(SUFFIX)) {
            return OptionalInt.empty();
        }
        String digits = name.substring(PREFIX.length(), PREFIX.length() + length);
        boolean number = digits.charAt(0) != '0';
        for (int i = 0; number && i < length; i++) {
            number = digits.charAt(i) >= '0' && digits.charAt(i) <= '9';
        }
        return number ? OptionalInt.of(Integer.parseInt(digits)) : OptionalInt.empty();
    }

    /** Deletes a file that others may delete as well. */
    static void drop(Path file, Fs fs) throws IOException {
        if (fs.look(file).isEmpty()) {
            return;
        }
        try {
            fs.delete(file);
        } catch (IOException e) {
            if (fs.look(file).isPresent()) {
                throw e;
            }
        }
    }
}
