package gpuspool.cli;

/** The statuses gpuspool ends with; help texts, their tests and the code all read this. */
enum ExitStatus {
    OK(0, "what was asked for was done"),
    FAILED(1, "it could not be done; the message says what to do"),
    PROBLEMS(1, "something is wrong; below each problem stands what to do"),
    USAGE(2, "the command line was not understood"),
    NOT_A_SPOOL(4, "the directory is not a spool"),
    NEVER(69, "it can never run here"),
    TRY_AGAIN(75, "not now; try again"),
    TIMED_OUT(124, "the wait was over before the jobs were"),
    NOT_EXECUTED(126, "the command cannot be executed"),
    NOT_FOUND(127, "there is no such command"),
    /** No number of ours: what {@code run} ends with is its command's. */
    OF_THE_COMMAND(-1, "the exit status of the command; the others where it was not started"),
    INTERRUPTED(130, "interrupted before all was run, and none that ran failed"),
    MANY(101, "more than 100 commands failed"),
    /** No number of ours: how many commands of {@code parallel} did. */
    HOW_MANY(-2, "so many commands failed"),
    /** No number of ours: {@code wait} for one job ends with what the job ended with. */
    OF_THE_JOB(-1, "the exit code of the job, when one job is waited for");

    final int code;
    final String meaning;

    ExitStatus(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    /** As help shows it. */
    String shown() {
        return switch (this) {
            case OF_THE_COMMAND, OF_THE_JOB -> "N";
            case HOW_MANY -> "1-100";
            default -> Integer.toString(code);
        };
    }
}
