package gpuspool.cli;

import gpuspool.job.JobFlag;
import gpuspool.job.Suggestion;
import gpuspool.view.Table;
import gpuspool.view.Words;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Makes the parser of one verb's options, and runs it: every command but the plain {@code status} comes through here. */
final class CommandLines {
    private static final int WIDTH = 100;

    private CommandLines() {}

    static int run(String[] args, Invocation call) {
        String word = args[0];
        if (Stream.of("-h", "--help", "help").anyMatch(word::equals)) {
            if (args.length > 1 && VerbTable.named(args[1]).isPresent()) {
                return execute(VerbTable.named(args[1]).get(), call, "--help");
            }
            call.out().print(overview());
            return ExitStatus.OK.code;
        }
        if (word.startsWith("-")) {
            // `gpuspool --json` is `gpuspool status --json`.
            return execute(VerbTable.STATUS, call, args);
        }
        Optional<VerbTable> verb = VerbTable.named(word);
        if (verb.isEmpty()) {
            call.err().println(Words.safe("gpuspool: unknown verb " + word + "; " + meant(word)));
            return ExitStatus.USAGE.code;
        }
        return execute(verb.get(), call, Arrays.copyOfRange(args, 1, args.length));
    }

    /** Which verb somebody wants who wrote this one. */
    static String meant(String word) {
        List<VerbTable> usual = Habits.meant(word);
        if (!usual.isEmpty()) {
            return "did you mean "
                    + String.join(
                            " or ",
                            usual.stream()
                                    .map(verb -> verb.verb + " (" + Character.toLowerCase(verb.summary.charAt(0))
                                            + verb.summary.substring(1, verb.summary.length() - 1) + ")")
                                    .toList())
                    + "?";
        }
        List<String> words = Stream.of(VerbTable.values())
                .flatMap(known -> Stream.concat(Stream.of(known.verb), known.alias().stream()))
                .toList();
        return Suggestion.nearest(word, words)
                .map(nearest -> "did you mean " + nearest + "?")
                .orElse("the verbs: gpuspool --help");
    }

    private static int execute(VerbTable entry, Invocation call, String... args) {
        Verb verb = entry.make(call);
        // What stands behind `--` is the job's own, and none of the parser's business.
        int end = Arrays.asList(args).indexOf("--");
        if (end >= 0 && verb instanceof AddVerb add) {
            add.take(List.of(args).subList(end + 1, args.length));
            return commandLine(entry, verb, call).execute(Arrays.copyOf(args, end));
        }
        CommandLine line = commandLine(entry, verb, call);
        return verb instanceof RunVerb run ? execute(line, run, args, call) : line.execute(args);
    }

    private static int execute(CommandLine line, RunVerb run, String[] args, Invocation call) {
        SrunWords words = new SrunWords(line.getCommandSpec());
        try {
            String[] ours = words.translated(List.of(args)).toArray(String[]::new);
            if (!words.ignored().isEmpty()) {
                call.err()
                        .println(
                                Words.safe("gpuspool run: note: no effect here: " + String.join(" ", words.ignored())));
            }
            run.take(words.command());
            return line.execute(ours);
        } catch (IllegalArgumentException e) {
            call.err().println(Words.safe("gpuspool run: " + e.getMessage()));
            return ExitStatus.USAGE.code;
        }
    }

    /** The parser for a verb. */
    static CommandLine commandLine(VerbTable entry, Verb verb, Invocation call) {
        CommandLine line = new CommandLine(verb);
        CommandSpec spec = line.getCommandSpec().name(entry.verb);
        if (verb instanceof AddVerb) {
            JobOptions.addTo(spec, JobFlag.all());
        }
        if (verb instanceof RunVerb) {
            JobOptions.addTo(spec, RunVerb.jobFlags());
        }
        // What stands behind the first word is that command's own.
        line.setStopAtPositional(verb instanceof ParallelVerb);
        spec.usageMessage()
                .description(entry.summary)
                .customSynopsis(synopsis(entry, spec))
                .sortOptions(false)
                .width(WIDTH)
                .footer("Example: " + entry.example.replace("$", "$$"))
                .exitCodeListHeading("Exit status:%n")
                .exitCodeList(statuses(entry));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setOut(new PrintWriter(call.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(call.err(), true, StandardCharsets.UTF_8));
        line.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
        line.setParameterExceptionHandler((e, badArgs) -> misunderstood(e, call));
        line.setExecutionExceptionHandler((e, failed, parsed) -> failed(e, entry, call));
        return line;
    }

    private static String synopsis(VerbTable entry, CommandSpec spec) {
        String positional = spec.positionalParameters().isEmpty()
                ? ""
                : " " + spec.positionalParameters().get(0).paramLabel()
                        + (spec.positionalParameters().get(0).arity().max() > 1 ? "..." : "");
        return "gpuspool " + entry.verb + " [OPTIONS]"
                + switch (entry) {
                    case ADD -> " (FILE | - | -- COMMAND...)";
                    case PARALLEL -> " [FILE | COMMAND... [::: ARGUMENT...]...]";
                    default -> positional;
                };
    }

    private static Map<String, String> statuses(VerbTable entry) {
        Map<String, String> shown = new LinkedHashMap<>();
        entry.statuses.forEach(status -> shown.put(status.shown(), status.meaning));
        return shown;
    }

    private static int misunderstood(ParameterException e, Invocation call) {
        CommandSpec spec = e.getCommandLine().getCommandSpec();
        String message = e.getMessage();
        if (e instanceof UnmatchedArgumentException unmatched) {
            String word = unmatched.getUnmatched().get(0);
            List<String> options = spec.options().stream()
                    .flatMap(option -> Stream.of(option.names()))
                    .toList();
            message = word.startsWith("-")
                    ? "unknown option " + word
                            + Suggestion.nearest(word, options)
                                    .or(() -> spec.name().equals(VerbTable.ADD.verb)
                                            ? JobOptions.meant(word)
                                            : Optional.empty())
                                    .map(meant -> "; did you mean " + meant + "?")
                                    .orElse("; see: gpuspool " + spec.name() + " --help")
                    : "too many words, from " + word + " on; see: gpuspool " + spec.name() + " --help";
        }
        Optional<String> closed = e.getArgSpec() == null ? Optional.empty() : choices(e.getArgSpec(), e);
        if (closed.isPresent()) {
            message = closed.get();
        }
        if (e instanceof MissingParameterException missing) {
            message = missing.getMissing().get(0) instanceof OptionSpec option
                    ? option.longestName() + " has no value; write " + option.longestName() + " " + option.paramLabel()
                    : "which one? Write: gpuspool " + spec.name() + " "
                            + missing.getMissing().get(0).paramLabel();
        }
        call.err().println(Words.safe("gpuspool " + spec.name() + ": " + message));
        return ExitStatus.USAGE.code;
    }

    /** What may be written where one of a few words is wanted and another was given. */
    private static Optional<String> choices(ArgSpec arg, ParameterException e) {
        if (arg.completionCandidates() == null || e.getValue() == null) {
            return Optional.empty();
        }
        List<String> words = new ArrayList<>();
        arg.completionCandidates().forEach(words::add);
        String name = arg instanceof OptionSpec option ? option.longestName() : arg.paramLabel();
        return Optional.of(name + " " + e.getValue() + "; write "
                + String.join(", ", words.subList(0, words.size() - 1)) + " or " + words.get(words.size() - 1)
                + Suggestion.nearest(e.getValue(), words)
                        .map(nearest -> " (did you mean " + nearest + "?)")
                        .orElse(""));
    }

    private static int failed(Exception e, VerbTable entry, Invocation call) throws Exception {
        if (e instanceof ParameterException usage) {
            return misunderstood(usage, call);
        }
        if (e instanceof UncheckedIOException unchecked) {
            return Failures.tell(entry.verb, unchecked.getCause(), call.err());
        }
        if (e instanceof IOException io) {
            return Failures.tell(entry.verb, io, call.err());
        }
        throw e;
    }

    /** What {@code gpuspool VERB --help} prints. */
    static String help(VerbTable entry, Invocation call) {
        return commandLine(entry, entry.make(call), call).getUsageMessage(Ansi.OFF);
    }

    static String overview() {
        Table verbs = new Table();
        for (VerbGroup group : VerbGroup.values()) {
            verbs.row(group.heading + ":", "");
            for (VerbTable entry : group.verbs) {
                verbs.row(
                        "  " + entry.verb
                                + entry.alias().map(alias -> ", " + alias).orElse(""),
                        entry.summary);
            }
        }
        return """
                Usage: gpuspool [VERB] [OPTIONS]
                A GPU job queue made of a directory: drop a script into spool/incoming/, it runs when a GPU is free.

                """ + verbs + """

                Without a verb: status. Every verb takes --help, and --spool DIR (default: $GPUSPOOL_SPOOL, else ./spool).
                Example: gpuspool add -n 2 -- python train.py
                """;
    }
}
