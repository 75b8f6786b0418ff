package gpuspool.top;

import gpuspool.spool.Fs;
import gpuspool.spool.Looker;
import gpuspool.spool.OverviewReader;
import gpuspool.spool.Spool;
import gpuspool.view.SnapshotReader;
import java.io.IOError;
import java.io.IOException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jline.reader.EndOfFileException;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;

/** The full screen: hears of keys and looks, keeps the state, draws. */
public final class Top {
    /** How many jobs can be scrolled through; of more their number is told. Each ended one costs some reads a look. */
    private static final OverviewReader.Limits LIMITS = new OverviewReader.Limits(1000, 200, 30);

    private static final long TICK_MILLIS = 1000;

    private final Spool spool;
    private final Deeds deeds;
    private final Looks looks;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Glyphs glyphs;
    private final Paint paint;
    private final ExecutorService hands = Executors.newSingleThreadExecutor(Top::daemon);
    private Ui ui = Ui.START;
    private Optional<Sight> sight = Optional.empty();
    private Optional<String> blind = Optional.empty();
    private Optional<String> cardsBlind = Optional.empty();
    private LogView log = LogView.NOTHING;
    private boolean over;

    /** Carries out a verb as it was typed, and says what came of it. May take its time. */
    public interface Deeds {
        Ui.Told perform(Ui.Deed deed);
    }

    /**
     * For one terminal.
     *
     * @param utf8 whether it shows more than ASCII
     * @param coloured whether colours are wanted
     */
    public Top(Spool spool, Deeds deeds, boolean utf8, boolean coloured) {
        this.spool = spool;
        this.deeds = deeds;
        looks = new Looks(events);
        glyphs = new Glyphs(utf8);
        paint = new Paint(coloured);
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "top-deeds");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Shows the spool on the program's own terminal until somebody wants to leave; false where that cannot show a full screen.
     *
     * @param cards may wait for a driver
     * @throws IllegalStateException after what nobody expected; the terminal is as it was then, too
     */
    public boolean run(SnapshotReader.Cards cards, Looker looker, Fs fs) throws IOException, InterruptedException {
        Optional<Terminal> terminal = Terminals.open();
        if (terminal.isEmpty()) {
            return false;
        }
        try (Terminal open = terminal.get()) {
            run(open, cards, looker, fs);
        }
        return true;
    }

    void run(Terminal terminal, SnapshotReader.Cards cards, Looker looker, Fs fs) throws InterruptedException {
        Tty tty = new Tty(terminal);
        Thread atExit = new Thread(tty::close, "top-exit");
        Runtime.getRuntime().addShutdownHook(atExit);
        try {
            handleSignals(terminal);
            looks.start(
                    spool.root(),
                    new SnapshotReader(spool, looker, fs, looks::board, LIMITS),
                    cards,
                    new LogReader(spool.places(), fs));
            readKeys(new Keyboard(terminal));
            show(tty);
        } finally {
            looks.close();
            hands.shutdownNow();
            tty.close();
            leave(atExit);
        }
    }

    /** Of those that the terminal's library takes over; what it does by itself would end the program without a clean-up. */
    private void handleSignals(Terminal terminal) {
        terminal.handle(Terminal.Signal.WINCH, signal -> events.add(new Event.Resized()));
        terminal.handle(Terminal.Signal.CONT, signal -> events.add(new Event.Resized()));
        terminal.handle(Terminal.Signal.INT, signal -> events.add(new Event.Over()));
    }

    private static void leave(Thread atExit) {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The program is being ended, and the hook runs: it finds nothing left to do.
            return;
        }
    }

    private void readKeys(Keyboard keyboard) {
        Thread thread = new Thread(
                () -> {
                    try {
                        for (Key key = keyboard.read(); key != null; key = keyboard.read()) {
                            events.add(new Event.Pressed(key));
                        }
                        events.add(new Event.Over());
                    } catch (IOError | EndOfFileException e) {
                        // The terminal is gone, or closed.
                        events.add(new Event.Over());
                    }
                },
                "top-keys");
        thread.setDaemon(true);
        thread.start();
    }

    private void show(Tty tty) throws InterruptedException {
        while (!over) {
            draw(tty);
            Event event = events.poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
            // What came together is drawn together.
            while (event != null && !over) {
                hear(event, tty);
                event = events.poll();
            }
        }
    }

    private Screen.Scene scene() {
        List<String> troubles = new ArrayList<>();
        blind.ifPresent(why -> troubles.add("cannot read the spool, trying again: " + why));
        cardsBlind.ifPresent(why -> troubles.add("cannot ask for the GPUs, trying again: " + why));
        return new Screen.Scene(
                spool.root().toString(), sight, troubles, ui, log, System.currentTimeMillis(), ZoneId.systemDefault());
    }

    private void draw(Tty tty) {
        Size size = tty.size();
        tty.draw(Screen.of(scene(), size.getColumns(), size.getRows(), glyphs, paint));
    }

    private void hear(Event event, Tty tty) {
        if (event instanceof Event.Pressed pressed) {
            press(pressed.key(), tty);
        } else if (event instanceof Event.Seen seen) {
            sight = Optional.of(seen.sight());
            blind = Optional.empty();
            List<Row> rows = seen.sight().rows(ui.filter());
            ui = ui.select(rows, ui.index(rows));
        } else if (event instanceof Event.Blind now) {
            blind = Optional.of(now.why());
        } else if (event instanceof Event.CardsBlind now) {
            cardsBlind = Optional.of(now.why()).filter(why -> !why.isEmpty());
        } else if (event instanceof Event.LogRead read) {
            log = read.log();
        } else if (event instanceof Event.Done done) {
            ui = ui.with(Optional.of(done.told()));
            looks.ask();
        } else if (event instanceof Event.Resized) {
            tty.resize();
        } else if (event instanceof Event.Broken broken) {
            throw new IllegalStateException(broken.why());
        } else {
            over = true;
        }
        looks.want(ui.selected(scene().rows()));
    }

    private void press(Key key, Tty tty) {
        List<Row> rows = scene().rows();
        boolean stopped = sight.filter(Sight::isStopped).isPresent();
        Keys.Step step = new Keys(rows, stopped, scene().frame(tty.size().getRows())).press(ui, key);
        ui = step.ui();
        if (step.wish() instanceof Keys.Quit) {
            over = true;
        } else if (step.wish() instanceof Keys.Redraw) {
            tty.resize();
            looks.ask();
        } else if (step.wish() instanceof Keys.Perform perform) {
            hands.execute(() -> perform(perform.deed()));
        }
    }

    private void perform(Ui.Deed deed) {
        try {
            events.add(new Event.Done(deeds.perform(deed)));
        } catch (RuntimeException | Error e) {
            events.add(new Event.Broken(e));
        }
    }
}
