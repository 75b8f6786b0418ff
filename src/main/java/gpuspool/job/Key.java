package gpuspool.job;

import java.util.Set;

/** One row of a table of keys, as far as the reading of values needs it. */
public interface Key {
    /** As written in a file. */
    String key();

    /** What may be written, in words that follow "write". */
    String allowed();

    /** What other programs call it. */
    Set<String> calledElsewhere();
}
