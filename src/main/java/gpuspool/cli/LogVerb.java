package gpuspool.cli;

import gpuspool.job.MemberName;
import gpuspool.spool.JobDir;
import gpuspool.spool.JobRefs;
import gpuspool.spool.RunLook;
import gpuspool.spool.Spool;
import gpuspool.spool.StatusFile;
import gpuspool.spool.Tracked;
import gpuspool.spool.Where;
import gpuspool.view.TerminalText;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gpuspool log}: what a job printed, its bytes untouched unless they go to a terminal. */
final class LogVerb extends Verb {
    private static final long NO_DEADLINE = Long.MAX_VALUE / 2;

    @Parameters(paramLabel = "JOB", description = "exp1 (its newest run), exp1.2, or a full id")
    private String job;

    @Option(
            names = {"-f", "--follow"},
            description = "go on until the job has ended")
    private boolean follow;

    @Option(
            names = "--stderr",
            description =
                    "of a job with output = \"split\", or a file for its errors: its stderr instead of its stdout")
    private boolean stderr;

    @Option(
            names = "--raw",
            description = "to a terminal, too, the bytes as they are; else it gets control characters escaped, but for"
                    + " tabs, carriage returns and colours. To a file or a pipe the bytes always go as they are")
    private boolean raw;

    LogVerb(Invocation call) {
        super(call);
    }

    @Override
    Set<Where> jobsMeant() {
        return Set.of(Where.RUNNING, Where.DONE, Where.FAILED);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Spool spool = open();
        Optional<JobRefs.Job> found = newest(spool, job);
        if (found.isEmpty()) {
            return ExitStatus.FAILED.code;
        }
        Tracked tracked = new Tracked(spool.places(), looker(), fs, found.get());
        try (Log log = new Log()) {
            return print(tracked, log) ? ExitStatus.OK.code : ExitStatus.FAILED.code;
        }
    }

    private boolean print(Tracked tracked, Log log) throws IOException, InterruptedException {
        Waiting waiting = new Waiting();
        boolean said = false;
        while (true) {
            waiting.looking();
            // Looked before it is read: what an ended job printed is all there when its end is seen.
            Tracked.Now now = tracked.look();
            Optional<RunLook> look = now instanceof Tracked.InDirectory in ? Optional.of(in.look()) : Optional.empty();
            if (look.isPresent() && look.get().isGroup()) {
                say(tracked.name() + " is a sweep, and prints nothing itself; what the first of its jobs printed:"
                        + " gpuspool log "
                        + MemberName.stem(look.get().dir().id().stem(), 1) + spoolOption());
                return false;
            }
            if (look.isPresent() && look.get().isInForeground()) {
                say(tracked.name() + (look.get().where().isEnd() ? " ran" : " runs")
                        + " in the foreground: what it prints goes where it was started, and no log of it is kept");
                return false;
            }
            // Filed or removed since it was looked at: it is looked for once more.
            boolean missed = look.isPresent() && !log.open(look.get()) || now instanceof Tracked.OnItsWay;
            log.copy();
            boolean over = now instanceof Tracked.Removed
                    || look.filter(at -> at.where().isEnd()).isPresent();
            boolean nobodyReads = call.out().checkError();
            boolean enough = log.isOpen() || !missed;
            if (nobodyReads || enough && (over || !follow)) {
                return log.isOpen() ? !sayIfRemoved(tracked, now) : sayNothingThere(tracked, now);
            }
            if (!log.isOpen() && !said) {
                say(tracked.name() + " has not started yet; waiting for it");
                said = true;
            }
            waiting.pause(System.nanoTime() + NO_DEADLINE);
        }
    }

    private boolean sayIfRemoved(Tracked tracked, Tracked.Now now) {
        boolean removed = now instanceof Tracked.Removed;
        if (removed) {
            say(tracked.name() + ": its record was removed meanwhile; this is what it had printed");
        }
        return removed;
    }

    private boolean sayNothingThere(Tracked tracked, Tracked.Now now) {
        if (now instanceof Tracked.InDirectory in && in.look().where().isEnd()) {
            say(tracked.name() + " printed nothing: it never ran (" + in.look().state() + ")");
        } else if (now instanceof Tracked.Removed) {
            say(tracked.name()
                    + (tracked.wasClaimed() ? ": its record was removed meanwhile" : " was removed before it ran"));
        } else {
            say(tracked.name() + " has not started yet; to wait for it: gpuspool log -f " + job + spoolOption());
        }
        return false;
    }

    /** The open log. Kept open: it is the same file when its directory has moved on. */
    private final class Log implements AutoCloseable {
        private final OutputStream out = raw || !call.outIsTerminal() ? call.out() : new TerminalText(call.out());
        private InputStream in;

        boolean isOpen() {
            return in != null;
        }

        /** Opens it if there is one. @return false when it was there and is not found any more */
        boolean open(RunLook look) throws IOException {
            Optional<Path> elsewhere = look.contents().status().path(stderr ? StatusFile.ERROR_LOG : StatusFile.LOG);
            if (in == null && elsewhere.isPresent()) {
                return openElsewhere(elsewhere.get(), look);
            }
            boolean split = look.contents().has(JobDir.STDOUT);
            String name = stderr ? JobDir.STDERR : split ? JobDir.STDOUT : JobDir.OUTPUT;
            if (in == null && stderr && !split && look.contents().has(JobDir.OUTPUT)) {
                throw new IOException(
                        "stdout and stderr of " + look.dir().id().shortName() + " are in one log; leave out --stderr");
            }
            try {
                in = in == null ? Files.newInputStream(look.dir().file(name)) : in;
            } catch (NoSuchFileException e) {
                in = null;
            }
            return in != null || !look.contents().has(name);
        }

        /** Begun anew when the job begins: until then an earlier run's may lie there. */
        private boolean openElsewhere(Path file, RunLook look) throws IOException {
            if (look.contents().mark().begun() || look.where().isEnd()) {
                try {
                    in = Files.newInputStream(file);
                } catch (NoSuchFileException e) {
                    if (look.where().isEnd()) {
                        throw new IOException("its output went to " + file + ", which is not there any more", e);
                    }
                }
            }
            return in != null || !look.contents().mark().begun();
        }

        void copy() throws IOException {
            if (in != null) {
                in.transferTo(out);
                out.flush();
            }
        }

        @Override
        public void close() throws IOException {
            if (in != null) {
                in.close();
            }
            if (out instanceof TerminalText text) {
                text.close();
            }
        }
    }
}
