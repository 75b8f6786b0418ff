package gpuspool.parallel;

import java.io.IOException;
import java.util.Optional;

/** Where commands come from, one after the other. */
public interface Tasks {
    /** The next; waits for it. Empty when there are no more. */
    Optional<Task> next() throws IOException;
}
