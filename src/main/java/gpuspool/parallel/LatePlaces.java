package gpuspool.parallel;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code {gpu}} and {@code {%}}: what nobody knows before the job has its cards, so that the shell puts it in. The first is the numbers of
 * its cards by commas; the second the first of these plus 1, which is what {@code {%}} of GNU parallel is used for where each slot has one
 * GPU, and where it has no numbered card a number that no other job has at the time.
 */
final class LatePlaces {
    private static final String GPU = "{gpu}";
    private static final Pattern PLACE = Pattern.compile("(?<!\\$)\\{(?:gpu|%)\\}");

    private LatePlaces() {}

    static boolean in(String command) {
        return PLACE.matcher(command).find();
    }

    /** Whether a number is needed that no other job has. */
    static boolean needSlot(String command) {
        Matcher place = PLACE.matcher(command);
        while (place.find()) {
            if (!place.group().equals(GPU)) {
                return true;
            }
        }
        return false;
    }

    /** The same as text that a shell replaces them in, as text, wherever they stand. */
    static String script(String command, int slot) {
        StringBuilder text = new StringBuilder(command.length() + 256);
        if (needSlot(command)) {
            text.append("gpuspool_slot=${GPUSPOOL_GPUS%%,*}; case $gpuspool_slot in *[!0-9]*|'') gpuspool_slot=")
                    .append(slot)
                    .append(";; *) gpuspool_slot=$((gpuspool_slot + 1));; esac\n");
        }
        text.append("eval ");
        int from = 0;
        Matcher place = PLACE.matcher(command);
        while (place.find()) {
            text.append(quoted(command.substring(from, place.start())))
                    .append(place.group().equals(GPU) ? "\"$GPUSPOOL_GPUS\"" : "\"$gpuspool_slot\"");
            from = place.end();
        }
        return text.append(quoted(command.substring(from))).toString();
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\"'\"'") + "'";
    }
}
