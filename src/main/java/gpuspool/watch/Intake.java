package gpuspool.watch;

import gpuspool.job.Foreground;
import gpuspool.job.JobSpec;
import gpuspool.posix.FileFacts;
import gpuspool.spool.DropReader;
import gpuspool.spool.Dropped;
import gpuspool.spool.DroppedName;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Looks at the files in incoming/ and finds out which are complete ({@code spool-layout.md}, section 5). They are looked at when they
 * appear and read in the queue's order, a few at a time, so that neither a burst nor a backlog holds up a start.
 */
final class Intake {
    private final Setup setup;
    private final Backlog backlog;
    private final CardDesk cards;
    private final Succession succession;
    private final Waits waits;
    private final Requesters requesters;

    Intake(Setup setup, Backlog backlog, CardDesk cards, Succession succession, Waits waits, Requesters requesters) {
        this.requesters = requesters;
        this.succession = succession;
        this.setup = setup;
        this.backlog = backlog;
        this.cards = cards;
        this.waits = waits;
    }

    /** Looks at the whole directory. */
    void scan(long now) throws IOException {
        backlog.countAnew();
        Set<Path> gone = new HashSet<>(backlog.files());
        List<Path> edited = new ArrayList<>();
        Optional<IOException> trouble = Optional.empty();
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(setup.spool().places().incoming())) {
            for (Path file : files) {
                if (DroppedName.isJob(file.getFileName().toString())) {
                    gone.remove(file);
                    Optional<IOException> error = tryToLook(file, now);
                    trouble = error.isPresent() ? error : trouble;
                } else {
                    DroppedName.editedBy(file).ifPresent(edited::add);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        gone.forEach(backlog::remove);
        requesters.scan(backlog.files()).forEach(backlog::readAgain);
        // An editor opened or closed it, perhaps long after it was found complete.
        edited.forEach(backlog::readAgain);
        if (trouble.isPresent()) {
            throw trouble.get();
        }
    }

    /** One file that cannot be looked at must never hide the others. */
    private Optional<IOException> tryToLook(Path file, long now) {
        try {
            look(file, now);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e);
        }
    }

    /** A process has ended: a file that asks cards for it waits in vain. */
    void ended(int pid) {
        requesters.ended(pid).forEach(backlog::readAgain);
    }

    /** Something happened to this name. */
    void hint(Path file, long now) throws IOException {
        if (DroppedName.isJob(file.getFileName().toString())) {
            look(file, now);
        } else {
            DroppedName.editedBy(file).ifPresent(backlog::readAgain);
        }
    }

    private void look(Path file, long now) throws IOException {
        Optional<FileFacts> facts = FileFacts.of(file);
        if (facts.isEmpty()) {
            backlog.remove(file);
        } else if (backlog.get(file)
                .filter(known -> known.file.facts().equals(facts.get()))
                .isEmpty()) {
            backlog.add(new Entry(new Dropped(file, facts.get()), now));
        }
    }

    /** Reads at most {@code budget} files that are due. */
    void read(long now, int budget) {
        for (int i = 0; i < budget; i++) {
            Optional<Entry> next = backlog.pollToRead(now);
            if (next.isEmpty()) {
                return;
            }
            try {
                readOne(next.get(), now);
            } catch (IOException e) {
                backlog.hold(next.get(), "cannot be read: " + e.getMessage(), false, now);
            }
        }
    }

    private void readOne(Entry entry, long now) throws IOException {
        Path file = entry.file.path();
        if (!entry.file.facts().isRegular()) {
            // Never opened: that alone would let a pipe's writer go on, or start what a device does.
            backlog.hold(entry, "it is " + entry.file.facts().kind() + ", not a regular file", false, now);
            return;
        }
        for (Path lock : DroppedName.editorLocks(file)) {
            if (FileFacts.of(lock).isPresent()) {
                backlog.hold(entry, "an editor has it open (" + lock.getFileName() + ")", true, now);
                return;
            }
        }
        DropReader.Outcome outcome = setup.snapshot().read(file);
        if (outcome instanceof DropReader.Gone) {
            backlog.remove(file);
        } else if (outcome instanceof DropReader.Empty) {
            backlog.hold(entry, "it is empty", false, now);
        } else if (outcome instanceof DropReader.NotYet notYet) {
            backlog.hold(entry, notYet.why(), entry.file.facts().size() > 0, now);
        } else if (outcome instanceof DropReader.Refused no) {
            if (isSettled(entry, no.facts().orElse(entry.file.facts()), no.leased(), now)) {
                backlog.refuse(entry);
            }
        } else if (outcome instanceof DropReader.Understood yes) {
            if (isSettled(entry, yes.facts(), yes.leased(), now)) {
                sort(entry, yes.spec(), now);
            }
        }
    }

    private void sort(Entry entry, JobSpec spec, long now) throws IOException {
        backlog.understood(entry, spec);
        if (!waits.isForThisHost(spec.turn())) {
            // What this host does not have another may.
            waits.place(entry, now);
            return;
        }
        Optional<Succession.Wait> retry = succession.waits(entry, spec, now);
        entry.madeFor = succession.madeFor(entry, spec);
        Optional<Foreground> process = spec.foreground();
        if (process.isPresent() && requesters.isGone(entry.file.path(), process.get())) {
            // Nobody is there any more to have the cards: claimed and cancelled, whatever it waits for.
            backlog.refuse(entry);
        } else if (cards.impossible(
                        spec.gpus(), spec.cards(), setup.settings().gpus().keepIdle())
                .isPresent()) {
            backlog.refuse(entry);
        } else if (retry.isPresent()) {
            // Till then it does not matter what becomes of the jobs before it.
            backlog.dependants().remove(entry);
            backlog.holdUntil(retry.get().until(), entry, retry.get().why(), true);
        } else {
            waits.place(entry, now);
        }
    }

    /** Whether it is complete; if not, it is held back until it may be. */
    private boolean isSettled(Entry entry, FileFacts facts, boolean leased, long now) {
        if (!facts.equals(entry.file.facts())) {
            entry.file = new Dropped(entry.file.path(), facts);
            entry.unchangedSince = now;
        }
        boolean namedLast = leased && facts.changed().compareTo(facts.modified()) > 0;
        long settle = setup.settle(leased).toNanos();
        long settledAt = entry.unchangedSince + settle;
        boolean settled = namedLast || now - settledAt >= 0;
        if (!settled) {
            String why = "waits until it has not changed for " + settle / 1_000_000 + " ms";
            backlog.holdUntil(settledAt, entry, why, true);
        }
        return settled;
    }
}
