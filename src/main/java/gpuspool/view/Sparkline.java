package gpuspool.view;

import gpuspool.job.UsageSample;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;

/** A course of values as one small line of text. */
public final class Sparkline {
    private static final String BLOCKS = "▁▂▃▄▅▆▇█";
    private static final String ASCII = "_.,-=+*#";

    private Sparkline() {}

    /**
     * The course of a job's samples, each for the time since the one before it.
     *
     * @param value from 0, an empty line, to 1, a full one; empty where it is not known, which is a blank
     * @param width how many characters at most; fewer where there are fewer samples
     * @param utf8 whether the terminal shows block characters
     */
    public static String of(
            List<UsageSample> samples, Function<UsageSample, OptionalDouble> value, int width, boolean utf8) {
        String levels = utf8 ? BLOCKS : ASCII;
        int cells = Math.min(width, samples.size());
        long end = samples.isEmpty() ? 0 : samples.get(samples.size() - 1).seconds();
        StringBuilder line = new StringBuilder();
        int next = 0;
        for (int cell = 0; cell < cells; cell++) {
            long until = cell == cells - 1 ? end : end * (cell + 1) / cells;
            OptionalDouble most = OptionalDouble.empty();
            // One sample may last for several cells, and then it fills them all.
            for (int i = next; i < samples.size(); i++) {
                most = larger(most, value.apply(samples.get(i)));
                if (samples.get(i).seconds() >= until) {
                    next = samples.get(i).seconds() == until ? i + 1 : i;
                    break;
                }
            }
            next = Math.min(next, samples.size() - 1);
            line.append(most.isEmpty() ? ' ' : levels.charAt(level(most.getAsDouble(), levels.length())));
        }
        return line.toString();
    }

    private static OptionalDouble larger(OptionalDouble one, OptionalDouble other) {
        boolean takes = one.isEmpty() || other.isPresent() && other.getAsDouble() > one.getAsDouble();
        return takes ? other : one;
    }

    private static int level(double value, int levels) {
        return (int) Math.max(0, Math.min(levels - 1, Math.floor(value * levels)));
    }
}
