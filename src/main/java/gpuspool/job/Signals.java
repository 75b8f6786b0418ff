package gpuspool.job;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Names of the Linux signals 1 to 31 on the machines we run on (x86-64, arm64).
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/signal.7.html">signal(7)</a>
 */
final class Signals {

    private static final List<String> NAMES =
            List.of(("HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP"
                            + " TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS")
                    .split(" "));

    private Signals() {}

    /** 9 for {@code KILL}, {@code SIGKILL} and {@code sigkill}; empty for what is no name of a signal. */
    static OptionalInt number(String name) {
        String word = name.toUpperCase(Locale.ROOT);
        int index = NAMES.indexOf(word.startsWith("SIG") ? word.substring("SIG".length()) : word);
        return index < 0 ? OptionalInt.empty() : OptionalInt.of(index + 1);
    }

    /** {@code SIGKILL} for 9; empty for a number that has no name here. */
    static Optional<String> name(int number) {
        return number >= 1 && number <= NAMES.size() ? Optional.of("SIG" + NAMES.get(number - 1)) : Optional.empty();
    }
}
