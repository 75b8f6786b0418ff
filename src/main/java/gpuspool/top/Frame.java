package gpuspool.top;

/**
 * How the lines of a screen are shared out; each part with its title.
 *
 * @param alerts lines for what people should know first
 * @param gpus lines for cards
 * @param list lines for jobs
 * @param log lines for the log of the selected job; 0 where there is no room
 */
record Frame(int alerts, int gpus, int list, int log) {
    /** A screen with fewer lines shows a log only when it is asked for. */
    private static final int ROOMY = 20;

    private static final int MOST_ALERTS = 3;
    private static final int LEAST_LOG = 4;

    /** The first line and the last. */
    private static final int EDGES = 2;

    /**
     * Shares them out.
     *
     * @param jobs lines that the list would fill; what it does not need of a large screen the log gets
     */
    static Frame of(int rows, int alerts, int cards, int jobs, boolean logAlone) {
        int shown = Math.min(alerts, rows < ROOMY ? 1 : MOST_ALERTS);
        int room = Math.max(0, rows - EDGES - shown);
        if (logAlone) {
            return new Frame(shown, 0, 0, room);
        }
        int gpus = Math.min(cards + 1, Math.max(2, room / 3));
        int log = rows < ROOMY ? 0 : Math.max(LEAST_LOG, room / 4);
        int list = Math.max(0, room - gpus - log);
        int spare = log == 0 ? 0 : Math.max(0, list - jobs);
        return new Frame(shown, Math.min(gpus, room), list - spare, log + spare);
    }
}
