package gpuspool.job;

import java.time.Duration;

/**
 * A signal to a job whose time will be over soon.
 *
 * @param number of the signal, 1 to 64
 * @param before so long before the end of its time; above zero
 */
public record EarlySignal(int number, Duration before) {
    /** {@code SIGUSR1}. */
    public String name() {
        return Signals.name(number).orElse("signal " + number);
    }
}
