package gpuspool.job;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values of sbatch's options in the words of our own keys. */
final class SbatchValues {
    /** What our own sweeps can be at most. */
    private static final int MOST_INDICES = 99_999;

    private static final String ARRAYS = "write for example 0-15, 1,3,7 or 0-100:10%4";
    private static final Pattern RANGE = Pattern.compile("(\\d{1,9})(?:-(\\d{1,9})(?::(\\d{1,9}))?)?");
    private static final Pattern SIGNAL = Pattern.compile("(?:[RB]{1,2}:)?(\\w+)(?:@(\\d{1,6}))?");
    private static final String LATE = "60";
    private static final Pattern BRACKETS = Pattern.compile("([^\\[\\],]*)\\[([^\\[\\]]*)]([^\\[\\],]*)");
    private static final int MOST_HOSTS = 1000;

    private SbatchValues() {}

    static Value.Whole whole(long number, Place at) {
        return new Value.Whole(BigInteger.valueOf(number), at);
    }

    /** A whole number above zero. */
    static int positive(SbatchArguments.Given given) {
        if (!given.text().matches("0*[1-9]\\d{0,5}")) {
            throw given.bad("write a number above zero");
        }
        return Integer.parseInt(given.text());
    }

    /** The indices of an array, each once and in order. */
    static SortedSet<Integer> indices(SbatchArguments.Given given) {
        SortedSet<Integer> indices = new TreeSet<>();
        int seen = 0;
        for (String part : given.text().replaceFirst("%.*", "").split(",", -1)) {
            Matcher range = RANGE.matcher(part);
            if (!range.matches()) {
                throw given.bad(ARRAYS);
            }
            int first = Integer.parseInt(range.group(1));
            int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
            int step = range.group(3) == null ? 1 : Integer.parseInt(range.group(3));
            if (step == 0 || last < first) {
                throw given.bad(ARRAYS);
            }
            for (long index = first; index <= last; index += step) {
                indices.add((int) index);
                if (++seen > MOST_INDICES) {
                    throw given.bad("ask for at most " + MOST_INDICES + " jobs");
                }
            }
        }
        return indices;
    }

    /** How many members may be at work at once; empty: no limit of its own. */
    static OptionalInt atOnce(SbatchArguments.Given given) {
        int percent = given.text().indexOf('%');
        if (percent < 0) {
            return OptionalInt.empty();
        }
        String limit = given.text().substring(percent + 1);
        if (!limit.matches("0*[1-9]\\d{0,5}")) {
            throw given.bad(ARRAYS);
        }
        return OptionalInt.of(Integer.parseInt(limit));
    }

    /** As our own {@code [sweep]} table. */
    static Value.Table sweep(SbatchArguments.Given given) {
        Place at = given.value().at();
        List<Value> values = new ArrayList<>();
        indices(given).forEach(index -> values.add(new Value.Text(index.toString(), at)));
        List<Value.Entry> entries = new ArrayList<>();
        entries.add(new Value.Entry("SLURM_ARRAY_TASK_ID", at, new Value.Array(values, at)));
        atOnce(given).ifPresent(limit -> entries.add(new Value.Entry("max_parallel", at, whole(limit, at))));
        return new Value.Table(entries, at);
    }

    /** Names of jobs by the key that has them wait. */
    static Map<JobKey, List<String>> dependencies(SbatchArguments.Given given) {
        if (given.text().contains("?")) {
            throw given.bad("with ? one of several would do, which is not to be had; separate them by commas");
        }
        Map<JobKey, List<String>> waits = new LinkedHashMap<>();
        for (String part : given.text().split(",", -1)) {
            String[] words = part.split(":", -1);
            // One that has ended has started: later than was asked for, but never too early.
            JobKey key = switch (words[0]) {
                case "afterok" -> JobKey.AFTER;
                case "afterany", "after" -> JobKey.AFTER_ANY;
                default -> throw given.bad("write afterok:NAME, afterany:NAME or after:NAME; others are not to be had");
            };
            if (words.length == 1 || part.contains("+")) {
                throw given.bad("write " + words[0] + ":NAME, NAME being that of a job");
            }
            waits.computeIfAbsent(key, k -> new ArrayList<>())
                    .addAll(List.of(words).subList(1, words.length));
        }
        return waits;
    }

    /** {@code USR1@300s} for {@code B:USR1@300}. */
    static String signal(SbatchArguments.Given given) {
        Matcher signal = SIGNAL.matcher(given.text());
        if (!signal.matches()) {
            throw given.bad("write for example USR1@300");
        }
        String name = signal.group(1);
        if (name.matches("\\d{1,3}")) {
            name = Signals.name(Integer.parseInt(name)).orElse(name);
        }
        String seconds = signal.group(2) == null ? LATE : signal.group(2);
        return name + "@" + Integer.parseInt(seconds) + "s";
    }

    /** Names of hosts, less their domains. */
    static List<String> hosts(SbatchArguments.Given given) {
        List<String> hosts = new ArrayList<>();
        for (String part : given.text().split(",(?![^\\[]*])", -1)) {
            Matcher brackets = BRACKETS.matcher(part);
            if (!brackets.matches()) {
                hosts.add(part.replaceFirst("\\..*", ""));
            } else {
                expand(given, brackets, hosts);
            }
            if (hosts.size() > MOST_HOSTS) {
                throw given.bad("name at most " + MOST_HOSTS + " hosts");
            }
        }
        return hosts;
    }

    private static void expand(SbatchArguments.Given given, Matcher brackets, List<String> hosts) {
        for (String part : brackets.group(2).split(",", -1)) {
            Matcher range = RANGE.matcher(part);
            if (!range.matches() || range.group(3) != null) {
                throw given.bad("write for example gpubox1,gpubox2 or gpubox[1-2]");
            }
            int width = range.group(1).length();
            long first = Long.parseLong(range.group(1));
            long last = range.group(2) == null ? first : Long.parseLong(range.group(2));
            for (long number = first; number <= last && hosts.size() <= MOST_HOSTS; number++) {
                String digits = ("%0" + width + "d").formatted(number);
                hosts.add((brackets.group(1) + digits + brackets.group(3)).replaceFirst("\\..*", ""));
            }
        }
    }

    /** A path with the job's name in place of {@code %x}; what would end the path's part, or begin a pattern, is kept from doing so. */
    static String named(String path, String name) {
        String part = name.replace('/', '_').replace("%", "%%");
        StringBuilder named = new StringBuilder();
        for (int i = 0; i < path.length(); i++) {
            boolean pattern = path.charAt(i) == '%' && i + 1 < path.length();
            if (pattern && path.charAt(i + 1) == 'x') {
                named.append(part);
                i++;
            } else {
                named.append(path.charAt(i));
                if (pattern) {
                    named.append(path.charAt(++i)); // %% is no beginning of %x.
                }
            }
        }
        return named.toString();
    }

    /** A path as our own keys take it, which has a {@code /}. */
    static String path(SbatchArguments.Given given) {
        String path = given.text();
        if (path.equals("none")) {
            return "/dev/null";
        }
        return path.isEmpty() || path.contains("/") ? path : "./" + path;
    }
}
