package gpuspool.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;

/** Kills a watcher at its k-th change of the world; whatever it tries from then on, it does no more. */
final class KillAt implements Meddler {
    enum Moment {
        BEFORE,
        AFTER,
        /** In the middle of a write: an empty file is left, or nothing of what was to be added; of a start, only its mark. */
        EMPTY,
        /** In the middle of a write: half of it is there. */
        HALF
    }

    private final Moment moment;
    private final int k;
    private final Optional<Step.Kind> only;
    private int seen;
    private boolean dead;
    private String at = "";

    KillAt(Moment moment, int k) {
        this(moment, k, Optional.empty());
    }

    private KillAt(Moment moment, int k, Optional<Step.Kind> only) {
        this.moment = moment;
        this.k = k;
        this.only = only;
    }

    /** At the k-th call of one kind. */
    static KillAt at(Step.Kind kind, int k, boolean done) {
        return new KillAt(done ? Moment.AFTER : Moment.BEFORE, k, Optional.of(kind));
    }

    /** In the middle of the k-th start: only its mark is there. */
    static KillAt halfStarted(int k) {
        return new KillAt(Moment.EMPTY, k, Optional.of(Step.Kind.LAUNCH));
    }

    /** Whether the run came that far. */
    boolean hit() {
        return dead;
    }

    @Override
    public Object around(Step step, Call call) throws IOException {
        if (dead) {
            throw new Killed();
        }
        boolean halved = moment == Moment.EMPTY || moment == Moment.HALF;
        boolean counts =
                halved ? step.writes() || (moment == Moment.EMPTY && step.is(Step.Kind.LAUNCH)) : step.changes();
        boolean meant = only.map(step::is).orElse(true);
        if (!counts || !meant || ++seen != k) {
            return call.run();
        }
        dead = true;
        at = step.toString();
        switch (moment) {
            case BEFORE -> {}
            case AFTER -> {
                Object unused = call.run();
            }
            case EMPTY -> half(step, 0);
            case HALF -> half(step, step.content().length / 2);
            default -> throw new AssertionError(moment);
        }
        throw new Killed();
    }

    /** As much of a write as came through. */
    static void half(Step step, int length) throws IOException {
        if (step.is(Step.Kind.LAUNCH)) {
            // The child set up, its last file made, the shell not loaded: it never was.
            Files.createFile(step.path().resolve("output.log"));
            return;
        }
        Path file = step.path();
        byte[] part = Arrays.copyOf(step.content(), length);
        switch (step.kind()) {
            case CREATE -> Files.write(file, part, StandardOpenOption.CREATE_NEW);
            case APPEND -> Files.write(file, part, StandardOpenOption.APPEND);
            case ADD_LINES -> Files.write(file, part, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            default -> Files.write(file, part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
        }
    }

    @Override
    public String toString() {
        return "kill " + moment + " change " + k + " (" + at + ")";
    }
}
