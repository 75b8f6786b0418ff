package gpuspool.job;

import java.util.OptionalInt;

/** How a sweep's members are called: {@code exp1-00042} is the stem of number 42 of {@code exp1}. */
public final class MemberName {
    private static final String ENDING = ".toml";
    private static final int DIGITS = 5;
    private static final int MOST_DIGITS = 9;

    private MemberName() {}

    /** The stem of a member; of the sweep's own stem as much stands before the number as fits. */
    public static String stem(String group, int number) {
        String digits = digits(number);
        int room = Stem.LONGEST - 1 - digits.length();
        return group.substring(0, Math.min(group.length(), room)) + "-" + digits;
    }

    /** The name of its file in the queue. */
    public static String file(String group, int number) {
        return stem(group, number) + ENDING;
    }

    /** The number of the member of that group which has this stem; empty where none has. */
    public static OptionalInt number(String group, String stem) {
        OptionalInt number = number(stem.substring(stem.lastIndexOf('-') + 1));
        return number.isPresent() && stem(group, number.getAsInt()).equals(stem) ? number : OptionalInt.empty();
    }

    /** The same for the name of a file. */
    public static OptionalInt numberOfFile(String group, String file) {
        return file.endsWith(ENDING)
                ? number(group, file.substring(0, file.length() - ENDING.length()))
                : OptionalInt.empty();
    }

    /** At least five of them, so that names sort as numbers do. */
    public static String digits(int number) {
        String plain = Integer.toString(number);
        return "0".repeat(Math.max(0, DIGITS - plain.length())) + plain;
    }

    /** What {@link #digits} stands for; empty for what it cannot have made. */
    public static OptionalInt number(String digits) {
        boolean plain = digits.length() >= DIGITS && digits.length() <= MOST_DIGITS;
        for (int i = 0; plain && i < digits.length(); i++) {
            plain = digits.charAt(i) >= '0' && digits.charAt(i) <= '9';
        }
        int number = plain ? Integer.parseInt(digits) : 0;
        return number > 0 && digits(number).equals(digits) ? OptionalInt.of(number) : OptionalInt.empty();
    }
}
