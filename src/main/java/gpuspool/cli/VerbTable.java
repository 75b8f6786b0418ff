package gpuspool.cli;

import static gpuspool.cli.ExitStatus.FAILED;
import static gpuspool.cli.ExitStatus.HOW_MANY;
import static gpuspool.cli.ExitStatus.INTERRUPTED;
import static gpuspool.cli.ExitStatus.MANY;
import static gpuspool.cli.ExitStatus.NEVER;
import static gpuspool.cli.ExitStatus.NOT_A_SPOOL;
import static gpuspool.cli.ExitStatus.NOT_EXECUTED;
import static gpuspool.cli.ExitStatus.NOT_FOUND;
import static gpuspool.cli.ExitStatus.OF_THE_COMMAND;
import static gpuspool.cli.ExitStatus.OF_THE_JOB;
import static gpuspool.cli.ExitStatus.OK;
import static gpuspool.cli.ExitStatus.PROBLEMS;
import static gpuspool.cli.ExitStatus.TIMED_OUT;
import static gpuspool.cli.ExitStatus.TRY_AGAIN;
import static gpuspool.cli.ExitStatus.USAGE;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The verbs, in the order help shows them: what each is for, a line to paste, and how it can end. */
enum VerbTable {
    INIT("init", InitVerb::new, "Makes a spool of an absent or empty directory.", "gpuspool init --spool /data/spool"),
    WATCH(
            "watch",
            WatchVerb::new,
            "Starts jobs as GPUs become free, and files them when they end.",
            "gpuspool watch --devices 0,1 --detach",
            TRY_AGAIN),
    ADD(
            "add",
            AddVerb::new,
            "Submits a command or a script.",
            "gpuspool add -n 2 --time 4h -- python train.py --lr 3e-4",
            NEVER),
    RUN(
            List.of(OF_THE_COMMAND, FAILED, USAGE, NOT_A_SPOOL, NEVER, TRY_AGAIN, NOT_EXECUTED, NOT_FOUND),
            "run",
            RunVerb::new,
            "Waits for GPUs and runs a command right here, at the prompt.",
            "gpuspool run -n 2 python train.py --lr 3e-4"),
    PARALLEL(
            List.of(OK, HOW_MANY, MANY, INTERRUPTED, USAGE, NOT_A_SPOOL, NEVER),
            "parallel",
            ParallelVerb::new,
            "Runs many commands, each on its own GPU, without a spool: one a line, or one for each argument.",
            "gpuspool parallel --joblog runs.log python train.py --seed {} ::: 1 2 3"),
    STATUS(
            "status",
            StatusVerb::new,
            "Shows what runs, what waits and why, and what ended last.",
            "gpuspool status --json | jq '.running[].devices'"),
    SHOW("show", ShowVerb::new, "Shows all that is known of one job.", "gpuspool show exp1.2"),
    WHY("why", WhyVerb::new, "Tells why jobs wait, or what became of them, in a sentence each.", "gpuspool why exp1"),
    GPUS(
            "gpus",
            GpusVerb::new,
            "Shows the GPUs: what they do, who has them, and why one is not free.",
            "gpuspool gpus --watch"),
    TOP("top", TopVerb::new, "Shows it all live on a full screen, with keys to act on jobs.", "gpuspool top"),
    WEB("web", WebVerb::new, "Shows it all in a browser, and to other programs by HTTP.", "gpuspool web --port 9123"),
    LOG("log", LogVerb::new, "Prints what a job printed.", "gpuspool log -f exp1"),
    WAIT(
            "wait",
            WaitVerb::new,
            "Waits until jobs have ended, and ends as they did.",
            "job=$(gpuspool add train.sh) && gpuspool wait \"$job\"",
            TIMED_OUT,
            OF_THE_JOB),
    CANCEL("cancel", CancelVerb::new, "Takes jobs out of the queue, or stops them.", "gpuspool cancel exp1.2"),
    HOLD("hold", HoldVerb::new, "Takes queued jobs out of the queue and keeps them.", "gpuspool hold exp1"),
    RELEASE("release", ReleaseVerb::new, "Puts held jobs back into the queue.", "gpuspool release exp1"),
    FIRST("first", FirstVerb::new, "Sends queued jobs to the front, in the order named.", "gpuspool first exp2 exp1"),
    LAST("last", LastVerb::new, "Sends queued jobs to the end, in the order named.", "gpuspool last exp1"),
    PAUSE("pause", PauseVerb::new, "Starts nothing new; what runs runs on.", "gpuspool pause"),
    RESUME("resume", ResumeVerb::new, "Takes pause and drain back.", "gpuspool resume"),
    DRAIN(
            "drain",
            DrainVerb::new,
            "Starts nothing new, and lets the watchers leave when nothing runs.",
            "gpuspool drain --wait && sudo apt-get upgrade"),
    RETRY("retry", RetryVerb::new, "Runs ended jobs again, each as a new run.", "gpuspool retry exp1 exp2.3"),
    CLEAN("clean", CleanVerb::new, "Deletes records of ended jobs.", "gpuspool clean --older 30d --keep 1000"),
    REPORT(
            "report",
            ReportVerb::new,
            "Tells what ran in a stretch of time: a page, CSV or JSON.",
            "gpuspool report --since 30d --html report.html"),
    CHECK("check", CheckVerb::new, "Tells what is wrong with job files or settings.", "gpuspool check *.job *.toml"),
    DOCTOR(
            List.of(OK, PROBLEMS, USAGE, NOT_A_SPOOL),
            "doctor",
            DoctorVerb::new,
            "Tells what may be wrong with the spool and this machine, and what to do.",
            "gpuspool doctor --spool /data/spool"),
    COMPLETION(
            List.of(OK, FAILED, USAGE),
            "completion",
            CompletionVerb::new,
            "Prints what makes a shell complete verbs, options and names of jobs.",
            "gpuspool completion bash > ~/.local/share/bash-completion/completions/gpuspool"),
    MAN(
            List.of(OK, FAILED, USAGE),
            "man",
            ManVerb::new,
            "Shows the manual page of a verb, or writes all of them.",
            "gpuspool man --all ~/.local/share/man"),
    DEMO("demo", DemoVerb::new, "Shows a spool at work on simulated GPUs.", "gpuspool demo");

    final String verb;
    final String summary;
    final String example;

    @SuppressWarnings("ImmutableEnumChecker") // From List.copyOf.
    final List<ExitStatus> statuses;

    @SuppressWarnings("ImmutableEnumChecker") // A constructor reference.
    private final Function<Invocation, Verb> maker;

    VerbTable(String verb, Function<Invocation, Verb> maker, String summary, String example, ExitStatus... more) {
        this(plus(more), verb, maker, summary, example);
    }

    /** @param all every status it can end with */
    VerbTable(List<ExitStatus> all, String verb, Function<Invocation, Verb> maker, String summary, String example) {
        this.verb = verb;
        this.maker = maker;
        this.summary = summary;
        this.example = example;
        statuses = all;
    }

    private static List<ExitStatus> plus(ExitStatus... more) {
        List<ExitStatus> all = new ArrayList<>(List.of(OK, FAILED, USAGE, NOT_A_SPOOL));
        all.addAll(List.of(more));
        return List.copyOf(all);
    }

    Verb make(Invocation call) {
        return maker.apply(call);
    }

    Optional<String> alias() {
        return this == ADD ? Optional.of("submit") : Optional.empty();
    }

    /** The verb of that name or alias. */
    static Optional<VerbTable> named(String word) {
        for (VerbTable verb : values()) {
            if (verb.verb.equals(word) || verb.alias().filter(word::equals).isPresent()) {
                return Optional.of(verb);
            }
        }
        return Optional.empty();
    }
}
