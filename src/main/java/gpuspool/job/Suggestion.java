package gpuspool.job;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds what somebody meant who wrote a word slightly wrong. */
public final class Suggestion {
    /** How many slips away a candidate may be. */
    public static final int FARTHEST = 2;

    private Suggestion() {}

    /** The candidate nearest to the word: at most two slips away, capitals aside, and not a wholly different word. */
    public static Optional<String> nearest(String word, Collection<String> candidates) {
        String lower = word.toLowerCase(Locale.ROOT);
        return candidates.stream()
                .filter(candidate -> Math.abs(candidate.length() - lower.length()) <= FARTHEST)
                .filter(candidate -> distance(lower, candidate) <= Math.min(FARTHEST, candidate.length() - 2))
                .min(Comparator.comparingInt(candidate -> distance(lower, candidate)));
    }

    /**
     * Damerau-Levenshtein distance, the form with adjacent swaps: how many letters were left out, put in, replaced, or
     * swapped with their neighbour.
     */
    static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                d[i][j] = i == 0 || j == 0 ? i + j : best(a, b, d, i, j);
            }
        }
        return d[a.length()][b.length()];
    }

    private static int best(String a, String b, int[][] d, int i, int j) {
        int replaced = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int best = Math.min(replaced, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, d[i - 2][j - 2] + 1) : best;
    }
}
