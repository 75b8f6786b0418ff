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
 * @param asker who asks on its behalf and takes the cards over for it; empty where it does so itself
 */
public record Foreground(String host, int pid, long start, Optional<Owner> asker) {
    /**
     * One process of a boot.
     *
     * @param start its start time, as above
     */
    public record Owner(int pid, long start) {}

    /** For a process that asks for itself. */
    public Foreground(String host, int pid, long start) {
        this(host, pid, start, Optional.empty());
    }

    /** All who must live until the cards are taken over: from then on only the process itself matters. */
    public List<Owner> untilTaken() {
        Owner own = new Owner(pid, start);
        return asker.isPresent() ? List.of(own, asker.get()) : List.of(own);
    }

    /** For the record: {@code 4711 81234}, and the same of the asker. */
    public String words() {
        return pid + " " + start
                + asker.map(other -> " " + other.pid() + " " + other.start()).orElse("");
    }

    /** What the record says; empty where it is none. */
    public static Optional<Foreground> recorded(String host, List<String> words) {
        try {
            if (words.size() != 2 && words.size() != 4) {
                return Optional.empty();
            }
            Optional<Owner> asker =
                    words.size() == 2 ? Optional.empty() : Optional.of(owner(words.get(2), words.get(3)));
            Owner own = owner(words.get(0), words.get(1));
            return Optional.of(new Foreground(host, own.pid(), own.start(), asker));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Owner owner(String pid, String start) {
        return new Owner(Integer.parseInt(pid), Long.parseLong(start));
    }

    /** What our own program wrote. */
    static Foreground read(Key key, Value value) {
        if (!(value instanceof Value.Table table)) {
            throw Values.wrongKind(key, value);
        }
        String host = "";
        long pid = 0;
        long start = -1;
        long asker = 0;
        long askerStart = -1;
        for (Value.Entry entry : table.entries()) {
            switch (entry.name()) {
                case "host" -> host = entry.value() instanceof Value.Text text ? text.text() : "";
                case "pid" -> pid = whole(entry);
                case "start" -> start = whole(entry);
                case "asker" -> asker = whole(entry);
                case "asker_start" -> askerStart = whole(entry);
                default -> throw bad(entry.name());
            }
        }
        if (!JobId.isHost(host)) {
            throw bad("host");
        }
        if (pid < 1 || pid > Integer.MAX_VALUE || start < 0) {
            throw bad("pid or start");
        }
        boolean asked = asker != 0 || askerStart >= 0;
        if (asked && (asker < 1 || asker > Integer.MAX_VALUE || askerStart < 0)) {
            throw bad("asker or asker_start");
        }
        return new Foreground(
                host, (int) pid, start, asked ? Optional.of(new Owner((int) asker, askerStart)) : Optional.empty());
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
