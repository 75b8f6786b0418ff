package gpuspool.foreground;

import gpuspool.posix.Flock;
import gpuspool.posix.Lock;
import gpuspool.spool.Fs;
import gpuspool.spool.Grant;
import gpuspool.spool.JobDir;
import gpuspool.spool.Mark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Cards that a watcher keeps for a process; {@code spool-layout.md}, section 13. */
public final class Granted {
    private static final long FIRST_PAUSE = 5;
    private static final long LONGEST_PAUSE = 200;
    /** What is busy for longer than this is worth a word; a watcher that looks at a lock has it for some microseconds. */
    private static final long A_MOMENT = 1000;

    private final JobDir dir;
    private final Fs fs;
    private Grant grant;

    Granted(JobDir dir, Grant grant, Fs fs) {
        this.dir = dir;
        this.grant = grant;
        this.fs = fs;
    }

    /** What is granted in this directory; empty where nothing is, or it is not there any more. */
    static Optional<Grant> read(JobDir dir, Fs fs) throws IOException {
        try {
            return Grant.parse(fs.read(dir.file(JobDir.GRANTED), Grant.LARGEST));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** The cards, and what to tell a program of them. */
    public Grant grant() {
        return grant;
    }

    /** Asked again and again while {@link #takeOver} waits for longer than a moment. */
    public interface Patience<X extends Exception> {
        /**
         * Gives it up by an exception.
         *
         * @param why what it waits for, for people
         */
        void waits(String why) throws IOException, X;
    }

    /**
     * Takes the cards over: from now on they are this process's, and of whoever inherits their locks from it. Waits while somebody
     * else has one of them for a moment.
     *
     * @return empty where it was cancelled meanwhile
     */
    public <X extends Exception> Optional<Taken> takeOver(Patience<X> patience)
            throws IOException, InterruptedException, X {
        long pause = FIRST_PAUSE;
        long waited = 0;
        while (true) {
            List<Lock> locks = new ArrayList<>();
            Optional<Path> busy;
            try {
                busy = lockAll(locks);
                if (busy.isEmpty()) {
                    return taken(locks);
                }
            } catch (IOException e) {
                // This process may live on: a lock that stayed with it would keep the cards for nobody.
                locks.forEach(Lock::close);
                throw e;
            }
            // None is kept while another is busy: the watcher may want the job's.
            locks.forEach(Lock::close);
            if (waited >= A_MOMENT) {
                patience.waits("waits for a lock that somebody else has: " + busy.get()
                        + Flock.note(busy.get())
                                .map(holder -> " (" + holder + ")")
                                .orElse(""));
            }
            Thread.sleep(pause);
            waited += pause;
            pause = Math.min(2 * pause, LONGEST_PAUSE);
            Optional<Grant> again = read(dir, fs);
            if (again.isEmpty() && !Files.exists(dir.path())) {
                return Optional.empty();
            }
            grant = again.orElse(grant);
        }
    }

    /** Locks them all, the job's first; the one that is busy, if any. */
    private Optional<Path> lockAll(List<Lock> locks) throws IOException {
        Optional<Path> busy = lock(grant.jobLock(), locks);
        if (busy.isEmpty()) {
            // A watcher that was started anew may have granted other cards meanwhile; from now on none does.
            grant = read(dir, fs).orElse(grant);
        }
        for (int i = 0; i < grant.locks().size() - 1 && busy.isEmpty(); i++) {
            busy = lock(grant.locks().get(i), locks);
        }
        return busy;
    }

    private Optional<Path> lock(Grant.Wanted wanted, List<Lock> locks) throws IOException {
        Path file = grant.lockDirectory().resolve(wanted.name());
        Optional<Lock> lock = wanted.shared() ? Flock.tryShare(file) : Flock.tryLock(file);
        if (lock.isPresent()) {
            locks.add(lock.get());
            return Optional.empty();
        }
        return Optional.of(file);
    }

    private Optional<Taken> taken(List<Lock> locks) throws IOException {
        Path mark = dir.file(Mark.FOREGROUND);
        IOException error = null;
        try {
            fs.rename(dir.file(Mark.TOKEN), mark);
        } catch (IOException e) {
            // What the tree says counts.
            error = e;
        }
        if (fs.look(mark).isPresent()) {
            return Optional.of(new Taken(dir, grant, locks));
        }
        if (fs.look(dir.path()).isEmpty()) {
            // Filed, and the job's lock taken away with it: asking for that has made it anew, for nobody.
            locks.get(0).retire();
        }
        locks.forEach(Lock::close);
        if (error != null && fs.look(dir.file(Mark.TOKEN)).isPresent()) {
            throw error;
        }
        return Optional.empty();
    }
}
