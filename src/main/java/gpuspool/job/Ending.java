package gpuspool.job;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a job ended; the set is closed. Only {@link Exited} has a code, and that code comes from the process that waited
 * for the job; all others are what the watcher could honestly say without one.
 */
public sealed interface Ending {

    /** The word for people and for the record, in lower case: {@code timed out}. */
    String word();

    /** For messages; the word, except that {@link Exited} tells its code. */
    default String describe() {
        return word();
    }

    /** True only for exit code 0, and for a sweep all of whose members had that. */
    default boolean succeeded() {
        return false;
    }

    /** Whether the job belongs with the done ones: it succeeded, or its own terminal was told how it ended. */
    default boolean isDone() {
        return succeeded();
    }

    /**
     * The ending that a word from the record means; empty for {@code exited}, whose code is kept elsewhere, and for any
     * other word.
     */
    static Optional<Ending> parse(String word) {
        return Stream.<Ending>of(
                        new TimedOut(),
                        new Cancelled(),
                        new Refused(),
                        new NotStarted(),
                        new Interrupted(),
                        new Unknown(),
                        new Released(),
                        new AllDone(),
                        new SomeFailed())
                .filter(ending -> ending.word().equals(word))
                .findFirst();
    }

    /**
     * The job ran and ended by itself or by a signal that no one of us sent.
     *
     * @param code 0 to 255 as a shell reports it; above 128 it may be a signal, and nobody can tell which
     */
    record Exited(int code) implements Ending {

        /** @throws IllegalArgumentException if the code is not in 0 to 255 */
        public Exited {
            if (code < 0 || code > 255) {
                throw new IllegalArgumentException("exit code out of range: " + code);
            }
        }

        @Override
        public String word() {
            return "exited";
        }

        /** {@code exit 3}, or both readings where there are two: {@code 137 (SIGKILL, or exit 137)}. */
        @Override
        public String describe() {
            return Signals.name(code - 128)
                    .map(signal -> "%d (%s, or exit %d)".formatted(code, signal, code))
                    .orElse("exit " + code);
        }

        @Override
        public boolean succeeded() {
            return code == 0;
        }
    }

    /** Stopped by the watcher since its {@code time} was over. */
    record TimedOut() implements Ending {
        @Override
        public String word() {
            return "timed out";
        }
    }

    /** Stopped by the watcher since somebody asked for it. */
    record Cancelled() implements Ending {
        @Override
        public String word() {
            return "cancelled";
        }
    }

    /** Never tried: the job file is faulty, or asks for what this machine does not have. */
    record Refused() implements Ending {
        @Override
        public String word() {
            return "refused";
        }
    }

    /** Tried, but no instruction of the job was ever run. */
    record NotStarted() implements Ending {
        @Override
        public String word() {
            return "not started";
        }
    }

    /** The machine went down while the job may have run. */
    record Interrupted() implements Ending {
        @Override
        public String word() {
            return "interrupted";
        }
    }

    /** The job is gone and nobody saw how it ended. */
    record Unknown() implements Ending {
        @Override
        public String word() {
            return "unknown";
        }
    }

    /** A sweep whose members have all succeeded. Like {@link SomeFailed} it has no code: nothing of it ran but its members. */
    record AllDone() implements Ending {
        @Override
        public String word() {
            return "all done";
        }

        @Override
        public boolean succeeded() {
            return true;
        }
    }

    /** A sweep whose members have all ended, and not all of them have succeeded. */
    record SomeFailed() implements Ending {
        @Override
        public String word() {
            return "some failed";
        }
    }

    /** A job in somebody's terminal gave its GPUs back; the terminal got the code. */
    record Released() implements Ending {
        @Override
        public String word() {
            return "released";
        }

        @Override
        public boolean isDone() {
            return true;
        }
    }
}
