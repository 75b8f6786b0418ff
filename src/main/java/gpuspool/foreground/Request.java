package gpuspool.foreground;

import gpuspool.job.Foreground;
import gpuspool.job.JobId;
import gpuspool.posix.FileFacts;
import gpuspool.spool.Cancellation;
import gpuspool.spool.Escapes;
import gpuspool.spool.Fs;
import gpuspool.spool.Grant;
import gpuspool.spool.JobDir;
import gpuspool.spool.JobRefs;
import gpuspool.spool.Spool;
import gpuspool.spool.Submission;
import gpuspool.spool.Where;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A place in the queue for a process that is there already, from the drop of its job file until its turn has come;
 * {@code spool-layout.md}, section 13. Only files are read and made: it may be asked from several threads.
 */
public final class Request {
    private static final String ENDING = ".toml";
    /** Each in the order in which it travels; one more, for it may be on its way back from {@code held/}. */
    private static final int LOOKS = 2;

    private static final String NO_WATCHER =
            "no watcher runs here any more, and nothing starts until one does: gpuspool watch";

    private final Spool spool;
    private final String host;
    private final Fs fs;
    private final String name;
    private final String identity;
    private final WaitingWords words;
    private volatile Optional<JobDir> directory = Optional.empty();

    private Request(Spool spool, String host, Fs fs, String name, String identity) {
        this.spool = spool;
        this.host = host;
        this.fs = fs;
        this.name = name;
        this.identity = identity;
        words = new WaitingWords(spool.places().host(host));
    }

    /** Submits. Where its name is taken in the queue it gets another, {@link #name}. */
    public static Request drop(Spool spool, Foreground process, Wish wish, Fs fs) throws IOException {
        Submission.Submitted file = new Submission(spool.places(), fs).submit(wish.name(), ENDING, wish.toml(process));
        return new Request(spool, process.host(), fs, file.name(), file.identity());
    }

    /** What it is called in the queue, without the ending. */
    public String name() {
        return name;
    }

    /** How it stands now. */
    public Turn look() throws IOException {
        for (int look = 0; directory.isEmpty() && look < LOOKS; look++) {
            if (lies(Where.INCOMING)) {
                return new Turn.Waits(words.of(Escapes.escape(fileName().getBytes(StandardCharsets.UTF_8))));
            }
            if (lies(Where.HELD)) {
                return new Turn.Waits("it is held; to let it go on: gpuspool release " + name);
            }
            directory = find();
        }
        return directory.isPresent() ? look(directory.get()) : new Turn.Cancelled();
    }

    private Turn look(JobDir dir) throws IOException {
        Optional<Grant> grant = Granted.read(dir, fs);
        if (grant.isPresent()) {
            return new Turn.Given(new Granted(dir, grant.get(), fs));
        }
        if (fs.look(dir.path()).isPresent()) {
            return new Turn.Waits(words.of(dir.id().toString()));
        }
        Path failed = Where.FAILED.in(spool.places()).resolve(dir.id().toString());
        if (fs.look(failed).isEmpty()) {
            return new Turn.Cancelled();
        }
        JobDir filed = new JobDir(failed, dir.id());
        boolean refused = filed.look(fs).status().get("ending").orElse("").equals("refused");
        return refused ? new Turn.Refused(reason(filed)) : new Turn.Cancelled();
    }

    private List<String> reason(JobDir filed) throws IOException {
        try {
            return Files.readAllLines(filed.path().resolve(JobDir.REASON), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /** The directory that it was claimed into, wherever that lies now. */
    private Optional<JobDir> find() throws IOException {
        JobDir found = null;
        for (Where where : List.of(Where.RUNNING, Where.FAILED, Where.DONE)) {
            for (String entry : fs.list(where.in(spool.places()))) {
                Optional<JobId> id = entry.startsWith(name + ".") ? JobId.parse(entry) : Optional.empty();
                if (id.isPresent()
                        && id.get().stem().equals(name)
                        && (found == null || found.id().run() < id.get().run())
                        && isOurs(where.in(spool.places()).resolve(entry).resolve(fileName()))) {
                    found = new JobDir(Where.RUNNING.in(spool.places()).resolve(entry), id.get());
                }
            }
            if (found != null) {
                return Optional.of(found);
            }
        }
        return Optional.empty();
    }

    private boolean lies(Where where) throws IOException {
        return isOurs(file(where));
    }

    /** Others may have its name: once it is claimed that is free for the next file in the queue. */
    private boolean isOurs(Path file) throws IOException {
        Optional<FileFacts> facts = fs.look(file);
        return facts.isPresent() && facts.get().identity().equals(identity);
    }

    /**
     * Waits for its turn.
     *
     * @param most so long at most; empty: for ever
     * @param why is told why it waits, when that is first known and whenever it changes
     * @return {@link Turn.Waits} where the time was over before
     */
    public Turn await(Optional<Duration> most, Consumer<String> why) throws IOException, InterruptedException {
        long began = System.nanoTime();
        String told = "";
        WatcherLook watcher = new WatcherLook(spool.places(), host);
        while (true) {
            Turn turn = look();
            if (!(turn instanceof Turn.Waits waits)) {
                return turn;
            }
            String now = watcher.isGone() ? NO_WATCHER : waits.why();
            if (!now.isEmpty() && !now.equals(told)) {
                told = now;
                why.accept(told);
            }
            long waited = System.nanoTime() - began;
            if (most.isPresent() && waited >= most.get().toNanos()) {
                return turn;
            }
            long pause = Pauses.after(waited);
            Thread.sleep(most.isPresent() ? Math.min(pause, 1 + (most.get().toNanos() - waited) / 1_000_000) : pause);
        }
    }

    /**
     * Gives it up: a queued one is filed as cancelled; one that was claimed is asked to stop, and what it was granted is given back by
     * its watcher.
     *
     * @return whether it was still in the queue: else its turn had come
     */
    public boolean withdraw() throws IOException {
        Cancellation cancellation = new Cancellation(spool.places(), host, fs);
        for (Where where : List.of(Where.INCOMING, Where.HELD)) {
            Optional<JobId> filed = lies(where)
                    ? cancellation.fileQueued(new JobRefs.Queued(file(where), where, name))
                    : Optional.empty();
            if (filed.isPresent()) {
                // What could not be written down is only missing in the record.
                Optional<IOException> unused = cancellation.record(filed.get());
                return true;
            }
        }
        return false;
    }

    /** Asks the watcher to stop it, where it was claimed. */
    public void stop() throws IOException {
        Optional<JobDir> dir = directory.isPresent() ? directory : find();
        if (dir.isPresent()) {
            new Cancellation(spool.places(), host, fs)
                    .askToStop(new JobRefs.Run(dir.get().path(), dir.get().id(), Where.RUNNING));
        }
    }

    private String fileName() {
        return name + ENDING;
    }

    private Path file(Where where) {
        return where.in(spool.places()).resolve(fileName());
    }
}
