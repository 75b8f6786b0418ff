package gpuspool.watch;

import gpuspool.gpu.Gauge;
import gpuspool.job.JobId;
import gpuspool.spool.Filing;
import gpuspool.spool.Requeue;
import gpuspool.spool.UsageReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What other threads tell the engine. Events are hints: each makes it look, none decides. */
final class Inbox {
    sealed interface Event {}

    /** Something happened to this name in incoming/. */
    record Changed(Path file) implements Event {}

    /** Something happened to this name in control/. */
    record Requested(Path file) implements Event {}

    /** Something happened, nobody knows what: look at everything. */
    record Rescan() implements Event {}

    record ProcessEnded(int pid) implements Event {}

    record Filed(List<Filing.Outcome> outcomes) implements Event {}

    /** The driver of the cards was asked, or reports a fault. */
    record OfCards(Gauge.News news) implements Event {}

    /** How far a job came on its way back into the queue; {@code error} where it went wrong. */
    record Requeued(JobId id, Optional<Requeue.Outcome> outcome, Optional<IOException> error) implements Event {}

    /** Who has had how much GPU time, as the tree says; {@code weights} by uid. */
    record UsageRead(UsageReader.Read tree, Map<Integer, Double> weights) implements Event {}
    /** How far a sweep came; {@code error} where it went wrong. */
    record OfGroup(JobId id, Optional<GroupWork.Told> told, Optional<IOException> error) implements Event {}

    /** The command that tells of a job's end has ended itself; what went wrong, if anything. */
    record Notified(String job, Optional<String> trouble) implements Event {}

    /** The user wants all running jobs stopped. */
    record StopJobs() implements Event {}

    /** Another thread can do its work no more: there is no point in going on. */
    record Broken(Error error) implements Event {}

    /** Look whether it is time to leave, nothing else. */
    record Wake() implements Event {}

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

    void put(Event event) {
        events.add(event);
    }

    List<Event> drain() {
        List<Event> taken = new ArrayList<>();
        events.drainTo(taken);
        return taken;
    }

    /** Sleeps until there is an event, at most so long; the event stays. */
    void await(long nanos) throws InterruptedException {
        Event event = events.poll(nanos, TimeUnit.NANOSECONDS);
        if (event != null) {
            // Order among events does not matter, as none of them decides anything.
            events.add(event);
        }
    }
}
