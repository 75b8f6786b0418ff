package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import gpuspool.chaos.Ledger;
import gpuspool.chaos.TestJob;
import gpuspool.chaos.Tree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A job runs twice: it is stopped and queued again, or fails and is retried; the second time it ends. */
final class Comeback {
    private static final int MOST_TURNS = 600;
    private static final long PATIENCE = 60_000_000_000L;

    private final FaultBed bed;
    private final TestJob job;
    private final boolean fails;

    /** It would never end, and is stopped. */
    Comeback(FaultBed bed) throws IOException {
        this(bed, bed.dropStuck("x.job", 1, 3), false);
    }

    private Comeback(FaultBed bed, TestJob job, boolean fails) {
        this.bed = bed;
        this.job = job;
        this.fails = fails;
    }

    /** It fails once, and has more retries than it needs: one too many would be seen. */
    static Comeback failing(FaultBed bed) throws IOException {
        return new Comeback(bed, bed.dropFailingOnce("x.job", "retries=3", 3), true);
    }

    static Comeback of(FaultBed bed, boolean fails) throws IOException {
        return fails ? failing(bed) : new Comeback(bed);
    }

    TestJob job() {
        return job;
    }

    /** Asks for it as soon as the job has begun, unless that was done before. */
    void ask(Life life) throws IOException {
        if (fails) {
            return;
        }
        List<Ledger.Event> starts = bed.ledger().read().events().stream()
                .filter(event -> event.what().equals(Ledger.START))
                .toList();
        for (Job known : life.engine().jobs().all()) {
            boolean isFirst = starts.size() == 1
                    && starts.get(0).id().equals(known.dir.id().toString());
            if (isFirst && known.phase == Job.Phase.LIVE && known.decided.isEmpty()) {
                boolean unused = life.engine().ender().requeue(known, "a stranger is on its card");
            }
        }
    }

    /** To the end. */
    void live(Life life) throws IOException {
        long from = System.nanoTime();
        for (int i = 0; i < MOST_TURNS && System.nanoTime() - from < PATIENCE; ) {
            ask(life);
            i += life.turn() ? 0 : 1;
            if (life.engine().isDrained()) {
                return;
            }
        }
        throw new AssertionError("not drained: " + life.describe() + "; log: " + bed.log());
    }

    /** From start to end; false where it was killed on its way. */
    boolean run(Life life) throws IOException {
        try (life) {
            life.recover();
            live(life);
            return true;
        } catch (Killed e) {
            return false;
        }
    }

    /** After whatever came before: it ran twice, or once where the first run was never stopped, and nothing is left to do. */
    void assertKept(String what, String boot) throws IOException {
        try {
            boolean unused = run(bed.lifeAfterBoot(Meddler.none(), boot));
        } catch (AssertionError e) {
            throw new AssertionError(what + ": " + e.getMessage(), e);
        }
        assertEquals(List.of(), bed.checker().check(), () -> what + "; log: " + bed.log());
        assertEquals(2, bed.starts(job), () -> what + "; log: " + bed.log());
        if (fails) {
            assertCounted(what);
        }
        if (bed.world() instanceof SimWorld sim) {
            assertEquals(List.of(), sim.hurt(), () -> what + "; log: " + bed.log());
        }
        String before = Tree.fingerprint(bed.spool());
        bed.drain();
        assertEquals(before, Tree.fingerprint(bed.spool()), what + ": a look at a settled spool changed it");
    }

    /** Whatever came in between, the run that ended knows the one before it and how often it was retried. */
    private void assertCounted(String what) throws IOException {
        for (Path directory : Tree.list(bed.places().done())) {
            Map<String, String> status = Tree.status(directory);
            Map<String, String> previous =
                    Tree.status(bed.places().failed().resolve(status.getOrDefault("previous", "none")));
            assertEquals("1", status.get("retry"), what);
            assertEquals("handed", previous.get("again"), what);
            assertEquals("3", previous.get("exit"), what);
        }
        assertEquals(1, Tree.list(bed.places().done()).size(), what);
    }

    void assertKept(String what) throws IOException {
        assertKept(what, FaultBed.BOOT);
    }
}
