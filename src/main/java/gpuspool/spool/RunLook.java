package gpuspool.spool;

import gpuspool.job.Ending;
import gpuspool.job.Foreground;
import gpuspool.job.JobId;
import gpuspool.posix.ProcFiles;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One job directory as a reader finds it, and what that means at this very moment: read from its mark, and for the own host
 * from the kernel. A reader decides nothing by it; only a watcher that holds the job's lock does.
 *
 * @param state for people: {@code running}, {@code failed: exit 3}
 * @param note what more there is to say about the state; empty for nothing
 * @param needsAttention whether somebody should look at it
 */
public record RunLook(
        JobDir dir, Where where, JobDir.Contents contents, String state, String note, boolean needsAttention) {
    private static final String GONE = "running (supervisor gone)";

    /** Looks at a job directory; empty when it is not there any more, or is no job's. */
    public static Optional<RunLook> at(Path path, JobId id, Where where, Looker looker, Fs fs) throws IOException {
        JobDir dir = new JobDir(path, id);
        try {
            JobDir.Contents contents = dir.look(fs);
            if (where.isEnd() && !contents.isRecord()) {
                return Optional.empty();
            }
            RunLook look = of(dir, where, contents, looker);
            // Between the mark and the process table the job may have ended: what is said of a dead one is read once
            // more.
            return Optional.of(look.state.equals(GONE) ? of(dir, where, dir.look(fs), looker) : look);
        } catch (NoSuchFileException | java.nio.file.NotDirectoryException e) {
            return Optional.empty();
        }
    }

    private static RunLook of(JobDir dir, Where where, JobDir.Contents contents, Looker looker) {
        if (where == Where.DONE) {
            boolean released = contents.mark().kind() == Mark.Kind.FOREGROUND;
            return new RunLook(dir, where, contents, released ? "released" : "done", "", false);
        }
        RunLook look = new RunLook(dir, where, contents, "", "", false);
        return where == Where.FAILED ? look.with(look.failure()) : look.running(looker);
    }

    private RunLook with(String newState) {
        return new RunLook(dir, where, contents, newState, "", false);
    }

    private RunLook with(String newState, String why) {
        return new RunLook(dir, where, contents, newState, why, false);
    }

    private RunLook attention(String newState, String why) {
        return new RunLook(dir, where, contents, newState, why, true);
    }

    private String failure() {
        String word = contents.status().get("ending").orElse("exited");
        if (!word.equals("exited")) {
            return word;
        }
        OptionalInt code = contents.mark().exitCode();
        return code.isPresent() ? "failed: exit " + code.getAsInt() : "unknown";
    }

    private RunLook running(Looker looker) {
        Mark mark = contents.mark();
        if (mark.kind() == Mark.Kind.NONE || mark.kind() == Mark.Kind.SEVERAL) {
            return contents.droppedName().isEmpty()
                    ? with("starting")
                    : attention(
                            "unclear",
                            "its directory has " + (mark.kind() == Mark.Kind.NONE ? "no" : "more than one") + " mark");
        }
        if (mark.kind() == Mark.Kind.GROUP) {
            boolean cancelled = contents.has(JobDir.CANCEL)
                    || contents.status().get("ending").orElse("").equals("cancelled");
            return with(cancelled ? "stopping: cancelled" : "sweep");
        }
        if (contents.again().isOpen()) {
            return with(mark.exitCode().isPresent() ? "ending: queued again" : "stopping: queued again");
        }
        if (mark.exitCode().isPresent()) {
            return with("ending exit " + mark.exitCode().getAsInt());
        }
        boolean here = looker.host().equals(dir.id().host());
        boolean rebooted =
                here && !looker.boot().equals(contents.status().get("boot").orElse(""));
        if (mark.kind() == Mark.Kind.TOKEN) {
            return contents.has(JobDir.GRANTED) && isInForeground() ? granted() : with("starting");
        }
        if (rebooted) {
            return attention("interrupted", "the machine was restarted while it may have run");
        }
        String ending = contents.status().get("ending").orElse("");
        if (!ending.isEmpty() || contents.has(JobDir.CANCEL)) {
            return with(ending.equals("timed out") ? "stopping: timed out" : "stopping: cancelled");
        }
        if (mark.kind() == Mark.Kind.FOREGROUND) {
            return here && !foregroundLives()
                    ? with("running", "process " + foregroundPid() + " has ended; what it started may have its GPUs")
                    : with("running");
        }
        if (!mark.begun()) {
            return with("starting");
        }
        return here && supervisorGone() ? attention(GONE, "nobody will see how it ends") : with("running");
    }

    private RunLook granted() {
        boolean cancelled = contents.has(JobDir.CANCEL)
                || !contents.status().get("ending").orElse("").isEmpty();
        return cancelled
                ? with("stopping: cancelled")
                : with("starting", "granted to process " + foregroundPid() + ", which takes its GPUs");
    }

    private String foregroundPid() {
        return contents.status().words(StatusFile.FOREGROUND).stream()
                .findFirst()
                .orElse("?");
    }

    private boolean foregroundLives() {
        return Foreground.recorded(dir.id().host(), contents.status().words(StatusFile.FOREGROUND))
                .filter(process -> !ProcFiles.isAlive(process.pid(), process.start()))
                .isEmpty();
    }

    /** Whether it is, or was to be, the process of somebody who started it himself, in a terminal for example. */
    public boolean isInForeground() {
        return !contents.status().words(StatusFile.FOREGROUND).isEmpty();
    }

    private boolean supervisorGone() {
        OptionalLong pid = contents.status().number("pid");
        OptionalLong start = contents.status().number("pid_start");
        if (pid.isPresent() && start.isPresent()) {
            return !ProcFiles.isAlive(pid.getAsLong(), start.getAsLong());
        }
        // The watcher was killed before it could write the start time down: the supervisor's own word is only a hint.
        OptionalInt hint = contents.mark().pid();
        return hint.isPresent() && ProcFiles.startTicks(hint.getAsInt()).isEmpty();
    }

    /** Whether it is a sweep, of which nothing runs but its members. */
    public boolean isGroup() {
        return contents.mark().kind() == Mark.Kind.GROUP;
    }

    /** How it ended; empty while it has not been filed. */
    public Optional<Ending> ending() {
        return where.isEnd() ? Optional.of(contents.ending()) : Optional.empty();
    }

    /** Milliseconds it has run, or ran; while it has not started, since it was claimed. Empty when that is not written down. */
    public OptionalLong elapsed(Looker looker, long nowMillis) throws IOException {
        StatusFile status = contents.status();
        if (where.isEnd()) {
            return status.number("elapsed");
        }
        boolean sameBoot = looker.boot().equals(status.get("boot").orElse(""));
        if (sameBoot && status.number("uptime").isPresent()) {
            return OptionalLong.of(
                    ProcFiles.uptimeMillis() - status.number("uptime").getAsLong());
        }
        OptionalLong since =
                Times.parse(status.get("started").orElse(status.get("claimed").orElse("")));
        return since.isPresent() ? OptionalLong.of(nowMillis - since.getAsLong()) : since;
    }
}
