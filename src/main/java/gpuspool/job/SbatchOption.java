package gpuspool.job;

import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * An option of sbatch, and what becomes of it here.
 *
 * @param name its long name
 * @param letter its short one; empty: it has none
 * @param variable the variable by which the job is told its value; empty: none
 * @param here in Markdown, what it is here; empty: nothing, it is ignored
 * @param effect what it does to a job
 */
record SbatchOption(
        String name,
        Optional<Character> letter,
        Argument argument,
        Optional<String> variable,
        String here,
        BiConsumer<SbatchJob, SbatchArguments.Given> effect) {

    /** Whether a value follows. */
    enum Argument {
        NONE,
        /** Only with {@code =}. */
        POSSIBLE,
        NEEDED
    }

    /** One of a plugin's. */
    static SbatchOption unknown(String name) {
        return new SbatchOption(name, Optional.empty(), Argument.POSSIBLE, Optional.empty(), "", SbatchJob::ignore);
    }

    /** {@code --time}. */
    String shown() {
        return "--" + name;
    }

    boolean isIgnored() {
        return here.isEmpty();
    }

    SbatchOption told(String asVariable) {
        return new SbatchOption(name, letter, argument, Optional.of(asVariable), here, effect);
    }
}
