package gpuspool.parallel;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Where commands come from, one after the other. */
public interface Tasks {
    /** The next; waits for it. Empty when there are no more. */
    Optional<Task> next() throws IOException;

    /** A fixed list of them. */
    static Tasks of(List<Task> tasks) {
        java.util.Iterator<Task> rest = tasks.iterator();
        return () -> rest.hasNext() ? Optional.of(rest.next()) : Optional.empty();
    }
}
