package gpuspool.parallel;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;

/** Where people look. */
public interface Screen {
    /** What jobs print to their stdout. */
    OutputStream out();

    /** Why {@link #out} could not be written, though somebody wants it. */
    Optional<IOException> lost();

    /** What jobs print to their stderr. */
    OutputStream err();

    /** What the user should know, a line on stderr. */
    void say(String line);

    /** What becomes of a command, a line on stderr. */
    void tell(String line);

    /** Shows on a line of its own how far it has come, where somebody watches. */
    void progress(long done, long whole, String words);

    /** Takes that line away before anything else is printed. */
    void clearProgress();

    /** How often the progress is shown; empty where nobody watches. */
    Optional<Duration> pace();
}
