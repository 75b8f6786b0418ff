package gpuspool.job;

import java.util.List;
import java.util.Optional;

/** What became of reading a job file: a job, or everything that is wrong with the file. */
public sealed interface JobFile {

    /** The file is in order. */
    record Valid(JobSpec spec) implements JobFile {}

    /**
     * The file cannot be run as it is.
     *
     * @param problems at least one, in the order of the file
     * @param member of which sweep it is a part, where that much could be read
     */
    record Invalid(List<Problem> problems, Optional<Member> member) implements JobFile {
        /** Of no sweep. */
        public Invalid(List<Problem> problems) {
            this(problems, Optional.empty());
        }

        /** @throws IllegalArgumentException if there is no problem */
        public Invalid {
            problems = List.copyOf(problems);
            if (problems.isEmpty()) {
                throw new IllegalArgumentException("invalid, but no problem");
            }
        }
    }
}
