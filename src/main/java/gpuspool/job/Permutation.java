package gpuspool.job;

/**
 * An order of the numbers below a limit that looks random and is told by a key: any of them is found by itself, and none comes twice.
 * A Feistel network over the next power of four; what falls outside goes through once more.
 */
final class Permutation {
    private static final int ROUNDS = 8;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final long limit;
    private final long key;
    private final int half;

    /** @param limit at least 1 */
    Permutation(long limit, long key) {
        this.limit = limit;
        this.key = key;
        int bits = Long.SIZE - Long.numberOfLeadingZeros(limit - 1);
        half = Math.max(1, (bits + 1) / 2);
    }

    /** The number at this place, both from 0 and below the limit. */
    long at(long place) {
        if (place < 0 || place >= limit) {
            throw new IllegalArgumentException("no place " + place + " below " + limit);
        }
        long found = place;
        do {
            found = shuffle(found);
        } while (found < 0 || found >= limit);
        return found;
    }

    private long shuffle(long number) {
        long mask = (1L << half) - 1;
        long left = number >>> half;
        long right = number & mask;
        for (int round = 0; round < ROUNDS; round++) {
            long next = left ^ (mix(right + mix(key + round * GOLDEN)) & mask);
            left = right;
            right = next;
        }
        return left << half | right;
    }

    /** Spreads each bit over all: the finalizer of the SplitMix64 generator. */
    private static long mix(long bits) {
        long mixed = (bits ^ bits >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }
}
