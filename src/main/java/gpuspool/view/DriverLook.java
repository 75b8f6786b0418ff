package gpuspool.view;

import gpuspool.gpu.CardSource;
import gpuspool.gpu.Gauge;
import gpuspool.gpu.Roster;
import gpuspool.gpu.Survey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Asks a driver again and again, and never waits longer for it than it is told to. */
public final class DriverLook implements AutoCloseable {
    private final CardSource.Driven source;
    private final BlockingQueue<Gauge.News> news = new LinkedBlockingQueue<>();
    private Optional<Gauge> gauge = Optional.empty();

    public DriverLook(CardSource.Driven source) {
        this.source = source;
    }

    /** What it says now; where it does not answer in time, how long it has kept us waiting. */
    public CardFacts.Driver ask(Duration most) throws InterruptedException {
        Optional<Gauge.News.Looked> looked = look(most);
        if (looked.isEmpty()) {
            return CardFacts.Driver.silent(
                    "their driver has not answered for " + waited(most).toSeconds() + " s");
        }
        if (looked.get().survey() instanceof Survey.Answer answer) {
            return new CardFacts.Driver(answer.driver(), answer.devices(), answer.readings(), Optional.empty());
        }
        return CardFacts.Driver.silent(((Survey.Silence) looked.get().survey()).reason());
    }

    private Optional<Gauge.News.Looked> look(Duration most) throws InterruptedException {
        if (gauge.isEmpty()) {
            Roster roster = Roster.of(source, most);
            gauge = roster.gauge();
            gauge.ifPresent(way -> way.tell(news::add));
            return roster.first();
        }
        // An answer that came too late for the look before is no answer to this one.
        List<Gauge.News> late = new ArrayList<>();
        news.drainTo(late);
        gauge.get().ask();
        Gauge.News first = news.poll(most.toMillis(), TimeUnit.MILLISECONDS);
        return first instanceof Gauge.News.Looked looked ? Optional.of(looked) : Optional.empty();
    }

    private Duration waited(Duration atLeast) {
        long since = gauge.map(Gauge::askedSince).stream()
                .flatMapToLong(java.util.OptionalLong::stream)
                .findFirst()
                .orElse(System.nanoTime() - atLeast.toNanos());
        return Duration.ofNanos(System.nanoTime() - since);
    }

    @Override
    public void close() {
        gauge.ifPresent(Gauge::close);
    }
}
