package gpuspool.watch;

import io.methvin.watcher.DirectoryChangeEvent;
import io.methvin.watcher.DirectoryChangeListener;
import io.methvin.watcher.DirectoryWatcher;
import io.methvin.watcher.visitor.FileTreeVisitor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executor;
import org.slf4j.helpers.NOPLogger;

/**
 * Tells quickly that something changed in a few directories. Never to be relied on: events are lost in bursts, and there are none
 * for what another host does.
 */
final class Hints implements AutoCloseable {
    private final DirectoryWatcher watcher;
    private final Inbox inbox;

    /**
     * Watches the directories themselves, nothing below them.
     *
     * @param jobs where a change names a job file
     * @param requests where a change names a request
     * @param settings a file any change of which means: look again
     * @param beside called when anything else changes in the directory that holds it
     */
    Hints(Path jobs, Path requests, Path settings, Runnable beside, Inbox inbox) throws IOException {
        List<Path> all = List.of(jobs, requests, settings.getParent());
        watcher = DirectoryWatcher.builder()
                .paths(all)
                // Hashing would read every file, and block for ever on a named pipe.
                .fileHashing(false)
                .fileTreeVisitor(onlyThemselves(all))
                .logger(NOPLogger.NOP_LOGGER)
                .listener(new Listener(jobs, requests, settings, beside, inbox))
                .build();
        this.inbox = inbox;
    }

    /** Registers the directories; what changes after this returns is told. */
    void start() {
        Executor thread = task -> {
            Thread runner = new Thread(task, "hints");
            runner.setDaemon(true);
            runner.start();
        };
        // Should it ever end, its last word is a rescan, and the reconcile scan goes on without it.
        var unused = watcher.watchAsync(thread)
                .whenComplete((nothing, why) ->
                        inbox.put(why instanceof Error broken ? new Inbox.Broken(broken) : new Inbox.Rescan()));
    }

    private static FileTreeVisitor onlyThemselves(List<Path> roots) {
        return (path, onDirectory, onFile) -> {
            if (roots.contains(path)) {
                onDirectory.call(path);
            } else {
                // A directory that somebody dropped: told like a file, so that it is shown at once, and not gone into.
                onFile.call(path);
            }
        };
    }

    private record Listener(Path jobs, Path requests, Path settings, Runnable beside, Inbox inbox)
            implements DirectoryChangeListener {
        @Override
        public void onEvent(DirectoryChangeEvent event) {
            Path parent = event.path() == null ? null : event.path().getParent();
            if (settings.getParent().equals(parent) && !settings.equals(event.path())) {
                beside.run();
                return;
            }
            // Vanished files too: one that was taken out of the queue by hand must not go on holding up the others.
            if (jobs.equals(parent)) {
                inbox.put(new Inbox.Changed(event.path()));
            } else if (requests.equals(parent)) {
                inbox.put(new Inbox.Requested(event.path()));
            } else {
                inbox.put(new Inbox.Rescan());
            }
        }

        /** Called also where the library should have reported an overflow. */
        @Override
        public void onException(Exception e) {
            inbox.put(new Inbox.Rescan());
        }
    }

    @Override
    public void close() throws IOException {
        watcher.close();
    }
}
