package gpuspool.gpu;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The cards of one watcher: where they come from, what asks their driver, and what the first look found.
 *
 * @param gauge empty where no driver is asked
 * @param first empty where none is, or it did not answer in time
 */
public record Roster(CardSource source, Optional<Gauge> gauge, Optional<Gauge.News.Looked> first) {

    /** Cards of which nobody is asked. */
    public static Roster onTrust(List<GpuId> cards) {
        return new Roster(CardSource.onTrust(cards), Optional.empty(), Optional.empty());
    }

    /** Starts asking, and waits for the first answer, at most so long. */
    public static Roster of(CardSource source, Duration most) throws InterruptedException {
        if (!(source instanceof CardSource.Driven driven)) {
            return new Roster(source, Optional.empty(), Optional.empty());
        }
        BlockingQueue<Gauge.News> news = new LinkedBlockingQueue<>();
        Gauge gauge = new Gauge(driven.finder(), news::add).start();
        gauge.ask();
        Gauge.News first = news.poll(most.toMillis(), TimeUnit.MILLISECONDS);
        return new Roster(
                source,
                Optional.of(gauge),
                first instanceof Gauge.News.Looked looked ? Optional.of(looked) : Optional.empty());
    }

    /**
     * Refuses cards that the driver does not have.
     *
     * @throws BadDeviceListException if it answered and one that was named is not there; the message names all there are
     */
    public void check() throws BadDeviceListException {
        if (source instanceof CardSource.Driven driven
                && first.isPresent()
                && first.get().survey() instanceof Survey.Answer answer) {
            List<Device> unused = driven.selection().of(answer);
        }
    }

    /** What the user should know of them after the first look. */
    public Optional<String> warning() {
        if (source instanceof CardSource.Driven driven
                && first.isPresent()
                && first.get().survey() instanceof Survey.Answer answer) {
            boolean none = inventory() instanceof Inventory.Cards cards
                    && cards.devices().isEmpty();
            return none
                    ? Optional.of(
                            answer.driver() + " tells of no GPU that may be used: only jobs with gpus = 0 can run")
                    : driven.selection().doubt(answer);
        }
        return Optional.empty();
    }

    /** What is known of the cards by the first look. */
    public Inventory inventory() {
        if (source instanceof CardSource.OnTrust trusted) {
            return new Inventory.Cards(trusted.devices(), "", Links.UNKNOWN);
        }
        return first.map(look -> understand(look.survey()))
                .orElseGet(() -> new Inventory.Unknown("their driver has not answered yet"));
    }

    /** What a driver's answer says of the cards that are meant. */
    public Inventory understand(Survey survey) {
        if (survey instanceof Survey.Silence silence) {
            return new Inventory.Unknown(silence.reason());
        }
        Survey.Answer answer = (Survey.Answer) survey;
        try {
            List<Device> devices = ((CardSource.Driven) source).selection().of(answer);
            return new Inventory.Cards(devices, answer.driver(), answer.links());
        } catch (BadDeviceListException e) {
            return new Inventory.Unknown(e.getMessage());
        }
    }
}
