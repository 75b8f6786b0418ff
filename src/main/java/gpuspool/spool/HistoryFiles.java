package gpuspool.spool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;

/** The files of one host's record: the one that is added to, and its older parts, of which a higher number is later. */
public record HistoryFiles(Path directory) {
    private static final String PREFIX = "history.";
    private static final String SUFFIX = ".jsonl";
    private static final int MOST_DIGITS = 9;

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

    int next(Fs fs) throws IOException {
        List<Integer> numbers = parts(fs);
        return numbers.isEmpty() ? 1 : numbers.get(numbers.size() - 1) + 1;
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
}
