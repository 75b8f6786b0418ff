package gpuspool.spool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code hosts/<host>/fast}: lies there while jobs of this host may exist whose claim was not synced, so that after a power cut
 * nobody believes what the tree seems to say of them; {@code spool-layout.md}, section 3.1.
 */
public final class FastMark {
    private final Layout places;
    private final Path host;
    private final Path file;
    private final Fs fs;
    private boolean durable;

    public FastMark(Layout places, String host, Fs fs) {
        this.places = places;
        this.host = places.host(host);
        this.file = this.host.resolve("fast");
        this.fs = fs;
    }

    public boolean lies() throws IOException {
        return fs.look(file).isPresent();
    }

    /** Makes sure that it lies there, also after a power cut. */
    public void lay() throws IOException {
        boolean there = lies();
        if (there && durable) {
            return;
        }
        if (!there) {
            if (fs.look(host).isEmpty()) {
                fs.mkdir(host);
            }
            fs.create(file, new byte[0]);
        }
        for (Path part : List.of(file, host, places.hosts())) {
            fs.sync(part);
        }
        durable = true;
    }

    /** Takes it away, once no such job is left in running/ and that is durable itself. */
    public void lift() throws IOException {
        durable = false;
        // What was filed without a sync may be in running/ again after a power cut, as it was claimed.
        for (Path part : List.of(places.running(), places.done(), places.failed())) {
            fs.sync(part);
        }
        fs.delete(file);
        fs.sync(host);
    }
}
