package gpuspool.parallel;

import gpuspool.job.Durations;
import gpuspool.posix.FailureText;
import gpuspool.view.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The one thread that decides: which command comes into the queue next, what becomes of one that failed, and when it is over. It learns of
 * everything by events, and never waits for anybody else.
 */
final class Conductor {
    private static final int LONGEST_SHOWN = 100;
    private static final long LONG_MILLIS = 3_600_000;
    private static final long SOON_MILLIS = 1_000;
    private static final int INTERRUPTED = 130;

    private enum Stage {
        GOING,
        /** Nothing more is started. */
        DRAINING,
        /** What runs is being stopped. */
        STOPPING
    }

    private final Work work;
    private final Desk desk;
    private final Shelf shelf;
    private final JobText text;
    private final ReadAhead input;
    private final Printer printer;
    private final Optional<Duration> pace;
    private final BlockingQueue<Event> events;

    private final Map<String, Attempt> open = new HashMap<>();
    private final Deque<Attempt> again = new ArrayDeque<>();
    private final BitSet slots = new BitSet();
    private Optional<Attempt> refused = Optional.empty();
    private Stage stage = Stage.GOING;
    private Tally tally = Tally.NOTHING;
    private OptionalLong firstStart = OptionalLong.empty();
    private long leftOver;
    private long stopped;
    private boolean interrupted;
    private Optional<String> abandoned = Optional.empty();

    Conductor(
            Work work,
            Desk desk,
            Shelf shelf,
            JobText text,
            ReadAhead input,
            Printer printer,
            Optional<Duration> pace,
            BlockingQueue<Event> events) {
        this.work = work;
        this.desk = desk;
        this.shelf = shelf;
        this.text = text;
        this.input = input;
        this.printer = printer;
        this.pace = pace;
        this.events = events;
    }

    /** What came of it all. */
    record Outcome(int status, boolean clean) {}

    Outcome run() throws InterruptedException {
        while (true) {
            launch();
            showProgress();
            if (isOver()) {
                break;
            }
            Event event = events.poll(patience(), TimeUnit.MILLISECONDS);
            while (event != null) {
                take(event);
                event = events.poll();
            }
        }
        return outcome();
    }

    private long patience() {
        long most = refused.isPresent() ? SOON_MILLIS : LONG_MILLIS;
        return open.isEmpty()
                ? most
                : Math.min(most, pace.map(Duration::toMillis).orElse(most));
    }

    private boolean isOver() {
        boolean nothingComes = stage != Stage.GOING || input.isOver() && again.isEmpty() && refused.isEmpty();
        return abandoned.isPresent() || open.isEmpty() && nothingComes;
    }

    private void launch() {
        input.total().ifPresent(total -> tally = tally.of(total));
        while (stage == Stage.GOING && open.size() < work.atOnce() + work.ahead()) {
            Optional<Attempt> next = next();
            if (next.isEmpty() || !submit(next.get())) {
                return;
            }
        }
    }

    private Optional<Attempt> next() {
        if (refused.isPresent()) {
            return refused;
        }
        if (!again.isEmpty()) {
            return Optional.of(again.remove());
        }
        Optional<Task> task = input.poll();
        while (task.isPresent() && work.skip().contains(task.get().seq())) {
            tally = tally.skippedOne();
            printer.skip(task.get().seq());
            task = input.poll();
        }
        return task.map(first -> attempt(first, 1));
    }

    private Attempt attempt(Task task, int number) {
        int slot = slots.nextClearBit(0);
        slots.set(slot);
        return new Attempt(task, number, desk.stem(task.seq(), number), slot + 1);
    }

    private boolean submit(Attempt attempt) {
        try {
            // Before: its end may be told before this returns.
            open.put(attempt.stem, attempt);
            desk.submit(attempt.stem, text.of(attempt.task, shelf.keys(attempt.task), attempt.slot));
            refused = Optional.empty();
            return true;
        } catch (IOException e) {
            open.remove(attempt.stem);
            if (refused.isEmpty()) {
                printer.say("cannot queue command " + attempt.task.seq() + ": " + FailureText.of(e)
                        + "; tried again every second");
            }
            refused = Optional.of(attempt);
            return false;
        }
    }

    private void take(Event event) {
        if (event instanceof Event.Started started) {
            started(started);
        } else if (event instanceof Event.Ended ended) {
            ended(ended);
        } else if (event instanceof Event.Vanished vanished) {
            vanished(vanished.stem());
        } else if (event instanceof Event.Interrupt interrupt) {
            interrupt(interrupt);
        } else if (event instanceof Event.WatcherLeft left) {
            abandoned = Optional.of(left.why());
        }
    }

    private void started(Event.Started started) {
        Attempt attempt = open.get(started.id().stem());
        if (attempt == null || attempt.started.isPresent()) {
            return;
        }
        attempt.id = Optional.of(started.id());
        attempt.started = Optional.of(started.at());
        tally = tally.startedOne();
        if (firstStart.isEmpty()) {
            firstStart = OptionalLong.of(System.nanoTime());
        }
        printer.started(attempt.task, started.id());
        if (!work.quiet()) {
            String where = started.cards().isEmpty() ? "" : " on GPU " + started.cards();
            printer.tell(label(attempt) + " started" + where + ": " + shown(attempt.task));
        }
    }

    private String label(Attempt attempt) {
        String of = tally.total().isPresent() ? "/" + tally.total().getAsLong() : "";
        String again = attempt.number == 1 ? "" : " try " + attempt.number;
        return "[" + attempt.task.seq() + of + again + "]";
    }

    private static String shown(Task task) {
        String line = Raw.shown(task.command());
        return Words.line(line.length() <= LONGEST_SHOWN ? line : line.substring(0, LONGEST_SHOWN) + "…");
    }

    private void ended(Event.Ended ended) {
        Attempt attempt = open.remove(ended.id().stem());
        if (attempt == null) {
            return;
        }
        slots.clear(attempt.slot - 1);
        if (attempt.started.isPresent()) {
            tally = tally.leftOne();
        }
        Result result = ended.result();
        boolean retry = !result.succeeded()
                && !attempt.stopped
                && stage == Stage.GOING
                && attempt.number < work.tries()
                && attempt.started.isPresent();
        tell(attempt, ended, retry);
        if (retry) {
            printer.again(attempt.task);
            again.add(attempt(attempt.task, attempt.number + 1));
            return;
        }
        if (attempt.stopped) {
            stopped++;
        } else {
            tally = result.succeeded() ? tally.succeededOne() : tally.failedOne(result.status());
            log(attempt, ended);
        }
        printer.ended(attempt.task, ended.id(), ended.done(), !result.succeeded());
        obey(work.halt().advice(tally));
    }

    private void tell(Attempt attempt, Event.Ended ended, boolean retry) {
        Result result = ended.result();
        if (work.quiet() && result.succeeded()) {
            return;
        }
        String time = result.ran().map(ran -> " in " + Durations.format(ran)).orElse("");
        String more = retry ? "; run again" : attempt.stopped ? ", stopped" : "";
        String which = work.quiet() ? ": " + shown(attempt.task) : "";
        String why = result.isPlain() || attempt.stopped
                ? ""
                : desk.reason(ended.id(), ended.done())
                        .map(text -> ": " + Words.line(text))
                        .orElse("");
        printer.tell(label(attempt) + " finished" + time + ": " + result.described() + more + which + why);
    }

    private void log(Attempt attempt, Event.Ended ended) {
        if (work.log().isEmpty()) {
            return;
        }
        try {
            work.log()
                    .get()
                    .add(
                            attempt.task,
                            attempt.started.orElseGet(Instant::now),
                            ended.result(),
                            size(shelf.ended(attempt.task, ended.id(), ended.done())
                                    .stdout()));
        } catch (IOException e) {
            printer.say("cannot note command " + attempt.task.seq() + " in the joblog: " + FailureText.of(e)
                    + "; with --resume it would run again");
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            // It never printed, or never ran.
            return 0;
        }
    }

    private void vanished(String stem) {
        Attempt attempt = open.remove(stem);
        if (attempt != null) {
            slots.clear(attempt.slot - 1);
            leftOver++;
            printer.skip(attempt.task.seq());
            printer.tell(label(attempt) + " was taken out of the queue: " + shown(attempt.task));
        }
    }

    private void obey(Halt.Advice advice) {
        if (advice == Halt.Advice.START_NOTHING && stage == Stage.GOING) {
            drain("--halt");
        } else if (advice == Halt.Advice.STOP_ALL && stage != Stage.STOPPING) {
            stage = Stage.STOPPING;
            withdraw();
            stop();
            printer.say("--halt: what runs is stopped");
        }
    }

    private void interrupt(Event.Interrupt interrupt) {
        interrupted = true;
        if (stage == Stage.GOING) {
            drain(interrupt.name());
        } else if (interrupt.mayStop() && stage == Stage.DRAINING) {
            stage = Stage.STOPPING;
            stop();
            printer.say(interrupt.name() + " again: what runs is stopped");
        }
    }

    private void drain(String why) {
        stage = Stage.DRAINING;
        withdraw();
        String runs = open.isEmpty()
                ? "none runs"
                : Words.count(open.size(), "job") + (open.size() == 1 ? " runs" : " run")
                        + " on; Ctrl-C (again) stops what runs";
        printer.say(why + ": nothing more is started; " + runs);
    }

    /** Takes out of the queue what has not begun. */
    private void withdraw() {
        leftOver += again.size() + (refused.isPresent() ? 1 : 0);
        again.clear();
        refused = Optional.empty();
        for (Attempt attempt : List.copyOf(open.values())) {
            if (attempt.started.isEmpty()) {
                withdraw(attempt);
            }
        }
    }

    private void withdraw(Attempt attempt) {
        try {
            if (desk.withdraw(attempt.stem)) {
                open.remove(attempt.stem);
                slots.clear(attempt.slot - 1);
                leftOver++;
                printer.skip(attempt.task.seq());
            }
        } catch (IOException e) {
            printer.say("cannot take command " + attempt.task.seq() + " out of the queue: " + FailureText.of(e)
                    + "; it may still run");
        }
    }

    private void stop() {
        for (Attempt attempt : new ArrayList<>(open.values())) {
            try {
                desk.stop(attempt.stem);
                attempt.stopped = true;
            } catch (IOException e) {
                printer.say("cannot stop command " + attempt.task.seq() + ": " + FailureText.of(e) + "; it runs on");
            }
        }
    }

    private void showProgress() {
        if (pace.isPresent() && firstStart.isPresent()) {
            Duration spent = Duration.ofNanos(System.nanoTime() - firstStart.getAsLong());
            printer.progress(
                    tally.ended(),
                    tally.total().orElse(tally.ended() + tally.running()) - tally.skipped(),
                    Eta.words(tally, spent));
        }
    }

    private Outcome outcome() {
        abandoned.ifPresent(
                why -> printer.say(why + "; " + Words.count(open.size(), "command") + " not ended: what runs runs on"));
        input.trouble().ifPresent(why -> printer.say("cannot read the commands to their end: " + FailureText.of(why)));
        boolean untold = abandoned.isPresent() || input.trouble().isPresent();
        int status = work.halt().status(tally);
        boolean halted = work.halt().advice(tally) != Halt.Advice.GO_ON;
        if (status == 0 && untold) {
            status = 1;
        }
        if (status == 0 && interrupted && !halted && (leftOver + stopped > 0 || !input.isOver())) {
            status = INTERRUPTED;
        }
        return new Outcome(status, tally.failed() == 0 && (stopped == 0 || halted) && open.isEmpty());
    }
}
