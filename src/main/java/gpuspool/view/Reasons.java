package gpuspool.view;

import gpuspool.spool.Fs;
import gpuspool.spool.HostNote;
import gpuspool.spool.JobDir;
import gpuspool.spool.Layout;
import gpuspool.spool.Looker;
import gpuspool.spool.RunLook;
import gpuspool.spool.StatusFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Why a job waits, or what is wrong with it, as its directory and the watchers say; for people, and not safe to print as it is. */
public final class Reasons {
    private final Layout places;
    private final Looker looker;
    private final Fs fs;

    public Reasons(Layout places, Looker looker, Fs fs) {
        this.places = places;
        this.looker = looker;
        this.fs = fs;
    }

    /** @param fileName of a file in the queue; empty text where no watcher says anything of it */
    public String ofQueued(String fileName) throws IOException {
        return told(fileName);
    }

    /** Empty text where nobody says anything; what its directory says may have several lines. */
    public String of(RunLook look) throws IOException {
        if (!look.note().isEmpty()) {
            return look.note();
        }
        String told = look.where().isEnd() ? "" : told(look.dir().id().toString());
        return told.isEmpty() && look.contents().has(JobDir.REASON)
                ? new String(fs.read(look.dir().file(JobDir.REASON), StatusFile.LARGEST), StandardCharsets.UTF_8)
                : told;
    }

    private String told(String name) throws IOException {
        return HostNote.reason(HostNote.readAll(places, looker), name).orElse("");
    }
}
