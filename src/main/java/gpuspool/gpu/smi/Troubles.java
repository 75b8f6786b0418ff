package gpuspool.gpu.smi;

import gpuspool.gpu.Reading;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** What words in place of an answer say of a GPU. Remembers how often one was said to be in an unknown state. */
final class Troubles {
    private static final Pattern SICK =
            Pattern.compile("lost|fallen off|requires reset|reset required|power cable|interrupt|irq");
    private static final Pattern STRANGE = Pattern.compile("unknown error");
    private static final Pattern FORBIDDEN =
            Pattern.compile("insufficient permissions|not permitted|permission denied");

    /** A GPU off the bus often says "unknown error", and so does one that is all right, now and then. */
    private static final int STRANGE_TIMES = 3;

    private final Map<String, Integer> strange = new HashMap<>();

    Reading of(String pci, String words) {
        String small = words.toLowerCase(Locale.ROOT);
        String reason = "nvidia-smi: " + words;
        if (SICK.matcher(small).find()) {
            return new Reading.Sick(reason);
        }
        if (FORBIDDEN.matcher(small).find()) {
            return new Reading.Forbidden(reason);
        }
        if (STRANGE.matcher(small).find() && strange.merge(pci, 1, Integer::sum) >= STRANGE_TIMES) {
            return new Reading.Sick(reason + ", " + STRANGE_TIMES + " times in a row");
        }
        return new Reading.Unreadable(reason);
    }

    /** It answered. */
    void isFine(String pci) {
        strange.remove(pci);
    }
}
