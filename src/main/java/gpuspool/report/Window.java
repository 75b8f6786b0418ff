package gpuspool.report;

import java.time.ZoneId;

/**
 * The stretch of time that a report is of; milliseconds since 1970.
 *
 * @param since the first moment in it
 * @param until the first moment after it; later than {@code since}
 * @param zone in which its times are shown, and its days begin
 */
public record Window(long since, long until, ZoneId zone) {

    /** Whether a moment is in it. */
    boolean has(long time) {
        return time >= since && time < until;
    }

    long length() {
        return until - since;
    }

    /** How much of a stretch of time is in it, in milliseconds. */
    long overlap(long from, long to) {
        return Math.max(0, Math.min(to, until) - Math.max(from, since));
    }
}
