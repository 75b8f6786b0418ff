package gpuspool.watch;

import gpuspool.chaos.TestJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Everything that a watcher may have to do in its life, for faults to fall into: it finds what another left half done, claims,
 * starts, refuses, is paused, cancels and files.
 */
final class Ordeal {
    private static final int MOST_TURNS = 400;

    private final FaultBed bed;
    private TestJob endless;

    private Ordeal(FaultBed bed) {
        this.bed = bed;
    }

    /** What the watcher before left: it was killed in the middle of its second start. */
    static Ordeal lay(FaultBed bed) throws IOException {
        Ordeal ordeal = new Ordeal(bed);
        bed.drop("a-ended.job", 1, 4);
        bed.drop("b-half.job", 1, 0);
        bed.drop("c-armed.job", 0, 0);
        TestJob unwanted = bed.dropEndless("d-unwanted.job", 0);
        KillAt kill = KillAt.halfStarted(2);
        if (bed.life(kill).run()) {
            throw new AssertionError("was not killed: " + bed.log());
        }
        // The one that was started ends while nobody watches.
        bed.sim().finish();
        bed.cancel(unwanted);
        Path lost = Files.createDirectory(bed.spool().resolve("running/lost.1." + FaultBed.HOST));
        Files.writeString(lost.resolve("status"), "name = lo");
        Path draft = Files.createDirectory(bed.spool().resolve("tmp/half-made"));
        Files.writeString(draft.resolve("status"), "x");
        bed.drop("two.job", 2, 0);
        bed.dropBad("bad.toml");
        bed.drop("fails.job", 1, 3);
        ordeal.endless = bed.dropEndless("endless.job", 1);
        return ordeal;
    }

    /** Lives to the end; the job that works for ever is cancelled while the queue is paused. */
    void live(Life life) throws IOException {
        for (int i = 0; i < MOST_TURNS && bed.starts(endless) == 0; i++) {
            boolean unused = life.turn();
        }
        Path pause = Files.createFile(bed.spool().resolve("control/pause"));
        try {
            boolean unused = life.turn();
            bed.cancel(endless);
        } finally {
            Files.delete(pause);
        }
        life.drain();
    }

    /** A watcher that nothing happens to finishes what is left. */
    void finish() throws IOException {
        try (Life life = bed.life(Meddler.none())) {
            life.recover();
            live(life);
        }
    }
}
