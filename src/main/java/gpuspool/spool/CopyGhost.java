package gpuspool.spool;

import gpuspool.job.JobId;
import gpuspool.posix.FileFacts;
import gpuspool.posix.RawNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A second name of a copy that was queued again: after a power cut it may still lie in its job directory although it had arrived, and
 * gone on from there. It is the same inode.
 */
public final class CopyGhost {
    private CopyGhost() {}

    /** Removes the name in the job directory if the copy has another where it can have come to; tells whether it had. */
    public static boolean lay(Layout places, JobDir dir, JobDir.Contents contents, Fs fs) throws IOException {
        Path copy = dir.file(JobDir.AGAIN);
        Optional<String> identity = fs.look(copy).map(FileFacts::identity);
        if (identity.isEmpty()) {
            return false;
        }
        for (String name : contents.names()) {
            if (!DroppedName.isJob(name)) {
                continue;
            }
            for (Path place : placesOf(dir.file(name).getFileName(), dir.id(), places, fs)) {
                if (fs.look(place).map(FileFacts::identity).equals(identity)) {
                    Removal.ofGhost(places, copy, fs);
                    return true;
                }
            }
        }
        return false;
    }

    /** The queue, and the later runs of the stem. */
    private static List<Path> placesOf(Path name, JobId id, Layout places, Fs fs) throws IOException {
        List<Path> found = new ArrayList<>(
                List.of(places.incoming().resolve(name), places.held().resolve(name)));
        for (Path parent : List.of(places.running(), places.done(), places.failed())) {
            for (String entry : fs.list(parent)) {
                boolean later = JobId.parse(entry)
                        .filter(run -> run.stem().equals(id.stem()) && run.run() > id.run())
                        .isPresent();
                if (later) {
                    found.add(RawNames.resolve(parent, entry).resolve(name));
                }
            }
        }
        return found;
    }
}
