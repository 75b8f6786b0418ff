package gpuspool.foreground;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What somebody at a prompt wants to run.
 *
 * @param name what to call it, a valid stem
 * @param command its words, as Java shows them
 * @param settings other keys of a job file as options have them, all text
 * @param timeout how long to wait for the cards; empty: for ever; zero: not at all
 */
public record Order(String name, List<String> command, Map<String, String> settings, Optional<Duration> timeout) {
    public Order {
        command = List.copyOf(command);
        settings = Map.copyOf(settings);
    }

    /** What its job file would say, but for the process. */
    public byte[] fileWithoutProcess() {
        return wish().toml("");
    }

    Wish wish() {
        return new Wish(name, command, settings);
    }

    boolean waits() {
        return timeout.isEmpty() || !timeout.get().isZero();
    }
}
