package gpuspool.watch;

import gpuspool.posix.RawNames;
import gpuspool.spool.JobDir;
import gpuspool.spool.Requeue;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Has jobs that were stopped for it, or are to run once more, put back into the queue, by the filer, whose fsyncs must never delay a
 * start.
 */
final class RequeueDesk {
    private static final String REQUEUING = "requeue ";
    private static final Duration NAME_AGAIN = Duration.ofSeconds(1);
    private static final Duration AFTER_TROUBLE = Duration.ofSeconds(10);

    private final Setup setup;
    private final Trouble trouble;
    private final Requeue requeue;
    private final Executor filer;
    private final Inbox inbox;
    private final Durable durable;

    RequeueDesk(Setup setup, Edges edges, Inbox inbox, Trouble trouble, Durable durable) {
        this.setup = setup;
        this.trouble = trouble;
        this.requeue = new Requeue(setup.spool().places(), edges.fs());
        this.filer = edges.filer();
        this.inbox = inbox;
        this.durable = durable;
    }

    /** Hands over all that are due. */
    void submit(JobBook jobs, long now) {
        for (Job job : jobs.all()) {
            if (job.phase == Job.Phase.REQUEUING && !job.filingSubmitted && job.isDue(now)) {
                job.filingSubmitted = true;
                JobDir dir = job.dir;
                Optional<Requeue.Wanted> wanted = job.wanted;
                boolean synced = durable.syncs(job);
                filer.execute(() -> advance(dir, wanted, synced));
            }
        }
    }

    /** On the filer's thread. */
    private void advance(JobDir dir, Optional<Requeue.Wanted> wanted, boolean synced) {
        try {
            Requeue.Outcome outcome = requeue.advance(dir, wanted, synced);
            inbox.put(new Inbox.Requeued(dir.id(), Optional.of(outcome), Optional.empty()));
        } catch (IOException e) {
            inbox.put(new Inbox.Requeued(dir.id(), Optional.empty(), Optional.of(e)));
        } catch (Error e) {
            inbox.put(new Inbox.Broken(e));
            throw e;
        }
    }

    /** Something happened to this name in incoming/: whoever waits for it looks at once. */
    void hint(JobBook jobs, Path file, long now) {
        for (Job job : jobs.all()) {
            if (job.phase == Job.Phase.REQUEUING && place(job).equals(file)) {
                job.wakeAt(now);
            }
        }
    }

    /** Where its copy is to lie. */
    Path place(Job job) {
        return setup.spool()
                .places()
                .incoming()
                .resolve(RawNames.resolve(job.dir.path(), job.droppedName).getFileName());
    }

    /** How far one of them came. */
    void take(Job job, Inbox.Requeued told, long now) {
        job.filingSubmitted = false;
        job.waits = "";
        if (told.error().isPresent()) {
            String why = told.error().get().getMessage();
            job.waits = "ended, but cannot be queued again: " + why;
            job.wakeAt(now + AFTER_TROUBLE.toNanos());
            trouble.is(
                    REQUEUING + job.name(),
                    "attention " + job.name() + ": cannot be queued again: " + why + ". Tried again every 10 s");
            return;
        }
        Requeue.Outcome outcome = told.outcome().orElseThrow();
        if (outcome instanceof Requeue.Waits waits) {
            job.waits = waits.why();
            job.wakeAt(now + NAME_AGAIN.toNanos());
            trouble.is(REQUEUING + job.name(), "attention " + job.name() + ": " + waits.why());
            return;
        }
        trouble.forget(REQUEUING + job.name());
        job.handedOn = outcome instanceof Requeue.Handed;
        setup.say(
                outcome instanceof Requeue.Handed handed
                        ? "queued " + job.name() + " again: incoming/" + handed.name()
                                + job.wanted
                                        .map(wanted -> " (" + wanted.words() + ")")
                                        .orElse("")
                        : job.name() + " is not queued again: it was cancelled meanwhile");
        job.phase = Job.Phase.FILING;
        job.wakeAt(now);
    }
}
