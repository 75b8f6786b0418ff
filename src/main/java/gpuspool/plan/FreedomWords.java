package gpuspool.plan;

import gpuspool.gpu.GpuProcess;
import gpuspool.job.Printable;
import gpuspool.job.Sizes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Why a card is not free, for people, to follow {@code GPU 3:}. What users and drivers wrote is escaped. */
final class FreedomWords {
    /** Longer names of users and programs are cut. */
    private static final int LONGEST_NAME = 40;

    private FreedomWords() {}

    /** A driver's own words. */
    static String driver(String reason) {
        String plain = Printable.escape(reason.strip());
        return plain.endsWith(".") ? plain.substring(0, plain.length() - 1) : plain;
    }

    static String used(Occupants on) {
        List<String> by = new ArrayList<>();
        if (!on.strangers().isEmpty()) {
            by.add("used outside by " + largest(on.strangers()));
        }
        if (on.trespassers().size() == 1) {
            by.add("used by " + on.trespassers().get(0) + ", which was not given it");
        } else if (!on.trespassers().isEmpty()) {
            by.add("used by " + String.join(" and ", on.trespassers()) + ", which were not given it");
        }
        return String.join(", and ", by);
    }

    static String hidden(long bytes) {
        return Sizes.about(bytes)
                + " in use that no process here accounts for (another PID namespace, or a process that is ending)";
    }

    static String tooLittle(long free, long least) {
        boolean alike = Sizes.about(free).equals(Sizes.about(least));
        return alike
                ? Sizes.format(free) + " free, min_free_mem is " + Sizes.format(least)
                : Sizes.about(free) + " free, min_free_mem is " + Sizes.about(least);
    }

    static String settling(Duration time, int readings) {
        if (!time.isZero()) {
            long seconds = time.plusMillis(999).toSeconds();
            return "outside use has just ended; free in " + seconds + " s if it stays so";
        }
        return "outside use has just ended; free after " + readings + (readings == 1 ? " more look" : " more looks")
                + " if it stays so";
    }

    static String stillOn(Past.Left last, List<GpuProcess> remains) {
        GpuProcess first = remains.get(0);
        if (remains.size() == 1 && first.user().isEmpty() && first.command().isEmpty()) {
            return last.job() + " has ended, its pid " + first.pid() + " is still on it";
        }
        return last.job() + " has ended, still on it: " + largest(remains);
    }

    static String notGivenBack(Past.Left last, long bytes) {
        return last.job() + " has ended, " + Sizes.about(bytes) + " not given back yet";
    }

    /** The first of several processes, and how many there are besides. */
    static String largest(List<GpuProcess> processes) {
        int more = processes.size() - 1;
        return name(processes.get(0)) + (more == 0 ? "" : ", and " + more + " more");
    }

    /** {@code pid 812 (alice, python), 9.1 GiB}. */
    private static String name(GpuProcess process) {
        String who = Stream.of(process.user(), process.command())
                .flatMap(word -> word.stream())
                .map(word -> Printable.cut(Printable.escape(word), LONGEST_NAME))
                .collect(Collectors.joining(", "));
        String size = Occupants.told(process).isPresent()
                ? ", " + Sizes.about(Occupants.told(process).getAsLong())
                : "";
        return "pid " + process.pid() + (who.isEmpty() ? "" : " (" + who + ")") + size;
    }
}
