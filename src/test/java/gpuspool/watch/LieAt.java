package gpuspool.watch;

import gpuspool.posix.Errors;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Reports an error for the k-th call of a watcher that may fail: after doing it, or instead of it. */
final class LieAt implements Meddler {
    enum Lie {
        NOT_FOUND,
        EXISTS,
        IO_ERROR,
        STALE,
        NO_SPACE,
        QUOTA;

        private IOException about(String path) {
            return switch (this) {
                case NOT_FOUND -> new NoSuchFileException(path);
                case EXISTS -> new FileAlreadyExistsException(path);
                case IO_ERROR -> new IOException("Input/output error");
                case STALE -> new FileSystemException(path, null, "Stale file handle");
                case NO_SPACE -> new FileSystemException(path, null, "No space left on device");
                case QUOTA -> new FileSystemException(path, null, "Disk quota exceeded");
            };
        }
    }

    private final Lie lie;
    private final boolean done;
    private final int k;
    private int seen;
    private String at = "";

    LieAt(Lie lie, boolean done, int k) {
        this.lie = lie;
        this.done = done;
        this.k = k;
    }

    boolean hit() {
        return seen >= k;
    }

    /** Whether the words of an ending may be missing in status because of it. */
    boolean hitStatus() {
        return at.matches("(LOOK|READ|APPEND) .*/status");
    }

    @Override
    public Object around(Step step, Call call) throws IOException {
        boolean neverFails = step.is(Step.Kind.CLOSE) || step.is(Step.Kind.RETIRE);
        // A start that is reported as failed left no child: the kernel of this very machine says so.
        boolean neverLies = step.is(Step.Kind.LAUNCH) && done;
        if (neverFails || neverLies || ++seen != k) {
            return call.run();
        }
        at = step.toString();
        if (done && step.changes()) {
            Object result = call.run();
            if (step.is(Step.Kind.LOCK) && result instanceof java.util.Optional<?> lock) {
                lock.ifPresent(held -> ((gpuspool.posix.Lock) held).close());
            }
        }
        throw step.is(Step.Kind.LAUNCH)
                ? Errors.of("start /bin/sh", Errors.EAGAIN)
                : lie.about(step.path().toString());
    }

    @Override
    public String toString() {
        return lie + " reported for call " + k + " (" + at + "), " + (done ? "done" : "not done");
    }
}
