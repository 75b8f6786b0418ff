package gpuspool.watch;

import gpuspool.spool.HostFiles;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What the operator should know now, one line a topic: said once in the log, and kept in {@code hosts/<host>/attention} until it is
 * cleared. Lines may be set and cleared from any thread.
 */
public final class Attention {
    private static final long INTERVAL = Duration.ofSeconds(1).toNanos();

    private static final long AFTER_TROUBLE = Duration.ofSeconds(10).toNanos();

    private final Consumer<String> log;
    private final Map<String, String> lines = new TreeMap<>();
    private List<String> written;
    private long nextWrite;
    private boolean wroteBefore;

    /** @param log takes one line per event */
    public Attention(Consumer<String> log) {
        this.log = log;
    }

    /**
     * Shows a line from now on, in place of the topic's former one. It is said in the log where it is new: what changes with every
     * look, such as a number of bytes, does not belong into it.
     *
     * @param topic tells apart what is cleared apart; the lines stand in the order of their topics
     */
    public synchronized void set(String topic, String line) {
        if (!line.equals(lines.put(topic, line))) {
            log.accept("attention: " + line);
        }
    }

    /** The trouble is over. */
    public synchronized void clear(String topic) {
        lines.remove(topic);
    }

    synchronized List<String> lines() {
        return List.copyOf(lines.values());
    }

    /**
     * Writes the file if it is due and would say something new; at first always, for the watcher before may have left lines. It is
     * for people only: that it cannot be written must not end the service.
     *
     * @return when to call again; {@link Engine#NEVER} when only a change brings anything new
     */
    long update(HostFiles files, long now) {
        List<String> current = lines();
        if (current.equals(written)) {
            return Engine.NEVER;
        }
        if (wroteBefore && now - nextWrite < 0) {
            return nextWrite;
        }
        wroteBefore = true;
        try {
            files.writeAttention(current);
            written = current;
            nextWrite = now + INTERVAL;
            return Engine.NEVER;
        } catch (IOException e) {
            log.accept("attention: cannot write the file attention: " + e.getMessage() + ". Next try in 10 s");
            nextWrite = now + AFTER_TROUBLE;
            return nextWrite;
        }
    }
}
