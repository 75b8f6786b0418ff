package gpuspool.spool;

import gpuspool.job.JobId;
import gpuspool.job.Stem;
import gpuspool.posix.Lock;
import gpuspool.posix.Locks;
import gpuspool.posix.RandomId;
import gpuspool.posix.RawNames;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Takes jobs out of {@code incoming/}: step 2 of {@code spool-layout.md}, section 3. What decides is one rename of the dropped
 * file into a directory that nobody else can use; whether it worked is answered by looking, never by its error.
 */
public final class Claims {
    /** Numbers tried for one claim before something is plainly wrong. */
    private static final int MOST_TRIES = 10_000;

    private final Spool spool;
    private final Claimant claimant;
    private final Fs fs;
    private final Locks locks;
    private final Numbers numbers;
    private final InstantSource clock;

    public Claims(Spool spool, Claimant claimant, Fs fs, Locks locks, Numbers numbers, InstantSource clock) {
        this.spool = spool;
        this.claimant = claimant;
        this.fs = fs;
        this.locks = locks;
        this.numbers = numbers;
        this.clock = clock;
    }

    /** Who claims: as it is written into {@code status}. */
    public record Claimant(String host, String bootId, String lockDirectoryId) {}

    public sealed interface Outcome {}

    /** The job is ours: its directory holds the dropped file and an untouched token. */
    public record Won(JobDir dir, Lock jobLock, String cookie) implements Outcome {}

    /** It is not; {@code why} is what the rename answered, if anything: worth a note when the file still lies there. */
    public record Lost(Optional<IOException> why) implements Outcome {}

    /**
     * Claims a dropped file.
     *
     * @param more what {@code status} is to say besides: of the cards locked for it, and of the run that it goes on from
     * @param durability what to write under that key; empty: nothing
     * @throws IOException when the claim was given up half way (disk full, for instance); what was made of it is removed now or
     *     by the next scan, and the file still lies in {@code incoming/} or in the directory that the scan will find
     */
    public Outcome claim(Dropped file, StatusFile.Lines more, String durability) throws IOException {
        String stem = Stem.of(RawNames.lastName(file.path()));
        if (numbers.next(stem) > JobId.HIGHEST_RUN) {
            return new Lost(Optional.of(new IOException("no run number is left for " + stem + ": run "
                    + JobId.HIGHEST_RUN + " is there already; rename the file")));
        }
        Numbered numbered = makeDirectory(stem);
        try {
            String cookie = RandomId.next();
            fs.create(
                    numbered.dir().status(),
                    facts(file, numbered.dir().id(), more, cookie, durability).bytes());
            fs.create(numbered.dir().file(Mark.TOKEN), Mark.blank());
            Path target = numbered.dir().path().resolve(file.path().getFileName());
            Optional<IOException> error = Fs.attempt(() -> fs.rename(file.path(), target));
            if (fs.look(target).isPresent()) {
                numbers.taken(numbered.dir().id());
                return new Won(numbered.dir(), numbered.lock(), cookie);
            }
            Removal.ofLostClaim(spool.places(), numbered.dir().path(), fs);
            numbered.lock().retire();
            return new Lost(error);
        } catch (IOException e) {
            giveUp(numbered, e);
            throw e;
        }
    }

    private record Numbered(JobDir dir, Lock lock) {}

    private Numbered makeDirectory(String stem) throws IOException {
        int first = numbers.next(stem);
        for (int run = first; run < first + MOST_TRIES && run <= JobId.HIGHEST_RUN; run++) {
            JobId id = new JobId(stem, run, claimant.host());
            Optional<Lock> lock = locks.tryLock(LockNames.job(spool.id(), id));
            if (lock.isEmpty()) {
                continue;
            }
            JobDir dir = new JobDir(spool.places().running().resolve(id.toString()), id);
            boolean ours = false;
            try {
                ours = mkdirAlone(dir);
            } finally {
                if (!ours) {
                    // Kept, it would make what is left of the directory look alive to us; and no job of ours will have
                    // this name.
                    lock.get().retire();
                }
            }
            if (ours) {
                return new Numbered(dir, lock.get());
            }
        }
        throw new IOException("cannot find a free run number for " + stem + " from " + first + " on");
    }

    /** Whether the directory is now ours and its number was never used before. */
    private boolean mkdirAlone(JobDir dir) throws IOException {
        try {
            fs.mkdir(dir.path());
        } catch (IOException e) {
            if (fs.look(dir.path()).isPresent()) {
                return false;
            }
            throw e;
        }
        // Looked for after the mkdir: from now on nobody can file a directory of this name there behind our back.
        String name = dir.id().toString();
        boolean used = fs.look(spool.places().done().resolve(name)).isPresent()
                || fs.look(spool.places().failed().resolve(name)).isPresent();
        if (used) {
            fs.delete(dir.path());
        }
        return !used;
    }

    private StatusFile.Lines facts(Dropped file, JobId id, StatusFile.Lines more, String cookie, String durability) {
        StatusFile.Lines lines = new StatusFile.Lines()
                .addEscaped("name", file.escapedName())
                .add("id", id.toString())
                .add("owner", file.facts().owner())
                .add("inode", file.facts().identity())
                .add("host", claimant.host())
                .add("boot", claimant.bootId())
                .add("lockdir", claimant.lockDirectoryId())
                .add("cookie", cookie);
        if (!durability.isEmpty()) {
            lines.add("durability", durability);
        }
        return lines.add(more)
                .add("queued", Times.format(file.facts().changed().toInstant()))
                .add("claimed", Times.format(Instant.ofEpochMilli(clock.millis())));
    }

    private void giveUp(Numbered numbered, IOException why) {
        try {
            Removal.ofLostClaim(spool.places(), numbered.dir().path(), fs);
        } catch (IOException e) {
            // The next scan finds it as a lost claim, or with the job in it; either way it is judged then.
            why.addSuppressed(e);
        }
        numbered.lock().close();
    }
}
