package gpuspool.watch;

import gpuspool.plan.Placement;
import gpuspool.spool.HostFiles;
import gpuspool.spool.Times;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Keeps {@code hosts/<host>/waiting} true: why each queued job waits. Written when it changed, at most once a second. */
final class WaitingReport {
    private static final String WRITING = "waiting";
    private static final long INTERVAL = Duration.ofSeconds(1).toNanos();

    private static final Duration AFTER_TROUBLE = Duration.ofSeconds(10);

    private final Engine engine;
    private final HostFiles files;
    private final Clocks clocks;
    private List<HostFiles.Waiting> written = List.of();
    private long more = -1;
    private long nextWrite;

    WaitingReport(Engine engine, HostFiles files, Clocks clocks) {
        this.engine = engine;
        this.files = files;
        this.clocks = clocks;
        nextWrite = clocks.nanos();
    }

    /**
     * Writes the file if it is due and would say something new. It is for people only: that it cannot be written must not end
     * the service.
     *
     * @return when to call again; {@link Engine#NEVER} when only a change brings anything new
     */
    long update() {
        long now = clocks.nanos();
        if (now - nextWrite < 0) {
            return nextWrite;
        }
        try {
            writeIfNew(now);
            nextWrite = now + INTERVAL;
            engine.trouble().isOver(WRITING, "why jobs wait can be written down again");
            return Engine.NEVER;
        } catch (IOException e) {
            engine.trouble()
                    .is(
                            WRITING,
                            "attention: cannot write why jobs wait: " + e.getMessage() + ". Tried again every 10 s");
            nextWrite = now + AFTER_TROUBLE.toNanos();
            return nextWrite;
        }
    }

    private void writeIfNew(long now) throws IOException {
        List<HostFiles.Waiting> waiting = collect(now);
        long rest = Math.max(0, total() - waiting.size());
        if (!waiting.equals(written) || rest != more) {
            String asOf = Times.format(Instant.ofEpochMilli(clocks.calendar().millis()));
            files.writeWaiting(asOf, waiting, rest);
            written = waiting;
            more = rest;
        }
    }

    private long total() {
        return engine.backlog().size()
                + engine.jobs().all().stream().filter(Job::isWaitingToStart).count();
    }

    private List<HostFiles.Waiting> collect(long now) {
        List<HostFiles.Waiting> waiting = new ArrayList<>();
        String halted = engine.starting().haltedBecause().orElse("");
        String first = engine.starting().blocked().map(Placement.Request::name).orElse("");
        String why = engine.starting().whyBlocked(now).orElse("");
        for (Job job : engine.jobs().all()) {
            if (job.isWaitingToStart()) {
                waiting.add(new HostFiles.Waiting(job.dir.id().toString(), reason(job, halted, first, why)));
            } else if (!job.waits.isEmpty()) {
                waiting.add(new HostFiles.Waiting(job.dir.id().toString(), job.waits));
            }
        }
        for (Entry entry : engine.backlog().waiting()) {
            if (waiting.size() >= HostFiles.MOST_REASONS) {
                break;
            }
            waiting.add(new HostFiles.Waiting(entry.file.escapedName(), entry.why));
        }
        for (Placement.Request job :
                engine.backlog().queued(HostFiles.MOST_REASONS - Math.min(HostFiles.MOST_REASONS, waiting.size()))) {
            waiting.add(new HostFiles.Waiting(((Entry) job).file.escapedName(), reason(job, halted, first, why)));
        }
        return waiting.size() > HostFiles.MOST_REASONS ? waiting.subList(0, HostFiles.MOST_REASONS) : waiting;
    }

    private static String reason(Placement.Request job, String halted, String first, String why) {
        if (!halted.isEmpty()) {
            return halted;
        }
        if (job.name().equals(first)) {
            return why;
        }
        if (job instanceof Entry entry && entry.isSweep) {
            return "opened next";
        }
        if (job.gpus() == 0) {
            return "waits for another job without GPU to end";
        }
        return first.isEmpty() ? "starts next" : "behind " + first;
    }
}
