package gpuspool.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Options of srun before the command, as {@code alias srun='gpuspool run'} brings them: as our own, or left out where there is nothing to be had. */
final class SrunWords {
    private static final Set<String> IGNORED = Set.of(
            "--pty",
            "-u",
            "--unbuffered",
            "-l",
            "--label",
            "--exclusive",
            "--overlap",
            "-v",
            "--verbose",
            "-Q",
            "--quiet",
            "-O",
            "--overcommit",
            "-s",
            "--oversubscribe",
            "-k",
            "--no-kill",
            "--x11",
            "-K",
            "--kill-on-bad-exit");

    private static final Set<String> IGNORED_WITH_VALUE = Set.of(
            "-c",
            "--cpus-per-task",
            "--cpus-per-gpu",
            "--mem",
            "--mem-per-cpu",
            "--mem-per-gpu",
            "-p",
            "--partition",
            "-A",
            "--account",
            "-q",
            "--qos",
            "--mpi",
            "--cpu-bind",
            "--gpu-bind",
            "--export",
            "--reservation",
            "--comment",
            "--mail-type",
            "--mail-user",
            "-x",
            "--exclude",
            "-C",
            "--constraint",
            "-W",
            "--threads-per-core");

    /** Of these there is one. */
    private static final Set<String> ONE = Set.of("-N", "--nodes", "--ntasks", "--ntasks-per-node");

    private static final Map<String, String> OURS =
            Map.of("-J", "--name", "--job-name", "--name", "-t", "--time", "-w", "--hosts", "--nodelist", "--hosts");

    private static final Set<String> CARDS = Set.of("--gres", "--gpus-per-node", "--gpus-per-task", "--gpus", "-G");
    private static final Pattern CARD_COUNT = Pattern.compile("(?:gpu:)?(?:([A-Za-z][A-Za-z0-9_.-]*):)?([0-9]+)");
    private static final Pattern CLOCK = Pattern.compile("(?:([0-9]+)-)?([0-9]+)(?::([0-9]+))?(?::([0-9]+))?");

    private final CommandSpec spec;
    private final List<String> words = new ArrayList<>();
    private final Set<String> ignored = new TreeSet<>();
    private List<String> command = List.of();

    SrunWords(CommandSpec spec) {
        this.spec = spec;
    }

    /** All from the first word on that is no option, once {@link #translated} was asked: none of it is ours. */
    List<String> command() {
        return command;
    }

    /** Options that have no effect here, once {@link #translated} was asked. */
    Set<String> ignored() {
        return ignored;
    }

    /**
     * The options before the command in our own; what is no option of srun stays as it is. {@link #command} tells of the rest.
     *
     * @throws IllegalArgumentException where an option asks for what is not to be had; the message says what to do
     */
    List<String> translated(List<String> args) {
        int next = 0;
        while (next < args.size()
                && args.get(next).startsWith("-")
                && !args.get(next).equals("--")) {
            String word = args.get(next++);
            int equals = word.startsWith("--") ? word.indexOf('=') : -1;
            String option = equals < 0 ? word : word.substring(0, equals);
            boolean takesNext = equals < 0 && takesValue(option) && next < args.size();
            if (!isSruns(option)) {
                words.add(word);
                if (takesNext) {
                    words.add(args.get(next++));
                }
                continue;
            }
            String value = equals >= 0 ? word.substring(equals + 1) : takesNext ? args.get(next++) : "";
            translate(option, value);
        }
        boolean ended = next < args.size() && args.get(next).equals("--");
        command = List.copyOf(args.subList(ended ? next + 1 : next, args.size()));
        return List.copyOf(words);
    }

    private boolean isSruns(String option) {
        return CARDS.contains(option)
                || OURS.containsKey(option)
                || option.equals("--time")
                || ONE.contains(option)
                || IGNORED.contains(option)
                || IGNORED_WITH_VALUE.contains(option);
    }

    private boolean takesValue(String option) {
        OptionSpec own = spec.optionsMap().get(option);
        return own != null && own.arity().max() > 0
                || CARDS.contains(option)
                || OURS.containsKey(option)
                || ONE.contains(option)
                || IGNORED_WITH_VALUE.contains(option);
    }

    private void translate(String option, String value) {
        if (CARDS.contains(option)) {
            cards(option, value);
        } else if (OURS.containsKey(option) || option.equals("--time")) {
            String ours = OURS.getOrDefault(option, option);
            words.add(ours);
            words.add(ours.equals("--time") ? duration(value).orElse(value) : value);
        } else if (ONE.contains(option)) {
            if (!value.equals("1")) {
                throw new IllegalArgumentException(option + " " + value
                        + ": the command is started once, on this host; to start several processes let it do that itself,"
                        + " such as torchrun --nproc-per-node");
            }
        } else {
            ignored.add(option);
        }
    }

    /** {@code gpu:2}, {@code gpu:a100:2}, {@code a100:2}; anything else is left to our own option's message. */
    private void cards(String option, String value) {
        Matcher count = CARD_COUNT.matcher(value.equals("gpu") ? "gpu:1" : value);
        boolean known = count.matches();
        words.add("--gpus");
        words.add(known ? count.group(2) : value);
        if (known && count.group(1) != null) {
            words.add("--gpu-type");
            words.add(count.group(1));
        }
        if (!known && option.equals("--gres")) {
            throw new IllegalArgumentException(option + " " + value + ": write --gres=gpu:2, or -n 2");
        }
    }

    /** As srun reads it: minutes, minutes:seconds, hours:minutes:seconds, with days- before it hours; empty: not of that form. */
    private static Optional<String> duration(String value) {
        Matcher clock = CLOCK.matcher(value);
        if (!clock.matches() || value.length() > 12) {
            return Optional.empty();
        }
        long first = Long.parseLong(clock.group(2));
        long second = clock.group(3) == null ? 0 : Long.parseLong(clock.group(3));
        long third = clock.group(4) == null ? 0 : Long.parseLong(clock.group(4));
        boolean fromHours = clock.group(1) != null || clock.group(4) != null;
        long seconds = fromHours ? first * 3600 + second * 60 + third : first * 60 + second;
        long days = clock.group(1) == null ? 0 : Long.parseLong(clock.group(1));
        return Optional.of(days * 86_400 + seconds + "s");
    }
}
