package gpuspool.watch;

import gpuspool.posix.Errors;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Set;

/** A disk that is full from the k-th call on that needs space, for so many calls; then somebody makes room. */
final class NoRoom implements Meddler {
    private static final Set<Step.Kind> NEED_SPACE = Set.of(
            Step.Kind.MKDIR, Step.Kind.CREATE, Step.Kind.APPEND, Step.Kind.OVERWRITE, Step.Kind.LINK, Step.Kind.LAUNCH);

    private final int k;
    private final int calls;
    /** Whether a write finds room for its first half. */
    private final boolean halves;

    private int seen;
    private String at = "";
    private boolean hitStatus;

    NoRoom(int k, int calls, boolean halves) {
        this.k = k;
        this.calls = calls;
        this.halves = halves;
    }

    boolean hit() {
        return seen >= k;
    }

    /** Whether the words of an ending may be missing in status because of it. */
    boolean hitStatus() {
        return hitStatus;
    }

    @Override
    public Object around(Step step, Call call) throws IOException {
        if (!NEED_SPACE.contains(step.kind()) || ++seen < k || seen >= k + calls) {
            return call.run();
        }
        if (at.isEmpty()) {
            at = step.toString();
        }
        hitStatus |= step.is(Step.Kind.APPEND) && step.name().equals("status");
        if (step.is(Step.Kind.LAUNCH)) {
            throw Errors.of("start /bin/sh", Errors.ENOSPC);
        }
        if (halves && step.writes()) {
            KillAt.half(step, step.content().length / 2);
        }
        throw new FileSystemException(step.path().toString(), null, "No space left on device");
    }

    @Override
    public String toString() {
        return "disk full at " + k + " (" + at + ") for " + calls + " calls" + (halves ? ", writes half done" : "");
    }
}
