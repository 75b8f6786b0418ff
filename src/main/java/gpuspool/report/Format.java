package gpuspool.report;

import gpuspool.spool.Escapes;
import gpuspool.view.Users;
import gpuspool.view.Words;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/** Values as a report shows them to people. */
final class Format {
    private static final double MILLIS_PER_HOUR = 3_600_000;
    private static final int UNKNOWN_OWNER = -1;

    private final DateTimeFormatter moment;
    private final Users users = new Users();
    private final Map<Integer, String> names = new HashMap<>();

    Format(ZoneId zone) {
        moment = DateTimeFormatter.ofPattern("EEE d MMM uuuu HH:mm", Locale.ENGLISH)
                .withZone(zone);
    }

    /** {@code Fri 20 Nov 2026 18:51}. */
    String moment(long millis) {
        return moment.format(Instant.ofEpochMilli(millis));
    }

    /** {@code 12.3}; {@code 1,204} from a thousand on. */
    static String hours(long gpuMillis) {
        double hours = gpuMillis / MILLIS_PER_HOUR;
        return hours >= 1000 ? Words.number(Math.round(hours)) : String.format(Locale.ROOT, "%.1f", hours);
    }

    /** {@code 61 %} of a part from 0 to 1; a dash for less than 0. */
    static String percent(double part) {
        return part < 0 ? "–" : Math.round(part * 100) + " %";
    }

    static String percent(long some, long of) {
        return of == 0 ? "–" : percent((double) some / of);
    }

    /** A dash where it is not known. */
    static String time(long millis) {
        return millis < 0 ? "–" : Words.time(millis);
    }

    /** A user's name, else the number. */
    String user(int owner) throws IOException {
        String name = names.get(owner);
        if (name == null) {
            name = owner == UNKNOWN_OWNER ? "unknown" : users.name(OptionalInt.of(owner));
            names.put(owner, name);
        }
        return name;
    }

    /** A text out of the record, as it was typed. */
    static String text(String escaped) {
        return Escapes.forPeople(escaped);
    }
}
