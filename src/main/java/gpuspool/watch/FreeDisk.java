package gpuspool.watch;

import gpuspool.spool.Fs;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Keeps anything new from starting while the spool's file system has less room than {@code min_free_disk}. */
final class FreeDisk {
    private static final String TOPIC = "disk";
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long WHILE_FULL = Duration.ofSeconds(5).toNanos();

    private final Setup setup;
    private final Fs fs;
    private Optional<String> full = Optional.empty();
    private boolean looked;
    private long nextLook;

    FreeDisk(Setup setup, Fs fs) {
        this.setup = setup;
        this.fs = fs;
    }

    /**
     * Whether anything may start; what was seen a moment ago counts.
     *
     * @param wanted whether there is anything to start: nobody is asked for nothing, unless to find out that trouble is over
     */
    boolean hasRoom(long now, boolean wanted) {
        if ((wanted || full.isPresent()) && (!looked || now - nextLook >= 0)) {
            looked = true;
            look();
            nextLook = now + (full.isEmpty() ? SECOND : WHILE_FULL);
        }
        return full.isEmpty();
    }

    /** Why nothing may start, as it was seen last; empty while there is room. */
    Optional<String> full() {
        return full;
    }

    private void look() {
        long least = setup.settings().minFreeDisk();
        boolean wasFull = full.isPresent();
        try {
            long free = least > 0 ? fs.usableBytes(setup.spool().root()) : 0;
            full = free < least
                    ? Optional.of(size(free) + " free on the spool's file system, min_free_disk is " + size(least)
                            + "; nothing new starts until there is more")
                    : Optional.empty();
        } catch (IOException e) {
            full = Optional.of("how much is free on the spool's file system cannot be asked: " + e.getMessage()
                    + "; nothing new starts until it can");
        }
        if (full.isPresent() && !wasFull) {
            setup.attention().set(TOPIC, full.get() + "; running jobs run on");
        } else if (full.isEmpty() && wasFull) {
            setup.attention().clear(TOPIC);
            setup.say("there is room again on the spool's file system; jobs start");
        }
    }

    /** When to look again by itself; {@link Engine#NEVER} while there is room. */
    long nextDue() {
        return full.isPresent() ? nextLook : Engine.NEVER;
    }

    /** {@code 512 MiB}, {@code 1.5 GiB}; rounded down, so that it never looks like more than it is. */
    static String size(long bytes) {
        long tenths = bytes / (1L << 20) * 10 / 1024;
        return bytes < 1L << 30
                ? (bytes >> 20) + " MiB"
                : String.format(Locale.ROOT, "%d.%d GiB", tenths / 10, tenths % 10);
    }
}
