package gpuspool.watch;

import gpuspool.plan.CardState;
import gpuspool.spool.Fs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** Lets go of the GPU driver while {@code control/let-go} lies there, and takes that away where it was forgotten. */
final class LetGo {
    /** What a card is while its driver is let go of. */
    static final CardState STATE = new CardState(
            CardState.Kind.UNKNOWN, "the driver is let go of: control/let-go lies there; remove it to go on");

    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final long AFTER_TROUBLE = Duration.ofMinutes(1).toNanos();

    private final Setup setup;
    private final Path request;
    private final Fs fs;
    private final Clocks clocks;
    private boolean on;
    private long until;

    LetGo(Setup setup, Fs fs, Clocks clocks) {
        this.setup = setup;
        this.request = setup.spool().places().letGo();
        this.fs = fs;
        this.clocks = clocks;
    }

    /** Told before every round of starts whether the request lies there. */
    void look(boolean lies) {
        if (lies && !on) {
            until = clocks.nanos() + LONGEST.toNanos();
            on = true;
            setup.cards().gauge().ifPresent(gauge -> {
                gauge.letGo();
                setup.say("letting go of the GPU driver: control/let-go lies there; no job starts on a card of it until"
                        + " it is removed, which a watcher does after 10 minutes");
            });
        }
        if (lies && clocks.nanos() - until >= 0) {
            remove();
        } else if (!lies && on) {
            end();
        }
    }

    private void remove() {
        try {
            fs.delete(request);
        } catch (IOException e) {
            if (lies()) {
                setup.say("attention: cannot remove control/let-go, which has lain there for 10 minutes: "
                        + e.getMessage() + ". The GPU driver stays let go of; tried again every minute");
                until = clocks.nanos() + AFTER_TROUBLE;
                return;
            }
        }
        setup.say(
                "removed control/let-go, which had lain there for 10 minutes. To let go of the GPU driver once more: touch"
                        + " control/let-go");
        end();
    }

    /** What cannot be asked is taken to be there still. */
    private boolean lies() {
        try {
            return fs.look(request).isPresent();
        } catch (IOException e) {
            return true;
        }
    }

    private void end() {
        on = false;
        setup.cards().gauge().ifPresent(gauge -> {
            gauge.takeUp();
            setup.say("the GPU driver is asked again: control/let-go is gone");
        });
    }

    /** Whether the request lies there; without a driver that means nothing. */
    boolean isOn() {
        return on;
    }

    /** When to look again by itself; {@link Engine#NEVER} while nothing was asked for. */
    long nextDue() {
        return on ? until : Engine.NEVER;
    }
}
