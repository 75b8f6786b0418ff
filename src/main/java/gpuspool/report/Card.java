package gpuspool.report;

import java.util.Comparator;

/**
 * A card of one host.
 *
 * @param word as in {@code devices}
 */
record Card(String host, String word) implements Comparable<Card> {
    private static final Comparator<Card> ORDER = Comparator.comparing(Card::host)
            .thenComparingInt(card -> card.number())
            .thenComparing(Card::word);

    @Override
    public int compareTo(Card other) {
        return ORDER.compare(this, other);
    }

    /** {@code sim:10} comes after {@code sim:9}. */
    private int number() {
        String digits = word.substring(word.indexOf(':') + 1);
        boolean isNumber =
                !digits.isEmpty() && digits.length() < 9 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return isNumber ? Integer.parseInt(digits) : Integer.MAX_VALUE;
    }
}
