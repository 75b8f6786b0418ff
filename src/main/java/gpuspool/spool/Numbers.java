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
 * <p>A stem that only ever ran once here is not remembered, so that a long history costs no memory: its claim starts at 1
 * and finds 1 taken.
 */
public final class Numbers {
    private final String host;
    private final Map<String, Integer> highest = new HashMap<>();

    public Numbers(String host) {
        this.host = host;
    }

    /** Learns from the tree. */
    public void learn(Layout places, Fs fs) throws IOException {
        for (Path directory : List.of(places.running(), places.done(), places.failed())) {
            for (String name : fs.list(directory)) {
                JobId.parse(name).ifPresent(this::taken);
            }
        }
    }

    public void taken(JobId id) {
        if (id.run() > 1 || !id.host().equals(host)) {
            highest.merge(id.stem(), id.run(), Math::max);
        }
    }

    /** The first number to try. */
    public int next(String stem) {
        return highest.getOrDefault(stem, 0) + 1;
    }
}
