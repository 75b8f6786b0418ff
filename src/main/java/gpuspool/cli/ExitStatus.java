package gpuspool.cli;

/** The statuses gpuspool ends with; help texts, their tests and the code all read this. */
enum ExitStatus {
    OK(0, "what was asked for was done"),
    FAILED(1, "it could not be done; the message says what to do"),
    USAGE(2, "the command line was not understood"),
    NOT_A_SPOOL(4, "the directory is not a spool"),
    NEVER(69, "it can never run here"),
    TRY_AGAIN(75, "not now; try again"),
    TIMED_OUT(124, "the wait was over before the jobs were");

    final int code;
    final String meaning;

    ExitStatus(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }
}
