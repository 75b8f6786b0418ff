package gpuspool.foreground;

import gpuspool.posix.ProcFiles;
import gpuspool.spool.HostNote;
import gpuspool.spool.Layout;
import gpuspool.spool.Looker;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Whether the watcher that a request waits for is there still, looked at every two seconds at most: it is rarely gone. */
final class WatcherLook {
    private static final long EVERY = TimeUnit.SECONDS.toNanos(2);

    private final Layout places;
    private final String host;
    private long looked = System.nanoTime();
    private boolean gone;

    WatcherLook(Layout places, String host) {
        this.places = places;
        this.host = host;
    }

    /** As of at most two seconds ago. */
    boolean isGone() throws IOException {
        long now = System.nanoTime();
        if (now - looked >= EVERY) {
            looked = now;
            gone = true;
            for (HostNote note : HostNote.readAll(places, new Looker(host, ProcFiles.bootId()))) {
                gone &= !note.host().equals(host) || note.life() == HostNote.Life.GONE;
            }
        }
        return gone;
    }
}
