package gpuspool.job;

import java.util.Locale;

/** Where a job's standard output and standard error go. */
public enum Output {
    /** Both to one file, in the order they come. */
    MERGED,
    /** One file each. */
    SPLIT;

    /** As written in job files: {@code merged}, {@code split}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
