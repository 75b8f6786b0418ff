package gpuspool.job;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What a job asks for, in words for people: a fact for each key that says something. */
public final class JobWords {
    private final JobSpec spec;
    private final List<String> facts = new ArrayList<>();

    private JobWords(JobSpec spec) {
        this.spec = spec;
    }

    /** @param defaults what holds where the job says nothing, which goes without saying */
    public static List<String> asked(JobSpec spec, JobDefaults defaults) {
        JobWords words = new JobWords(spec);
        words.addCards();
        words.addPlace(defaults);
        words.addTurn();
        words.addRuns();
        words.addMany();
        return List.copyOf(words.facts);
    }

    private void addCards() {
        CardWish cards = spec.cards();
        facts.add(count(spec.gpus(), "GPU")
                + (cards.devices().isEmpty() ? "" : " of " + String.join(" ", cards.devices()))
                + cards.type()
                        .map(type -> " with " + Printable.quote(type) + " in the name")
                        .orElse("")
                + (cards.memory().isPresent()
                        ? ", " + Sizes.format(cards.memory().getAsLong()) + " of each, shared"
                        : ""));
        cards.pin().ifPresent(pin -> facts.add(pin == Pin.INDEX ? "told by number" : "told by UUID"));
    }

    private void addPlace(JobDefaults defaults) {
        List<String> interpreter = new ArrayList<>(spec.interpreter());
        interpreter.set(0, Path.of(interpreter.get(0)).getFileName().toString());
        facts.add(ShellWords.display(interpreter));
        spec.time().ifPresent(time -> facts.add("at most " + Durations.format(time)));
        if (!spec.grace().equals(defaults.grace())) {
            facts.add(Durations.format(spec.grace()) + " from SIGTERM to SIGKILL");
        }
        spec.cwd().ifPresent(cwd -> facts.add("in " + cwd));
        if (!spec.env().isEmpty()) {
            facts.add("sets " + String.join(" ", spec.env().keySet()));
        }
        if (spec.output() != defaults.output()) {
            facts.add(spec.output() == Output.SPLIT ? "stdout and stderr apart" : "stdout and stderr in one file");
        }
        spec.telling().stdout().ifPresent(path -> facts.add("output to " + path));
        spec.telling().stderr().ifPresent(path -> facts.add("stderr to " + path));
    }

    private void addTurn() {
        Turn turn = spec.turn();
        if (turn.priority() != Turn.COMMON.priority()) {
            facts.add("priority " + turn.priority());
        }
        turn.begin().ifPresent(begin -> facts.add("not before " + words(begin)));
        if (!turn.after().isEmpty()) {
            facts.add("after the success of " + names(turn.after()));
        }
        if (!turn.afterAny().isEmpty()) {
            facts.add("after the end of " + names(turn.afterAny()));
        }
        if (!turn.hosts().isEmpty()) {
            facts.add("on " + String.join(" or ", turn.hosts()));
        }
    }

    private static String names(List<Mention> jobs) {
        return String.join(" and ", jobs.stream().map(Mention::name).toList());
    }

    private static String words(Begin begin) {
        if (begin instanceof Begin.At at) {
            return at.moment().toString();
        }
        if (begin instanceof Begin.Local local) {
            return local.time().toString();
        }
        if (begin instanceof Begin.Daily daily) {
            return daily.time().toString();
        }
        return Durations.format(((Begin.After) begin).delay()) + " after it was queued";
    }

    private void addRuns() {
        Runs runs = spec.runs();
        runs.signal()
                .ifPresent(signal -> facts.add(Signals.name(signal.number()).orElse("signal " + signal.number()) + " "
                        + Durations.format(signal.before()) + " before its time is over"));
        String on = runs.retryOn().isEmpty()
                ? ""
                : " on " + runs.retryOn().stream().map(JobWords::words).collect(Collectors.joining(" or "));
        if (runs.retries() > 0) {
            facts.add("up to " + count(runs.retries(), "more run") + on);
        } else if (!on.isEmpty()) {
            facts.add("no more runs" + on + ", for retries is 0");
        }
        if (runs.onInterrupt() == Runs.OnInterrupt.REQUEUE) {
            facts.add("queued again when interrupted");
        }
        spec.telling().tell().ifPresent(tell -> facts.add("then " + ShellWords.display(tell)));
    }

    private static String words(RetryOn ending) {
        if (ending instanceof RetryOn.Code code) {
            return "exit code " + code.code();
        }
        if (ending instanceof RetryOn.Signal signal) {
            return Signals.name(signal.number()).orElse("signal " + signal.number());
        }
        return "interruption";
    }

    private void addMany() {
        spec.sweep().ifPresent(sweep -> {
            String each = sweep.axes().stream()
                    .map(axis -> axis.name() + " (" + count(axis.values().size(), "value") + ")")
                    .collect(Collectors.joining(" and "));
            String all =
                    sweep.combinations().map(number -> count(number, "job")).orElse("countless jobs");
            String sample = sweep.sample().isPresent() ? ", " + sweep.sample().getAsInt() + " of them at random" : "";
            facts.add(all + " over " + each + sample);
            sweep.maxParallel().ifPresent(most -> facts.add("at most " + most + " of them at once"));
        });
    }

    private static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
