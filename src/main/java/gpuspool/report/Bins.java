package gpuspool.report;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A window cut into stretches that begin at full minutes, hours or days of its zone; a day may have 23 hours or 25. */
final class Bins {
    private static final List<Duration> LENGTHS = List.of(
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(15),
            Duration.ofHours(1),
            Duration.ofHours(3),
            Duration.ofHours(6),
            Duration.ofHours(12),
            Duration.ofDays(1),
            Duration.ofDays(2),
            Duration.ofDays(7),
            Duration.ofDays(30),
            Duration.ofDays(365));
    private static final Duration DAY = Duration.ofDays(1);

    private final long[] edges;

    private Bins(long[] edges) {
        this.edges = edges;
    }

    /** As many as there is room for, and no more. */
    static Bins of(Window window, int most) {
        Duration length = LENGTHS.stream()
                .filter(one -> window.length() / one.toMillis() < most)
                .findFirst()
                .orElse(LENGTHS.get(LENGTHS.size() - 1));
        List<Long> edges = new ArrayList<>();
        edges.add(window.since());
        for (ZonedDateTime time = firstAfter(window, length);
                millis(time) < window.until();
                time = next(time, length)) {
            edges.add(millis(time));
        }
        edges.add(window.until());
        return new Bins(edges.stream().mapToLong(Long::longValue).toArray());
    }

    private static long millis(ZonedDateTime time) {
        return time.toInstant().toEpochMilli();
    }

    private static ZonedDateTime firstAfter(Window window, Duration length) {
        ZonedDateTime day =
                Instant.ofEpochMilli(window.since()).atZone(window.zone()).truncatedTo(ChronoUnit.DAYS);
        ZonedDateTime time = day;
        while (millis(time) <= window.since()) {
            time = next(time, length);
        }
        return time;
    }

    /** Days by the calendar; shorter ones by the clock, and each day begins with one. */
    private static ZonedDateTime next(ZonedDateTime time, Duration length) {
        if (length.compareTo(DAY) >= 0) {
            return time.plusDays(length.toDays());
        }
        ZonedDateTime tomorrow = time.truncatedTo(ChronoUnit.DAYS).plusDays(1);
        ZonedDateTime next = time.plus(length);
        return next.isBefore(tomorrow) ? next : tomorrow;
    }

    int count() {
        return edges.length - 1;
    }

    long from(int bin) {
        return edges[bin];
    }

    long to(int bin) {
        return edges[bin + 1];
    }

    /** The one that a moment lies in; one outside lies in the nearest. */
    int at(long time) {
        int found = Arrays.binarySearch(edges, time);
        int bin = found >= 0 ? found : -found - 2;
        return Math.max(0, Math.min(count() - 1, bin));
    }

    /** Adds to each bin so many times the milliseconds of a stretch of time that lie in it. */
    void spread(long from, long to, double times, double[] into) {
        for (int bin = at(from); bin < count() && edges[bin] < to; bin++) {
            into[bin] += times * Math.max(0, Math.min(to, edges[bin + 1]) - Math.max(from, edges[bin]));
        }
    }
}
