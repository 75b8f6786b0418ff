package gpuspool.foreground;

import gpuspool.job.Foreground;
import gpuspool.posix.Become;
import gpuspool.posix.NativeCode;
import gpuspool.posix.Origin;
import gpuspool.posix.ProcFiles;
import gpuspool.spool.Fs;
import gpuspool.spool.Spool;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Runs a command in the foreground by way of the queue: this process waits for its turn, and then becomes the command. */
public final class QueuedRun {
    /** A watcher that lives has said by then why a job does not start. */
    private static final Duration ANSWER = Duration.ofSeconds(15);

    /** What was claimed is granted by then, unless its watcher was killed in between. */
    private static final Duration CLAIMED = Duration.ofSeconds(10);

    private static final long LOOK = 20;

    private final Spool spool;
    private final String host;
    private final Fs fs;
    private final Teller teller;

    public QueuedRun(Spool spool, String host, Fs fs, Teller teller) {
        this.spool = spool;
        this.host = host;
        this.fs = fs;
        this.teller = teller;
    }

    /** Returns only where this process did not become the command. */
    public Outcome run(Order order, Map<String, String> environment) throws IOException, InterruptedException {
        Command command = Command.of(order.command());
        Optional<Outcome> trouble = command.trouble(teller);
        if (trouble.isPresent()) {
            return trouble.get();
        }
        NativeCode.prepare();
        int pid = ProcFiles.ownPid();
        Foreground process = new Foreground(host, pid, ProcFiles.startTicks(pid).orElseThrow());
        Request request = Request.drop(spool, process, order.wish(), fs);
        GiveUp giveUp = new GiveUp(request, teller);
        giveUp.arm();
        Turn turn = await(request, order);
        if (turn instanceof Turn.Given given) {
            Become become = new Become(Origin.of(environment));
            become.stopListening();
            if (!giveUp.isTooLate()) {
                return takeOver(given.granted(), command, become);
            }
        }
        if (giveUp.isTooLate()) {
            // It ends by itself in a moment.
            Thread.sleep(Long.MAX_VALUE);
        }
        teller.done();
        return end(turn, order, request);
    }

    private Turn await(Request request, Order order) throws IOException, InterruptedException {
        Told told = new Told(request.name() + " waits: ");
        Turn turn = order.waits() ? request.await(order.timeout(), told) : atOnce(request);
        if (turn instanceof Turn.Waits && !request.withdraw()) {
            // Claimed just now: its cards come, or it is over.
            turn = request.await(Optional.of(CLAIMED), told);
            if (turn instanceof Turn.Waits) {
                request.stop();
            }
        }
        return turn;
    }

    /** Waits only until it is known whether it has to wait. */
    private static Turn atOnce(Request request) throws IOException, InterruptedException {
        long began = System.nanoTime();
        Turn turn = request.look();
        while (turn instanceof Turn.Waits waits
                && waits.why().isEmpty()
                && System.nanoTime() - began < ANSWER.toNanos()) {
            Thread.sleep(LOOK);
            turn = request.look();
        }
        return turn;
    }

    private Outcome takeOver(Granted granted, Command command, Become become) throws IOException, InterruptedException {
        Optional<Taken> taken = granted.takeOver(new Told(""));
        teller.done();
        if (taken.isEmpty()) {
            return cancelled();
        }
        return command.become(
                become,
                taken.get().locks(),
                taken.get().grant().environment(),
                taken.get().grant().unset(),
                teller);
    }

    private Outcome end(Turn turn, Order order, Request request) {
        if (turn instanceof Turn.Refused refused) {
            List<String> reason = refused.reason();
            for (String line :
                    reason.isEmpty() ? List.of("it was refused; see: gpuspool why " + request.name()) : reason) {
                teller.note(line);
            }
            return Outcome.NEVER;
        }
        if (turn instanceof Turn.Waits waits) {
            String why = waits.why().isEmpty() ? "the watcher has not said yet what it waits for" : waits.why();
            teller.note((order.waits() ? "the time to wait is over: " : "not now: ") + why);
            return Outcome.NOT_NOW;
        }
        return cancelled();
    }

    private Outcome cancelled() {
        teller.note("it was cancelled while it waited");
        return Outcome.CANCELLED;
    }

    /** Not a lambda: the first of a process takes longer to make than all the rest here. */
    private final class Told implements Consumer<String>, Granted.Patience<RuntimeException> {
        private final String before;
        private String last = "";

        Told(String before) {
            this.before = before;
        }

        @Override
        public void accept(String why) {
            teller.waits(before + why);
        }

        @Override
        public void waits(String why) {
            if (!why.equals(last)) {
                last = why;
                accept(why);
            }
        }
    }
}
