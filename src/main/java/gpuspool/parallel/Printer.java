package gpuspool.parallel;

import gpuspool.job.JobId;
import gpuspool.posix.FailureText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Shows what jobs print, and what there is to say of them, on a thread of its own: a terminal stopped by Ctrl-S, or a pipe that nobody
 * reads, must not keep jobs from starting. What was not shown yet stays in its files.
 */
final class Printer {
    private static final long LOOK_MILLIS = 100;
    private static final long HOUR_MILLIS = 3_600_000;

    private final Screen screen;
    private final Shelf shelf;
    private final OutputMode mode;
    private final boolean inOrder;
    private final BlockingQueue<Step> steps = new LinkedBlockingQueue<>();
    /** How far it has come, where that waits to be shown. */
    private final AtomicReference<Step> progress = new AtomicReference<>();

    private final Map<Long, List<Tail>> tails = new HashMap<>();
    /** What is held back until those before it were shown, by number. */
    private final Map<Long, Step> held = new TreeMap<>();

    private long next = 1;
    private final Thread thread = new Thread(this::run, "printer");

    private interface Step {
        void run() throws IOException;
    }

    /** @param inOrder whether what jobs print comes in the order of their numbers */
    Printer(Screen screen, Shelf shelf, OutputMode mode, boolean inOrder) {
        this.screen = screen;
        this.shelf = shelf;
        this.mode = mode;
        this.inOrder = inOrder;
        thread.setDaemon(true);
        thread.start();
    }

    /** What the user should know. */
    void say(String line) {
        steps.add(() -> {
            screen.clearProgress();
            screen.say(line);
        });
    }

    /** What became of a command. */
    void tell(String line) {
        steps.add(() -> {
            screen.clearProgress();
            screen.tell(line);
        });
    }

    /** Only the latest is ever shown: a terminal that is stopped for hours must not have them all piled up. */
    void progress(long done, long whole, String words) {
        Step step = () -> screen.progress(done, whole, words);
        if (progress.getAndSet(step) == null) {
            steps.add(() -> progress.getAndSet(null).run());
        }
    }

    void started(Task task, JobId id) {
        if (mode == OutputMode.LINE && !inOrder) {
            steps.add(() -> {
                Shelf.Prints prints = shelf.running(task, id);
                tails.put(
                        task.seq(),
                        List.of(new Tail(prints.stdout(), screen.out()), new Tail(prints.stderr(), screen.err())));
            });
        }
    }

    /** @param keep whether its files and its record are to stay */
    void ended(Task task, JobId id, boolean done, boolean keep) {
        steps.add(() -> inTurn(task.seq(), () -> {
            show(task, id, done);
            if (!keep && !hasLost()) {
                shelf.clear(task, id, done);
            }
        }));
    }

    /** Another attempt follows: what it has printed so far is not shown. */
    void again(Task task) {
        steps.add(() -> forget(task.seq()));
    }

    /** Nothing will come of this number. */
    void skip(long seq) {
        steps.add(() -> inTurn(seq, () -> {}));
    }

    private void inTurn(long seq, Step step) throws IOException {
        if (!inOrder) {
            step.run();
            return;
        }
        held.put(seq, step);
        for (Step turn = held.remove(next); turn != null; turn = held.remove(next)) {
            next++;
            turn.run();
        }
    }

    private void show(Task task, JobId id, boolean done) throws IOException {
        if (mode == OutputMode.NONE) {
            return;
        }
        List<Tail> shown = tails.remove(task.seq());
        if (shown == null) {
            Shelf.Prints prints = shelf.ended(task, id, done);
            shown = List.of(new Tail(prints.stdout(), screen.out()), new Tail(prints.stderr(), screen.err()));
        }
        screen.clearProgress();
        for (Tail tail : shown) {
            try (tail) {
                tail.finish();
            }
        }
        flush();
    }

    /** Whether some of what jobs printed is in their files alone. */
    boolean hasLost() {
        return screen.lost().isPresent();
    }

    private void forget(long seq) throws IOException {
        List<Tail> open = tails.remove(seq);
        for (Tail tail : open == null ? List.<Tail>of() : open) {
            tail.close();
        }
    }

    private void follow() throws IOException {
        boolean any = false;
        for (List<Tail> open : new ArrayList<>(tails.values())) {
            for (Tail tail : open) {
                if (!any) {
                    screen.clearProgress();
                }
                any |= tail.more();
            }
        }
        if (any) {
            flush();
        }
    }

    private void flush() throws IOException {
        screen.out().flush();
        screen.err().flush();
    }

    private void run() {
        boolean over = false;
        while (!over) {
            try {
                Step step = steps.poll(tails.isEmpty() ? HOUR_MILLIS : LOOK_MILLIS, TimeUnit.MILLISECONDS);
                over = step == END;
                if (step != null) {
                    step.run();
                } else {
                    follow();
                }
            } catch (IOException e) {
                screen.say("cannot show what a job printed: " + FailureText.of(e));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                over = true;
            }
        }
        screen.clearProgress();
    }

    private static final Step END = () -> {};

    /** Waits until all is shown, and those that were held back. */
    void finish() throws InterruptedException {
        steps.add(() -> {
            for (Step turn : new ArrayList<>(held.values())) {
                turn.run();
            }
            held.clear();
        });
        steps.add(END);
        thread.join();
    }
}
