package gpuspool.watch;

import gpuspool.posix.Accounts;
import gpuspool.spool.Escapes;
import gpuspool.spool.UsageReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Has it read who had how much GPU time, and which users the weights are for, in stretches on the filer's thread. */
final class UsageDesk {
    private static final String USAGE = "usage";
    private static final String WEIGHTS = "weights";
    /** Looks at records between two of which jobs may be filed: some milliseconds. */
    private static final int STRETCH = 500;

    private final Setup setup;
    private final Clocks clocks;
    private final Executor filer;
    private final Inbox inbox;
    private final UsageReader reader;
    private final Accounts accounts = new Accounts();
    private final AtomicBoolean busy = new AtomicBoolean();
    private Map<String, Double> asked = Map.of();

    UsageDesk(Setup setup, Edges edges, Inbox inbox) {
        this.setup = setup;
        this.clocks = edges.clocks();
        this.filer = edges.filer();
        this.inbox = inbox;
        reader = new UsageReader(setup.spool().places(), edges.fs(), setup.host());
    }

    /** Has it read; an {@link Inbox.UsageRead} comes when that is done. Does nothing while it is being read. */
    void read() {
        if (busy.compareAndSet(false, true)) {
            asked = setup.settings().queue().weights();
            Map<String, Double> named = asked;
            filer.execute(() -> step(() -> {
                reader.begin(clocks.calendar().millis());
                goOn(uids(named));
            }));
        }
    }

    /** Has it read where there are other weights now. */
    void heedWeights() {
        if (!asked.equals(setup.settings().queue().weights())) {
            read();
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    private void step(Step step) {
        try {
            step.run();
        } catch (IOException e) {
            attend(e.getMessage()
                    + ". Until they can be, only what runs and what ended since counts for whose turn it is;"
                    + " tried again every 60 s");
            busy.set(false);
        } catch (Error e) {
            inbox.put(new Inbox.Broken(e));
            throw e;
        }
    }

    private void goOn(Map<Integer, Double> weights) {
        Optional<UsageReader.Read> read = reader.goOn(clocks.calendar().millis(), STRETCH);
        if (read.isEmpty()) {
            goOnLater(weights);
            return;
        }
        if (read.get().trouble().isPresent()) {
            attend(read.get().trouble().get() + ". What cannot be read counts nothing");
        } else {
            setup.attention().clear(USAGE);
        }
        busy.set(false);
        inbox.put(new Inbox.UsageRead(read.get(), weights));
    }

    private void goOnLater(Map<Integer, Double> weights) {
        try {
            filer.execute(() -> step(() -> goOn(weights)));
        } catch (RejectedExecutionException e) {
            // The watcher leaves, and nobody asks whose turn it is any more.
            busy.set(false);
        }
    }

    private void attend(String why) {
        setup.attention().set(USAGE, "the records that tell who has had how much GPU time cannot all be read: " + why);
    }

    private Map<Integer, Double> uids(Map<String, Double> named) {
        Map<Integer, Double> weights = new HashMap<>();
        List<String> wrong = new ArrayList<>();
        for (Map.Entry<String, Double> weight : named.entrySet()) {
            try {
                OptionalInt number = Accounts.number(weight.getKey());
                OptionalInt uid = number.isPresent() ? number : accounts.uid(weight.getKey());
                if (uid.isPresent()) {
                    weights.put(uid.getAsInt(), weight.getValue());
                } else {
                    wrong.add("no user is called " + Escapes.escape(weight.getKey()));
                }
            } catch (IOException e) {
                wrong.add("who " + Escapes.escape(weight.getKey()) + " is cannot be asked: " + e.getMessage());
            }
        }
        if (wrong.isEmpty()) {
            setup.attention().clear(WEIGHTS);
        } else {
            wrong.sort(null);
            setup.attention()
                    .set(
                            WEIGHTS,
                            "weights: " + String.join("; ", wrong)
                                    + ". That weight has no effect; correct it, or write the uid (setting weights)");
        }
        return weights;
    }
}
