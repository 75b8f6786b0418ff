package gpuspool.doctor;

import gpuspool.posix.FailureText;
import gpuspool.posix.FileFacts;
import gpuspool.posix.LockDirectory;
import gpuspool.posix.LockPlace;
import gpuspool.posix.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether the directory of locks can be trusted; {@code spool-layout.md}, section 2. */
final class LockCheck {
    static final String CHECK = "locks";
    private static final int FOR_ALL = 01777;
    private static final int PERMISSIONS = 07777;
    private static final String MAKE_SHARED = "sudo install -d -m 1777 /run/lock/gpuspool";

    private LockCheck() {}

    /**
     * The directory as it was found.
     *
     * @param why why it is the one; empty where a living watcher uses it
     * @param facts empty where it is not there
     * @param id whether it has the file that tells it from others
     * @param watched whether a watcher that lives uses it
     * @param flock whether a lock keeps others out; empty where that was not tried
     * @param failure what the system answered to the try
     */
    record Facts(
            Path path,
            Optional<LockPlace.Why> why,
            Optional<FileFacts> facts,
            Optional<Mount> mount,
            boolean id,
            boolean watched,
            Optional<Boolean> flock,
            Optional<String> failure) {

        /** @param tryLocks whether the C library can be called, and we may write there */
        static Facts of(Path path, Optional<LockPlace.Why> why, List<Mount> mounts, boolean tryLocks)
                throws IOException {
            Path real = Files.exists(path) ? path.toRealPath() : path;
            Optional<FileFacts> facts = FileFacts.of(real);
            Optional<Boolean> flock = Optional.empty();
            Optional<String> failure = Optional.empty();
            if (facts.isPresent() && tryLocks) {
                try {
                    flock = Optional.of(LockDirectory.tryOut(real));
                } catch (IOException e) {
                    failure = Optional.of(FailureText.of(e));
                }
            }
            boolean id = Files.exists(real.resolve(LockDirectory.ID));
            return new Facts(path, why, facts, Mount.under(mounts, real), id, why.isEmpty(), flock, failure);
        }
    }

    static List<Finding> judge(Facts facts) {
        List<Finding> findings = new ArrayList<>();
        String path = Patient.quoted(facts.path);
        findings.add(choice(facts));
        if (facts.watched && !(facts.facts.isPresent() && facts.id)) {
            findings.add(Finding.problem(
                    CHECK,
                    facts.path + " was emptied while a watcher uses it; its file id is gone, and with it the locks",
                    "stop the watcher, let its jobs end (they run on), then start it again; find out what empties it"));
        }
        facts.failure.ifPresent(answer -> findings.add(Finding.problem(
                CHECK, "no lock can be had in it; " + answer, "ls -ld " + path + "; or use another: --lock-dir DIR")));
        if (facts.flock.equals(Optional.of(false))) {
            findings.add(Finding.problem(
                    CHECK,
                    "two locks on one file did not keep each other out",
                    "use another directory: --lock-dir DIR"));
        }
        unfit(facts).ifPresent(findings::add);
        if (facts.flock.equals(Optional.of(true)) && findings.size() == 1) {
            findings.add(Finding.ok(CHECK, "a lock there keeps others out"));
        }
        return findings;
    }

    private static Finding choice(Facts facts) {
        if (facts.why.isEmpty()) {
            return Finding.ok(CHECK, "lock directory " + facts.path + ", as the watcher that lives here has it");
        }
        String where =
                "lock directory " + facts.path + (facts.facts.isEmpty() ? ", to be made by the first watcher" : "");
        return switch (facts.why.get()) {
            case NAMED -> Finding.ok(CHECK, where + ", because it is set");
            case SHARED -> Finding.ok(CHECK, where + ", shared by all users of this machine");
            case OWN ->
                Finding.note(
                        CHECK,
                        where + ", your own: cards are not locked against other users of this machine",
                        "make the shared one, once: " + MAKE_SHARED);
        };
    }

    private static Optional<Finding> unfit(Facts facts) {
        boolean shared = facts.why.equals(Optional.of(LockPlace.Why.SHARED));
        int mode = facts.facts.map(known -> known.mode() & PERMISSIONS).orElse(FOR_ALL);
        if (shared && mode != FOR_ALL) {
            return Optional.of(Finding.problem(
                    CHECK,
                    facts.path + " has mode " + Integer.toOctalString(mode) + ", so other users cannot lock there",
                    "sudo chmod 1777 " + Patient.quoted(facts.path)));
        }
        if (facts.mount.isPresent() && isRemote(facts.mount.get())) {
            return Optional.of(Finding.problem(
                    CHECK,
                    facts.path + " is on " + facts.mount.get().type() + "; locks must stay on this machine",
                    MAKE_SHARED));
        }
        Optional<String> swept = Stream.of("/tmp", "/var/tmp", "/dev/shm", "/run/user")
                .filter(place -> facts.path.startsWith(place))
                .findFirst();
        return swept.map(place -> Finding.note(
                CHECK,
                facts.path + " is under " + place
                        + ", which is emptied by the system at times; a lock whose file is gone" + " locks nothing",
                MAKE_SHARED));
    }

    private static boolean isRemote(Mount mount) {
        return mount.isNfs()
                || mount.type().startsWith("fuse.")
                || Stream.of("cifs", "smb3", "9p", "ceph", "lustre", "gpfs", "beegfs", "afs")
                        .anyMatch(mount.type()::equals);
    }
}
