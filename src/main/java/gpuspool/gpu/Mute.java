package gpuspool.gpu;

import java.time.Duration;
import java.util.List;

/** A driver that cannot be asked, and why. */
record Mute(String reason) implements Backend {
    @Override
    public String name() {
        return "none";
    }

    @Override
    public Survey survey() {
        return new Survey.Silence(reason);
    }

    @Override
    public List<Fault> awaitFaults(Duration most) {
        return List.of();
    }

    @Override
    public boolean reportsFaults() {
        return false;
    }

    @Override
    public void close() {
        // Nothing was opened.
    }
}
