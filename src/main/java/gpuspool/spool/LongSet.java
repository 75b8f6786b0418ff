package gpuspool.spool;

/** A set of numbers that takes few bytes for each: a record may tell of a million jobs. */
final class LongSet {
    private static final int SMALLEST = 1 << 10;

    private long[] table = new long[SMALLEST];
    private int size;
    /** 0 marks free places, so it is kept apart. */
    private boolean hasZero;

    /** Whether it was not there. */
    boolean add(long number) {
        if (number == 0) {
            boolean added = !hasZero;
            hasZero = true;
            return added;
        }
        if (size * 4L > table.length * 3L) {
            grow();
        }
        if (!put(table, number)) {
            return false;
        }
        size++;
        return true;
    }

    boolean contains(long number) {
        return number == 0 ? hasZero : table[place(table, number)] == number;
    }

    private static boolean put(long[] into, long number) {
        int place = place(into, number);
        boolean added = into[place] != number;
        into[place] = number;
        return added;
    }

    private static int place(long[] in, long number) {
        int place = (int) (number ^ number >>> 32) & in.length - 1;
        while (in[place] != 0 && in[place] != number) {
            place = place + 1 & in.length - 1;
        }
        return place;
    }

    private void grow() {
        long[] larger = new long[table.length * 2];
        for (long number : table) {
            if (number != 0) {
                boolean unused = put(larger, number);
            }
        }
        table = larger;
    }
}
