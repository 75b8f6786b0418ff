package gpuspool.watch;

import gpuspool.chaos.JobScripts;
import gpuspool.chaos.Ledger;
import gpuspool.chaos.TestJob;
import gpuspool.posix.JobProcess;
import gpuspool.posix.Lock;
import gpuspool.posix.Locks;
import gpuspool.spool.Grant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A process in the simulated world that asks for cards and takes them over: one step of {@code spool-layout.md}, section 13, after the other. */
final class SimTaker {
    enum Act {
        AWAIT,
        JOB_LOCK,
        CARDS,
        /** Its rename, and its command's first instruction. */
        TAKE,
        FINISH,
        DIE
    }

    private static final int SIGTERM = 15;

    private final SimWorld world;
    private final Path spool;
    private final String name;
    private final int gpus;
    final String token;
    final int pid;
    private final List<Lock> locks = new ArrayList<>();
    final List<Inbox> told = new ArrayList<>();

    private Act next = Act.AWAIT;
    private Path directory;
    private Grant grant;
    /** Works until it is told to end. */
    private final boolean endless;

    private boolean began;
    private boolean finished;
    private boolean dead;

    SimTaker(SimWorld world, Path spool, String name, String token, int gpus, boolean endless, int pid) {
        this.world = world;
        this.spool = spool;
        this.name = name;
        this.token = token;
        this.gpus = gpus;
        this.endless = endless;
        this.pid = pid;
    }

    String text() {
        return "command = [\"take\", \"" + token + "\"]\ngpus = " + gpus + "\nforeground = { host = \"" + FaultBed.HOST
                + "\", pid = " + pid + ", start = " + pid + " }\n";
    }

    /** What must have become of it, by what it did. */
    TestJob job() {
        return new TestJob(
                name,
                token,
                JobScripts.Kind.NAP,
                text(),
                gpus,
                began && !(endless && finished) ? "released" : "cancelled",
                0,
                "",
                "",
                finished);
    }

    Optional<JobProcess> process() {
        return dead ? Optional.empty() : Optional.of(new JobProcess(pid, pid, pid, 'S', "take"));
    }

    boolean isDead() {
        return dead;
    }

    boolean began() {
        return began;
    }

    Act next() {
        return next;
    }

    /** @return whether it could do anything */
    boolean step() throws IOException {
        if (dead || endless && next == Act.FINISH) {
            return false;
        }
        switch (next) {
            case AWAIT -> {
                return await();
            }
            case JOB_LOCK -> {
                return lockJob();
            }
            case CARDS -> {
                return lockCards();
            }
            case TAKE -> take();
            case FINISH -> {
                finished = true;
                note(Ledger.END);
                next = Act.DIE;
            }
            case DIE -> die();
            default -> throw new AssertionError(next);
        }
        return true;
    }

    private boolean await() throws IOException {
        for (String place : List.of("failed", "running")) {
            try (var directories = Files.newDirectoryStream(spool.resolve(place))) {
                for (Path each : directories) {
                    boolean own = Files.exists(each.resolve(name));
                    if (own && place.equals("failed")) {
                        die();
                        return true;
                    }
                    if (own && Files.exists(each.resolve("granted"))) {
                        directory = each;
                        next = Act.JOB_LOCK;
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private Optional<Grant> granted() throws IOException {
        try {
            return Grant.parse(Files.readAllBytes(directory.resolve("granted")));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private boolean lockJob() throws IOException {
        Optional<Grant> told = granted();
        if (told.isEmpty()) {
            next = Act.AWAIT;
            return true;
        }
        Optional<Lock> lock = world.locks().tryLock(told.get().jobLock().name());
        lock.ifPresent(locks::add);
        next = lock.isPresent() ? Act.CARDS : next;
        return lock.isPresent();
    }

    private boolean lockCards() throws IOException {
        // Once more: what was granted may have changed until it had the job's lock.
        Optional<Grant> told = granted();
        Locks all = world.locks();
        for (int i = 0; told.isPresent() && i < told.get().locks().size() - 1; i++) {
            Grant.Wanted wanted = told.get().locks().get(i);
            Optional<Lock> lock = wanted.shared() ? all.tryShare(wanted.name()) : all.tryLock(wanted.name());
            if (lock.isEmpty()) {
                drop();
                next = Act.JOB_LOCK;
                return false;
            }
            locks.add(lock.get());
        }
        if (told.isEmpty()) {
            drop();
            next = Act.AWAIT;
            return true;
        }
        grant = told.get();
        next = Act.TAKE;
        return true;
    }

    private void take() throws IOException {
        try {
            Files.move(directory.resolve("token"), directory.resolve("foreground"));
        } catch (IOException e) {
            die();
            return;
        }
        began = true;
        note(Ledger.START);
        next = Act.FINISH;
    }

    private void note(String what) throws IOException {
        String cards = grant.environment().get("GPUSPOOL_GPUS");
        world.note(what, grant.id(), cards, token);
    }

    private void drop() {
        locks.forEach(Lock::close);
        locks.clear();
    }

    void die() {
        dead = true;
        drop();
        told.forEach(inbox -> inbox.put(new Inbox.ProcessEnded(pid)));
    }

    /** Whether that was for it: it was cancelled. */
    boolean takes(int signal) throws IOException {
        if (signal == SIGTERM && began && !dead) {
            finished = true;
            note(Ledger.END);
        }
        if (signal == SIGTERM) {
            die();
        }
        return directory != null && Files.exists(directory.resolve("cancel"));
    }
}
