package gpuspool.watch;

import gpuspool.posix.Pinned;
import gpuspool.spool.Layout;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The directories that a watcher stands on. Names may come to lead elsewhere while it watches, and nothing tells of it: a root that
 * is renamed raises no event, and one that is made anew is never heard of again. So it looks.
 */
final class Footing implements AutoCloseable {
    private static final long ALL_EVERY = Duration.ofSeconds(1).toNanos();

    /** By these alone a job can be started in a wrong place: asked at every turn. */
    private final Map<Path, Pinned> first = new LinkedHashMap<>();

    private final Map<Path, Pinned> others = new LinkedHashMap<>();
    private long nextOfAll;
    private volatile boolean suspected;

    private Footing(long now) {
        nextOfAll = now;
    }

    /** Stands on what lies there now. {@code named}: the root by the name the user gave, which may be a symbolic link. */
    static Footing on(Path named, Layout places, long now) throws IOException {
        Footing footing = new Footing(now);
        try {
            for (Path name : List.of(named, places.incoming(), places.running())) {
                footing.first.put(name, Pinned.at(name));
            }
            footing.others.put(places.format(), Pinned.at(places.format()));
            for (Path name : places.mendable()) {
                footing.others.put(name, Pinned.at(name));
            }
            return footing;
        } catch (IOException e) {
            footing.close();
            throw e;
        }
    }

    /** What is no longer as it was when the watcher came; empty while all is. */
    Optional<String> lost(long now) {
        Optional<String> lost = look(first);
        if (lost.isEmpty() && (suspected || now - nextOfAll >= 0)) {
            suspected = false;
            nextOfAll = now + ALL_EVERY;
            lost = look(others);
        }
        return lost;
    }

    /** Called from another thread: something changed in the root, so the next look is at everything. */
    void suspect() {
        suspected = true;
    }

    private static Optional<String> look(Map<Path, Pinned> parts) {
        for (Map.Entry<Path, Pinned> part : parts.entrySet()) {
            try {
                Optional<Boolean> same = part.getValue().isAt(part.getKey());
                if (same.isEmpty()) {
                    return Optional.of(part.getKey() + " is gone");
                } else if (!same.get()) {
                    return Optional.of(part.getKey() + " is another one now");
                }
            } catch (IOException e) {
                return Optional.of(part.getKey() + " cannot be looked at: " + e.getMessage());
            }
        }
        return Optional.empty();
    }

    /** The root that the watcher came to, wherever it is now. */
    Path root() {
        return first.values().iterator().next().path();
    }

    @Override
    public void close() {
        first.values().forEach(Pinned::close);
        others.values().forEach(Pinned::close);
    }
}
