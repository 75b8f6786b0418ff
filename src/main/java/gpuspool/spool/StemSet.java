package gpuspool.spool;

import java.util.Arrays;

/**
 * A set of stems in sixteen bytes or so each: it keeps a number of 64 bits for every stem, so that of a billion pairs one might be taken
 * for the same, which only costs a run number.
 */
final class StemSet {
    private static final int SMALLEST = 64;
    private static final long FREE = 0;

    private long[] table = new long[SMALLEST];
    private int size;

    void add(String stem) {
        if (2 * size >= table.length) {
            grow();
        }
        int at = find(table, digest(stem));
        size += table[at] == FREE ? 1 : 0;
        table[at] = digest(stem);
    }

    boolean contains(String stem) {
        return table[find(table, digest(stem))] != FREE;
    }

    private void grow() {
        long[] larger = new long[2 * table.length];
        Arrays.stream(table).filter(digest -> digest != FREE).forEach(digest -> larger[find(larger, digest)] = digest);
        table = larger;
    }

    /** Where it stands, or would. */
    private static int find(long[] table, long digest) {
        int at = (int) (digest >>> 32) & (table.length - 1);
        while (table[at] != FREE && table[at] != digest) {
            at = (at + 1) & (table.length - 1);
        }
        return at;
    }

    /** FNV-1a, its bits mixed once more. */
    private static long digest(String stem) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < stem.length(); i++) {
            hash = (hash ^ stem.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ hash >>> 31) * 0x9e3779b97f4a7c15L;
        return hash == FREE ? 1 : hash;
    }
}
