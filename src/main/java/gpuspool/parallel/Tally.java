package gpuspool.parallel;

import java.util.OptionalLong;

/**
 * How far it has come.
 *
 * @param total how many commands there are, those of earlier runs included; empty until all of the input is read
 * @param skipped how many of them were run before, by the joblog
 * @param running how many run now
 * @param firstFailure the exit status of the first that failed; 0 where none did
 */
record Tally(OptionalLong total, long skipped, long running, long succeeded, long failed, int firstFailure) {
    static final Tally NOTHING = new Tally(OptionalLong.empty(), 0, 0, 0, 0, 0);

    Tally of(long whole) {
        return new Tally(OptionalLong.of(whole), skipped, running, succeeded, failed, firstFailure);
    }

    Tally skippedOne() {
        return new Tally(total, skipped + 1, running, succeeded, failed, firstFailure);
    }

    Tally startedOne() {
        return new Tally(total, skipped, running + 1, succeeded, failed, firstFailure);
    }

    /** One that ran does not run any more; how it ended is another matter. */
    Tally leftOne() {
        return new Tally(total, skipped, running - 1, succeeded, failed, firstFailure);
    }

    Tally succeededOne() {
        return new Tally(total, skipped, running, succeeded + 1, failed, firstFailure);
    }

    /** @param status what a shell would say of it, 1 to 255 */
    Tally failedOne(int status) {
        return new Tally(total, skipped, running, succeeded, failed + 1, firstFailure == 0 ? status : firstFailure);
    }

    long ended() {
        return succeeded + failed;
    }
}
