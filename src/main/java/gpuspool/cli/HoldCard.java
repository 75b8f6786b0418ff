package gpuspool.cli;

import gpuspool.gpu.HolderLine;
import gpuspool.gpu.cuda.CudaContext;
import gpuspool.gpu.cuda.CudaException;
import gpuspool.gpu.cuda.HeldMemory;
import gpuspool.view.Words;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * {@code gpuspool hold-card [--percent N]}: a process that is on the card of {@code CUDA_VISIBLE_DEVICES} until its stdin ends; for
 * watchers, not for people, and so no {@link Verb}. Section 10.5 of {@code spool-layout.md}.
 *
 * <p>It takes memory, where it is to, says that it is on the card, gives the memory back when told, and says so; what cannot be done
 * it says and ends. See {@link HolderLine}.
 */
final class HoldCard {
    private static final String VISIBLE = "CUDA_VISIBLE_DEVICES";
    /** A driver that hangs must not keep it from ending. */
    private static final long LAST_STEP_SECONDS = 1;

    private final PrintStream out;
    private final int percent;
    /** Lines that came; an empty one after the last. */
    private final LinkedBlockingQueue<Optional<String>> orders = new LinkedBlockingQueue<>();

    private final AtomicBoolean wantsNoMemory = new AtomicBoolean();

    private HoldCard(PrintStream out, int percent) {
        this.out = out;
        this.percent = percent;
    }

    /** @param args with the verb */
    static int run(String[] args, Invocation call) {
        Optional<Integer> percent = percent(args);
        if (percent.isEmpty()) {
            return cannot(call, "-", "understand that; write: gpuspool hold-card [--percent N], N from 1 to 95");
        }
        String card = call.environment().getOrDefault(VISIBLE, "");
        if (card.isEmpty() || card.contains(",")) {
            return cannot(call, "-", "tell which card to hold: " + VISIBLE + " must name one, but is \"" + card + "\"");
        }
        HoldCard holder = new HoldCard(call.out(), percent.get());
        Thread reader = new Thread(() -> holder.read(call), "orders");
        reader.setDaemon(true);
        reader.start();
        try {
            holder.hold();
            return ExitStatus.OK.code;
        } catch (CudaException e) {
            return cannot(call, e.code().isPresent() ? Integer.toString(e.code().getAsInt()) : "-", e.getMessage());
        } catch (LinkageError e) {
            return cannot(call, "-", "call C code: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return cannot(call, "-", "wait for orders any longer");
        }
    }

    private static Optional<Integer> percent(String... args) {
        if (args.length == 1) {
            return Optional.of(0);
        }
        return args.length == 3 && args[1].equals(HolderLine.PERCENT) && args[2].matches("[1-9]|[1-8][0-9]|9[0-5]")
                ? Optional.of(Integer.valueOf(args[2]))
                : Optional.empty();
    }

    private static int cannot(Invocation call, String code, String words) {
        call.out().println(Words.line(new HolderLine.Cannot(code, words).text()));
        call.out().flush();
        return ExitStatus.FAILED.code;
    }

    private void hold() throws CudaException, InterruptedException {
        try (CudaContext context = CudaContext.open()) {
            HeldMemory memory = new HeldMemory(context);
            HeldMemory.Taken taken =
                    percent == 0 ? new HeldMemory.Taken(0, 0) : memory.take(percent, wantsNoMemory::get);
            say(new HolderLine.Holding(taken.bytes(), taken.wanted()));
            Optional<String> order = orders.take();
            while (order.isPresent()) {
                if (order.get().equals(HolderLine.FREE)) {
                    memory.giveBack();
                    say(new HolderLine.Freed());
                }
                order = orders.take();
            }
            memory.giveBack();
        }
    }

    private void say(HolderLine line) {
        out.println(Words.line(line.text()));
        out.flush();
    }

    /** Of a thread of its own: a driver that hangs is no reason to miss that the watcher is gone. */
    private void read(Invocation call) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(call.in(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.equals(HolderLine.FREE)) {
                    wantsNoMemory.set(true);
                }
                orders.add(Optional.of(line));
            }
        } catch (IOException e) {
            // Whoever cannot be heard is gone.
            say(new HolderLine.Cannot("-", "hear its orders: " + e.getMessage()));
        }
        wantsNoMemory.set(true);
        orders.add(Optional.empty());
        try {
            TimeUnit.SECONDS.sleep(LAST_STEP_SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(ExitStatus.OK.code);
    }
}
