package gpuspool.cli;

import gpuspool.job.JobFlag;
import gpuspool.job.KeyText;
import gpuspool.spool.Where;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A verb as completion and manual pages show it, read off the parser's own model, so that nothing of it is written down twice.
 *
 * @param entry its row in the table of verbs
 * @param options in the order of its help
 * @param operand what its other words are
 * @param operandText what help says of them; empty where there are none
 */
record VerbModel(VerbTable entry, String synopsis, List<Flag> options, Value operand, String operandText) {
    /** What stands for a value: what completion offers there. */
    enum Kind {
        /** No value. */
        NONE,
        /** One that nobody can guess. */
        ANY,
        FILE,
        DIRECTORY,
        /** One of a few words. */
        WORDS,
        JOBS
    }

    /**
     * A value.
     *
     * @param words for {@link Kind#WORDS}
     * @param places for {@link Kind#JOBS}: where those lie that may be named
     */
    record Value(Kind kind, String label, List<String> words, List<String> places) {}

    /**
     * An option.
     *
     * @param names short ones first
     * @param needsValue whether the value has to be there
     * @param turns what the verb's other words are when this option is given; empty where it changes nothing about them
     */
    record Flag(List<String> names, Value value, boolean needsValue, List<String> turns, String text) {}

    static List<VerbModel> all(Invocation call) {
        return Stream.of(VerbTable.values()).map(entry -> of(entry, call)).toList();
    }

    static VerbModel of(VerbTable entry, Invocation call) {
        Verb verb = entry.make(call);
        CommandLine line = CommandLines.commandLine(entry, verb, call);
        CommandSpec spec = line.getCommandSpec();
        List<OptionSpec> sorted = new ArrayList<>(spec.options());
        sorted.removeIf(OptionSpec::hidden);
        sorted.sort((one, other) -> Integer.compare(one.order(), other.order()));
        List<Flag> flags = sorted.stream().map(option -> flag(option, verb)).toList();
        boolean named = !spec.positionalParameters().isEmpty();
        ArgSpec operand = named ? spec.positionalParameters().get(0) : null;
        return new VerbModel(
                entry,
                text(spec.usageMessage().customSynopsis()),
                flags,
                named ? value(operand, verb) : none(),
                named ? text(operand.description()) : "");
    }

    /** The verb's names, the usual one first. */
    List<String> names() {
        return Stream.concat(Stream.of(entry.verb), entry.alias().stream()).toList();
    }

    private static Value none() {
        return new Value(Kind.NONE, "", List.of(), List.of());
    }

    private static Flag flag(OptionSpec option, Verb verb) {
        List<String> names = Arrays.stream(option.names())
                .sorted((one, other) -> Integer.compare(one.length(), other.length()))
                .toList();
        boolean takes = option.arity().max() > 0;
        return new Flag(
                names,
                takes ? value(option, verb) : none(),
                option.arity().min() > 0,
                takes ? List.of() : words(option),
                text(option.description()));
    }

    private static Value value(ArgSpec arg, Verb verb) {
        List<String> words = words(arg);
        List<String> jobs = List.of();
        Kind kind = switch (arg.paramLabel()) {
            case "FILE" -> Kind.FILE;
            case "DIR" -> Kind.DIRECTORY;
            case "PATH" -> Kind.FILE;
            case "JOB" -> Kind.JOBS;
            default -> Kind.ANY;
        };
        if (kind == Kind.JOBS) {
            jobs = places(verb.jobsMeant());
        }
        for (JobFlag flag : JobFlag.all()) {
            // The option of a key, of whatever verb.
            if (flag.help().equals(text(arg.description()))) {
                words = KeyText.choices(flag.key());
                kind = flag.namesJobs() ? Kind.JOBS : kind;
                jobs = flag.namesJobs() ? places(Set.of(Where.values())) : jobs;
            }
        }
        return new Value(words.isEmpty() ? kind : Kind.WORDS, arg.paramLabel(), words, jobs);
    }

    private static List<String> words(ArgSpec arg) {
        List<String> words = new ArrayList<>();
        if (arg.completionCandidates() != null) {
            arg.completionCandidates().forEach(words::add);
        }
        return words;
    }

    /** In the order in which a job travels. */
    private static List<String> places(Set<Where> places) {
        return Stream.of(Where.values())
                .filter(places::contains)
                .map(Where::word)
                .toList();
    }

    /** As help shows it. */
    private static String text(String... lines) {
        return Ansi.OFF.string(String.join(" ", lines).replace("%%", "%").replace("$$", "$"));
    }
}
