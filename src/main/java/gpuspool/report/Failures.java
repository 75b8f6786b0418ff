package gpuspool.report;

import gpuspool.job.Ending;
import gpuspool.spool.RecordedRun;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs that failed, by how they ended. */
final class Failures {
    /** Commands of one kind that are told apart at once; of more, the rarest are forgotten. */
    private static final int MOST_COMMANDS = 1000;

    private static final int SHOWN_COMMANDS = 3;

    private final Map<String, Sum> kinds = new HashMap<>();

    private static final class Sum {
        private int runs;
        private long gpuMillis;
        private Map<String, Integer> commands = new HashMap<>();
    }

    /** @param commands the most frequent first */
    record Kind(String name, int runs, long gpuMillis, List<Command> commands) {}

    record Command(String command, int runs) {}

    void add(RecordedRun run, long gpuMillis) {
        Sum sum = kinds.computeIfAbsent(name(run), kind -> new Sum());
        sum.runs++;
        sum.gpuMillis += gpuMillis;
        if (!run.command().isEmpty()) {
            sum.commands.merge(run.command(), 1, Integer::sum);
        }
        if (sum.commands.size() > MOST_COMMANDS) {
            Map<String, Integer> frequent = new HashMap<>();
            frequent(sum.commands, MOST_COMMANDS / 2).forEach(one -> frequent.put(one.command(), one.runs()));
            sum.commands = frequent;
        }
    }

    /** {@code exit 1}, {@code 137 (SIGKILL, or exit 137)}, {@code timed out}. */
    static String name(RecordedRun run) {
        boolean coded = run.ending().equals("exited")
                && run.exit().isPresent()
                && run.exit().getAsInt() <= 255;
        return coded
                ? new Ending.Exited(run.exit().getAsInt()).describe()
                : run.ending().isEmpty() ? "unknown" : run.ending();
    }

    private static List<Command> frequent(Map<String, Integer> commands, int most) {
        return commands.entrySet().stream()
                .map(one -> new Command(one.getKey(), one.getValue()))
                .sorted(Comparator.comparingInt(Command::runs).reversed().thenComparing(Command::command))
                .limit(most)
                .toList();
    }

    /** The most frequent first. */
    List<Kind> kinds() {
        List<Kind> all = new ArrayList<>();
        kinds.forEach((name, sum) ->
                all.add(new Kind(name, sum.runs, sum.gpuMillis, frequent(sum.commands, SHOWN_COMMANDS))));
        all.sort(Comparator.comparingInt(Kind::runs).reversed().thenComparing(Kind::name));
        return all;
    }
}
