package gpuspool.doctor;

/** Whether the clock that stamps the spool's files, a file server's for instance, is this machine's. */
final class ClockCheck {
    static final String CHECK = "clock";
    private static final long MOST_MILLIS = 5000;
    private static final long MILLIS = 1000;

    private ClockCheck() {}

    /** @param ahead how far the file system's clock is ahead of ours, in milliseconds; negative: behind */
    static Finding judge(long ahead) {
        if (Math.abs(ahead) <= MOST_MILLIS) {
            return Finding.ok(
                    CHECK, "files are stamped with this machine's time, within " + MOST_MILLIS / MILLIS + " s");
        }
        return Finding.note(
                CHECK,
                "the clock that stamps files is " + Math.abs(ahead) / MILLIS + " s "
                        + (ahead > 0 ? "ahead of" : "behind")
                        + " this machine's: how long jobs have waited is shown wrong by that; what starts when, and in"
                        + " which order, is not touched",
                "set both clocks, for example with chrony: timedatectl, here and on the file server");
    }
}
