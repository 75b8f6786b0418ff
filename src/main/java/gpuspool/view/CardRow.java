package gpuspool.view;

import gpuspool.gpu.GpuId;
import gpuspool.gpu.Reading;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** One {@link CardView} as the cells of a row. */
public final class CardRow {
    public static final List<String> HEAD = List.of("GPU", "UUID", "MEMORY", "UTIL", "TEMP", "POWER", "STATE");
    /** In the places of {@link #HEAD}. */
    public static final int UTILISATION = 3;

    public static final int STATE = 6;

    private static final double GIB = 1L << 30;
    private static final int BAR = 10;
    private static final int SHORT_WORD = 12;
    private static final int MILLI = 1000;

    private CardRow() {}

    /** Cells in the order of {@link #HEAD}; empty text for what is not known. */
    public static List<String> of(CardView card, boolean fullWord, boolean utf8) {
        Reading.Figures figures = card.figures();
        boolean numberAlone =
                GpuId.parse(card.word()).filter(GpuId.Index.class::isInstance).isPresent();
        String word = numberAlone ? "" : Words.line(card.word());
        return List.of(
                card.index().isPresent() ? Integer.toString(card.index().getAsInt()) : "-",
                fullWord ? word : word.substring(0, Math.min(SHORT_WORD, word.length())),
                memory(card.memory(), utf8),
                number(figures.utilisation(), "%"),
                number(figures.temperature(), "C"),
                power(figures),
                card.state());
    }

    /** {@code [####······] 34.1/80.0 GiB}. */
    public static String memory(Optional<Reading.Memory> memory, boolean utf8) {
        if (memory.isEmpty() || memory.get().total() <= 0) {
            return "";
        }
        double part = Math.min(1, (double) memory.get().used() / memory.get().total());
        int full = (int) Math.round(part * BAR);
        String total = gib(memory.get().total());
        String used = gib(memory.get().used());
        String aligned = " ".repeat(Math.max(0, total.length() - used.length())) + used;
        return "[" + "#".repeat(full) + (utf8 ? "·" : ".").repeat(BAR - full) + "] " + aligned + "/" + total + " GiB";
    }

    private static String gib(long bytes) {
        return String.format(Locale.ROOT, "%.1f", bytes / GIB);
    }

    private static String number(OptionalInt value, String unit) {
        return value.isPresent() ? value.getAsInt() + unit : "";
    }

    private static String power(Reading.Figures figures) {
        if (figures.power().isEmpty()) {
            return "";
        }
        String most =
                figures.powerLimit().isPresent() ? "/" + figures.powerLimit().getAsInt() / MILLI : "";
        return figures.power().getAsInt() / MILLI + most + "W";
    }
}
