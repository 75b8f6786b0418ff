package gpuspool.cli;

import gpuspool.posix.ProcFiles;
import gpuspool.spool.HostNote;
import gpuspool.view.Words;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What is known of watchers that are not there any more: since when, and whether they left or died. */
final class LostWatchers {
    private LostWatchers() {}

    /**
     * What stands behind {@code NO WATCHER}.
     *
     * @param boot this boot's id
     * @param now milliseconds since 1970
     */
    static String words(List<HostNote> hosts, String boot, long now) throws IOException {
        OptionalLong last = OptionalLong.empty();
        Optional<HostNote> latest = Optional.empty();
        for (HostNote host : hosts) {
            OptionalLong wrote = host.lastWrote();
            if (wrote.isPresent() && (last.isEmpty() || wrote.getAsLong() > last.getAsLong())) {
                last = wrote;
                latest = Optional.of(host);
            }
        }
        if (latest.isEmpty()) {
            return "";
        }
        String ago = Words.time(now - last.getAsLong());
        HostNote host = latest.get();
        if (host.watcher().facts().isEmpty()) {
            // The removal of its note was the last that it did.
            return " for " + ago;
        }
        String who = ": that of " + host.host() + " (pid "
                + host.watcher().get("pid").orElse("?") + ") ";
        boolean thisBoot = host.watcher().get("boot").orElse("").equals(boot);
        return Words.line(
                thisBoot
                        ? who + "died within the last " + ago
                        : who + "went down with the machine, which is up again for "
                                + Words.time(ProcFiles.uptimeMillis()) + "; it last wrote " + ago + " ago");
    }
}
