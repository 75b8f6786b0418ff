package gpuspool.job;

import java.nio.charset.StandardCharsets;

/**
 * A job that a job file names, and where in that file. Two are equal that name the same, wherever they stand.
 *
 * @param name as it was written: {@code exp1}, {@code exp1.2}, {@code exp1.2.gpubox} or {@code exp1.job}
 */
public record Mention(String name, Place at) {
    /** What is looked for in the tree: a file's name means its stem. */
    public String job() {
        return job(name);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Mention mention && mention.name.equals(name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    private static String job(String name) {
        return JobId.parse(name).isPresent() ? name : Stem.of(name.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether a text can name a job. */
    static boolean isValid(String name) {
        // What had to be replaced or cut to make a stem of it names another job, if any.
        return JobId.parse(name).isPresent() || Stem.isValid(Stem.withoutEnding(name));
    }
}
