package gpuspool.watch;

import gpuspool.gpu.Device;
import gpuspool.gpu.HolderLine;
import gpuspool.plan.HoldPlan;
import gpuspool.posix.Helper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.BiConsumer;

/** One process that is on one card for us. Used by one thread, but for what is heard of it. */
final class Holder {
    private static final String VISIBLE = "CUDA_VISIBLE_DEVICES";

    final Device device;
    HoldPlan.Held held = HoldPlan.Held.KEPT;

    /** When it was told to end; empty while it is wanted. */
    private OptionalLong closedAt = OptionalLong.empty();

    private boolean killed;
    /** The first that was heard from it which it does not say by itself: from what starts it, or from a library. */
    private Optional<String> strange = Optional.empty();

    private final Helper process;

    /**
     * Starts it.
     *
     * @param percent of the card's free memory, 0 for none
     * @param said takes each line, in another thread
     * @param ended told once it is gone, in another thread
     */
    Holder(
            Device device,
            int percent,
            List<String> program,
            Map<String, String> environment,
            BiConsumer<Holder, HolderLine> said,
            BiConsumer<Holder, String> ended) {
        this.device = device;
        List<String> command = new ArrayList<>(program);
        command.add(HolderLine.VERB);
        if (percent > 0) {
            command.addAll(List.of(HolderLine.PERCENT, Integer.toString(percent)));
        }
        List<String> variables = new ArrayList<>();
        environment.forEach((name, value) -> {
            if (!name.equals(VISIBLE)) {
                variables.add(name + "=" + value);
            }
        });
        variables.add(VISIBLE + "=" + device.id().visible());
        process = Helper.start(command, variables, new Helper.Listener() {
            @Override
            public void said(String line) {
                said.accept(Holder.this, HolderLine.parse(line));
            }

            @Override
            public void ended(String how) {
                ended.accept(Holder.this, how);
            }
        });
    }

    OptionalInt pid() {
        return process.pid();
    }

    void freeMemory() {
        process.send(HolderLine.FREE);
    }

    void close(long now) {
        if (closedAt.isEmpty()) {
            closedAt = OptionalLong.of(now);
            process.close();
        }
    }

    boolean isClosed() {
        return closedAt.isPresent();
    }

    /** When it should have ended; empty while it is wanted, and once it was killed. */
    OptionalLong patience(long most) {
        return closedAt.isPresent() && !killed ? OptionalLong.of(closedAt.getAsLong() + most) : OptionalLong.empty();
    }

    void kill() throws IOException {
        killed = true;
        process.kill();
    }

    void heard(HolderLine.Other line) {
        strange = strange.or(() -> Optional.of(line.text()));
    }

    /** Why it ended though it was wanted. */
    String unexpected(String how) {
        return "the process that was to hold it " + how
                + strange.map(words -> ": " + words).orElse("");
    }
}
