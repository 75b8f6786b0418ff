package gpuspool.watch;

import gpuspool.spool.Filing;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;

/** Hands ended jobs to the filer, whose fsyncs must never delay a start, and takes back what could not be filed. */
final class FilingDesk {
    private static final String FILING = "file ";
    private static final Duration NEXT_TRY = Duration.ofSeconds(30);

    private final Trouble trouble;
    private final Filing filing;
    private final Executor filer;
    private final Inbox inbox;
    private final RecordDesk record;
    private final BlockingQueue<Filing.Ended> ended = new LinkedBlockingQueue<>();

    FilingDesk(Setup setup, Edges edges, Inbox inbox, RecordDesk record, Trouble trouble, Durable durable) {
        this.trouble = trouble;
        this.filing =
                new Filing(setup.spool().places(), edges.fs(), edges.clocks().calendar(), durable::syncsFilings);
        this.filer = edges.filer();
        this.inbox = inbox;
        this.record = record;
    }

    /** Hands over all that are ready. */
    void submit(JobBook jobs, Ender ender, long now) throws IOException {
        boolean any = false;
        for (Job job : jobs.all()) {
            if (job.phase == Job.Phase.FILING && !job.filingSubmitted && job.isDue(now)) {
                ended.add(ender.filed(job));
                any = true;
            }
        }
        if (any) {
            filer.execute(this::fileAll);
        }
    }

    /** On the filer's thread: all that have ended by now, which share their fsyncs. */
    private void fileAll() {
        List<Filing.Ended> together = new ArrayList<>();
        ended.drainTo(together);
        try {
            if (!together.isEmpty()) {
                List<Filing.Outcome> outcomes = filing.file(together, record::readEnd);
                inbox.put(new Inbox.Filed(outcomes));
                record.writeEnds(outcomes);
            }
        } catch (Error e) {
            inbox.put(new Inbox.Broken(e));
            throw e;
        }
    }

    /** What became of one of them. */
    void take(Job job, Filing.Outcome outcome, long now) {
        if (outcome.error().isEmpty()) {
            job.phase = Job.Phase.GONE;
            trouble.isOver(FILING + job.name(), job.name() + " is filed now");
            return;
        }
        String why = outcome.error().get().getMessage();
        job.filingSubmitted = false;
        job.wakeAt(now + NEXT_TRY.toNanos());
        job.waits = "ended, but cannot be filed: " + why;
        trouble.is(
                FILING + job.name(),
                "attention " + job.name() + ": cannot be moved out of running/: " + why
                        + ". Its ending is kept in its directory; tried again every 30 s");
    }
}
