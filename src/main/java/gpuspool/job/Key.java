package gpuspool.job;

/** One row of a table of keys, as far as the reading of values needs it. */
public interface Key {
    /** As written in a file. */
    String key();

    /** What may be written, in words that follow "write". */
    String allowed();
}
