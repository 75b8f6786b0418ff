package gpuspool.job;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/**
 * The process that a job's cards are for, where that is one that exists already: the job runs in the foreground of whoever asked,
 * and no watcher starts it. Written by our own program, never by people.
 *
 * @param host on which the process runs, and which alone may give it cards
 * @param pid its id, above zero
 * @param start its start time in clock ticks since boot, 100 a second ({@code /proc/PID/stat}, field 22): with {@code pid} it names
 *     one process of a boot
 */
public record Foreground(String host, int pid, long start) {
    /** For the record: {@code 4711 81234}. */
    public String words() {
        return pid + " " + start;
    }

    /** What the record says; empty where it is none. */
    public static Optional<Foreground> recorded(String host, List<String> words) {
        try {
            return words.size() == 2
                    ? Optional.of(new Foreground(host, Integer.parseInt(words.get(0)), Long.parseLong(words.get(1))))
                    : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** What our own program wrote. */
    static Foreground read(Key key, Value value) {
        if (!(value instanceof Value.Table table)) {
            throw Values.wrongKind(key, value);
        }
        String host = "";
        long pid = 0;
        long start = -1;
        for (Value.Entry entry : table.entries()) {
            switch (entry.name()) {
                case "host" -> host = entry.value() instanceof Value.Text text ? text.text() : "";
                case "pid" -> pid = whole(entry);
                case "start" -> start = whole(entry);
                default -> throw bad(entry.name());
            }
        }
        if (!JobId.isHost(host)) {
            throw bad("host");
        }
        if (pid < 1 || pid > Integer.MAX_VALUE || start < 0) {
            throw bad("pid or start");
        }
        return new Foreground(host, (int) pid, start);
    }

    private static long whole(Value.Entry entry) {
        boolean fits = entry.value() instanceof Value.Whole whole
                && whole.number().signum() >= 0
                && whole.number().compareTo(BigInteger.valueOf(Long.MAX_VALUE)) <= 0;
        if (!fits) {
            throw bad(entry.name());
        }
        return ((Value.Whole) entry.value()).number().longValue();
    }

    private static BadValueException bad(String name) {
        return new BadValueException(
                "foreground is not as gpuspool writes it (" + Printable.quote(name) + ")",
                "remove it: gpuspool run makes it by itself");
    }
}
