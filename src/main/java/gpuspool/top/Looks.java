package gpuspool.top;

import gpuspool.gpu.BadDeviceListException;
import gpuspool.posix.FailureText;
import gpuspool.spool.Spool;
import gpuspool.view.CardBoard;
import gpuspool.view.Snapshot;
import gpuspool.view.SnapshotReader;
import gpuspool.view.Users;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Looks at the spool, its cards and one log again and again, each in a thread of its own: a file system or a driver that does not
 * answer holds up nothing but itself.
 */
final class Looks implements AutoCloseable {
    static final CardBoard NO_BOARD = new CardBoard(0, Optional.empty(), false, List.of());

    private static final long EVERY_MILLIS = 1000;
    private static final long CARDS_MILLIS = 2000;
    private static final long LOG_MILLIS = 500;

    /** A look at a large spool takes long; it is looked at so much more seldom that this share of a core is enough. */
    private static final int SHARE = 100;

    private static final long LONGEST_MILLIS = 15_000;

    private final BlockingQueue<Event> events;
    private final Semaphore asked = new Semaphore(0);
    private final Semaphore askedForLog = new Semaphore(0);
    private volatile CardBoard board = NO_BOARD;
    private volatile Optional<Row> selected = Optional.empty();
    private volatile boolean over;

    Looks(BlockingQueue<Event> events) {
        this.events = events;
    }

    /** Where a snapshot gets its cards: as they were seen last, so that it waits for no driver. */
    CardBoard board() {
        return board;
    }

    void start(Path spool, SnapshotReader reader, SnapshotReader.Cards cards, LogReader logs) {
        thread("top-spool", () -> lookAtSpool(spool, reader));
        thread("top-cards", () -> lookAtCards(cards));
        thread("top-log", () -> lookAtLog(logs));
    }

    /** A look at the spool is taken soon. */
    void ask() {
        asked.release();
    }

    /** The row whose log is wanted. */
    void want(Optional<Row> row) {
        boolean other = !row.map(Row::key).equals(selected.map(Row::key));
        selected = row;
        if (other) {
            askedForLog.release();
        }
    }

    interface Work {
        void run() throws Exception;
    }

    private void thread(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (InterruptedException e) {
                        events.add(new Event.Over());
                    } catch (Exception | Error e) {
                        events.add(new Event.Broken(e));
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private void lookAtSpool(Path place, SnapshotReader reader) throws InterruptedException {
        Users users = new Users();
        while (!over) {
            asked.drainPermits();
            long begun = System.nanoTime();
            try {
                // One that was moved away would look like one without jobs.
                Spool.open(place);
                Snapshot snapshot = reader.read();
                events.add(new Event.Seen(Sight.of(snapshot, users)));
            } catch (IOException e) {
                events.add(new Event.Blind(FailureText.of(e)));
            } catch (BadDeviceListException e) {
                events.add(new Event.Blind(e.getMessage()));
            }
            long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
            pause(asked, Math.min(LONGEST_MILLIS, Math.max(EVERY_MILLIS, took * SHARE)));
        }
    }

    private void lookAtCards(SnapshotReader.Cards cards) throws InterruptedException {
        boolean told = false;
        while (!over) {
            try {
                boolean first = board.equals(NO_BOARD);
                board = cards.read();
                if (first) {
                    ask();
                }
                if (told) {
                    events.add(new Event.CardsBlind(""));
                    told = false;
                }
            } catch (IOException e) {
                events.add(new Event.CardsBlind(FailureText.of(e)));
                told = true;
            } catch (BadDeviceListException e) {
                events.add(new Event.CardsBlind(e.getMessage()));
                told = true;
            }
            Thread.sleep(CARDS_MILLIS);
        }
    }

    private void lookAtLog(LogReader logs) throws InterruptedException {
        LogView last = LogView.NOTHING;
        while (!over) {
            askedForLog.drainPermits();
            Optional<Row> row = selected;
            LogView log = row.map(logs::read).orElse(LogView.NOTHING);
            if (!log.equals(last)) {
                events.add(new Event.LogRead(log));
                last = log;
            }
            pause(askedForLog, LOG_MILLIS);
        }
    }

    private static void pause(Semaphore until, long millis) throws InterruptedException {
        boolean unused = until.tryAcquire(millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        over = true;
        asked.release();
        askedForLog.release();
    }
}
