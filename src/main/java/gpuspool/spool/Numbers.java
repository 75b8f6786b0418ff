package gpuspool.spool;

import gpuspool.job.JobId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The highest run number of each stem, learnt from one look at running/, done/ and failed/ and kept up by our own claims. A
 * hint only: the mkdir and the look after it decide (see {@link Claims}).
 *
 * <p>It remembers numbers of runs whose records were cleaned away since; most stems ran once, and of those next to nothing is kept, so
 * that a long history costs little memory.
 */
public final class Numbers {
    private final Map<String, Integer> highest = new HashMap<>();
    private final StemSet ranOnce = new StemSet();

    /** Learns from the tree. */
    public void learn(Layout places, Fs fs) throws IOException {
        for (Path directory : List.of(places.running(), places.done(), places.failed())) {
            for (String name : fs.list(directory)) {
                JobId.parse(name).ifPresent(this::taken);
            }
        }
    }

    public void taken(JobId id) {
        if (id.run() > 1) {
            highest.merge(id.stem(), id.run(), Math::max);
        } else {
            ranOnce.add(id.stem());
        }
    }

    /** The first number to try. */
    public int next(String stem) {
        return highest.getOrDefault(stem, ranOnce.contains(stem) ? 1 : 0) + 1;
    }
}
