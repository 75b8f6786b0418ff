package gpuspool.watch;

import gpuspool.posix.Lock;
import gpuspool.posix.Processes;
import gpuspool.spool.DiskFs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** One watcher from its start to its end, which may come anywhere. */
final class Life implements AutoCloseable {
    /** Far more turns than any job here needs, waiting times skipped. */
    private static final int MOST_TURNS = 400;

    private static final long PATIENCE = 60_000_000_000L;

    private final FaultBed bed;
    private final World world;
    private final Set<Lock> open = new LinkedHashSet<>();
    private final Inbox inbox = new Inbox();
    private final Engine engine;

    Life(FaultBed bed, Meddler meddler, String boot) {
        this(bed, meddler, boot, bed.world().processes());
    }

    Life(FaultBed bed, Meddler meddler, String boot, Processes processes) {
        this(bed, meddler, boot, processes, FaultBed.HOST);
    }

    Life(FaultBed bed, Meddler meddler, String boot, Processes processes, String host) {
        this.bed = bed;
        this.world = bed.world();
        Meddler all = meddler.over(FaultBed.UNFORCED);
        engine = new Engine(
                bed.setup(host),
                new Edges(
                        Seams.fs(new DiskFs(), all),
                        Seams.locks(world.locks(), all, open),
                        Seams.launcher(world.launcher(), all),
                        processes,
                        world.exits(inbox),
                        world.clocks(),
                        boot,
                        Runnable::run),
                inbox);
    }

    Engine engine() {
        return engine;
    }

    void recover() throws IOException {
        engine.recover();
    }

    /** One turn, then the world goes on for a moment; time passes where nothing else would happen, which gives false. */
    boolean turn() throws IOException {
        long due = engine.turn();
        boolean lives = world.live(inbox);
        List<Inbox.Event> told = inbox.drain();
        told.forEach(inbox::put);
        // What a sweep waits for is there already: it would not be drained if a scan came in between each time.
        if (!lives && told.stream().noneMatch(Inbox.OfGroup.class::isInstance)) {
            world.advanceTo(due);
        }
        return lives;
    }

    /** What another thread would tell it. */
    void tell(Inbox.Event event) {
        inbox.put(event);
    }

    /** Turns until nothing is left to do. */
    void drain() throws IOException {
        long from = System.nanoTime();
        // Where real processes live, they take as long as this machine lets them.
        for (int i = 0; i < MOST_TURNS && System.nanoTime() - from < PATIENCE; ) {
            i += turn() ? 0 : 1;
            if (engine.isDrained()) {
                return;
            }
        }
        throw new AssertionError("not drained after " + MOST_TURNS + " turns: " + describe() + "; log: " + bed.log());
    }

    /** Turns until nothing is left to do, or nothing more comes of waiting; true: all is done. */
    boolean settle(int turns) throws IOException {
        for (int i = 0; i < turns; i++) {
            boolean unused = turn();
            if (engine.isDrained()) {
                return true;
            }
        }
        return false;
    }

    /** As far as it gets without ever waiting for the clock. */
    void work() throws IOException {
        for (int i = 0; i < MOST_TURNS; i++) {
            long due = engine.turn();
            boolean lives = world.live(inbox);
            if (!lives && due > world.clocks().nanos() + 1000) {
                return;
            }
        }
    }

    /** From start to drained; false where it was killed on its way. */
    boolean run() throws IOException {
        try {
            recover();
            drain();
            return true;
        } catch (Killed e) {
            return false;
        } finally {
            close();
        }
    }

    List<String> describe() {
        List<String> words = new ArrayList<>();
        engine.jobs().all().forEach(job -> words.add(job.name() + " is " + job.phase + " " + job.waits));
        engine.backlog().waiting().forEach(entry -> words.add(entry.name() + " waits: " + entry.why));
        engine.backlog().queued(10).forEach(entry -> words.add(entry.name() + " is queued"));
        return words;
    }

    /** The process is gone, and with it all its descriptors; what children inherited stays theirs. */
    @Override
    public void close() {
        open.forEach(Lock::close);
        open.clear();
    }
}
