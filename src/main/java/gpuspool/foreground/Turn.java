package gpuspool.foreground;

import java.util.List;

/** How a request stands. */
public sealed interface Turn {
    /** Its turn has not come. {@code why}: for people, empty text where nobody has said it yet. */
    record Waits(String why) implements Turn {}

    /** Its cards are kept for its process, which may take them over. */
    record Given(Granted granted) implements Turn {}

    /** It can never run here. {@code reason}: for people, a line each. */
    record Refused(List<String> reason) implements Turn {}

    /** Somebody took it out of the queue, or stopped it before it began. */
    record Cancelled() implements Turn {}
}
