package gpuspool.parallel;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The command that each set of arguments is put into. {@code {}} stands for all of them, {@code {2}} for the second; {@code {.}} is without
 * the ending, {@code {/}} the last part of a path, {@code {//}} its directory, {@code {/.}} the last part without the ending, each also as
 * {@code {2/.}}; {@code {#}} is the job's number. {@code {gpu}} and {@code {%}} are known only when it starts and stay.
 * Where none of GNU parallel's stands, and these are all but {@code {gpu}}, the arguments come at the end.
 */
final class Template {
    private static final Pattern PLACE = Pattern.compile("\\{(?:(-?[1-9][0-9]{0,3})?(\\.|//|/\\.|/)?|(#))\\}");

    private final String text;

    /** @param words of the command line, {@link Raw}; joined by blanks, so that the shell reads them as it would have */
    Template(List<String> words) {
        String joined = String.join(" ", words);
        boolean hasPlaces = PLACE.matcher(joined).find() || LatePlaces.needSlot(joined);
        text = hasPlaces ? joined : joined + " {}";
    }

    Task fill(long seq, List<String> arguments) {
        Matcher place = PLACE.matcher(text);
        StringBuilder command = new StringBuilder(text.length() + 64);
        while (place.find()) {
            place.appendReplacement(command, Matcher.quoteReplacement(value(place, seq, arguments)));
        }
        return task(seq, place.appendTail(command).toString());
    }

    /** A line that is a command itself: only what no shell means by it is replaced, and that when it starts. */
    static Task line(long seq, String line) {
        return task(seq, line);
    }

    private static Task task(long seq, String command) {
        return new Task(seq, command, LatePlaces.in(command));
    }

    private static String value(Matcher place, long seq, List<String> arguments) {
        if (place.group(3) != null) {
            return Long.toString(seq);
        }
        String part = Optional.ofNullable(place.group(2)).orElse("");
        if (place.group(1) == null) {
            return arguments.stream()
                    .map(argument -> Quoting.quote(part(argument, part)))
                    .collect(Collectors.joining(" "));
        }
        int number = Integer.parseInt(place.group(1));
        int index = number > 0 ? number - 1 : arguments.size() + number;
        return index < 0 || index >= arguments.size() ? "" : Quoting.quote(part(arguments.get(index), part));
    }

    private static String part(String argument, String part) {
        return switch (part) {
            case "." -> withoutEnding(argument);
            case "/" -> lastPart(argument);
            case "//" -> directory(argument);
            case "/." -> withoutEnding(lastPart(argument));
            default -> argument;
        };
    }

    private static String withoutEnding(String path) {
        int dot = path.lastIndexOf('.');
        return dot < 0 || path.indexOf('/', dot) >= 0 ? path : path.substring(0, dot);
    }

    private static String lastPart(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static String directory(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "." : slash == 0 ? "/" : path.substring(0, slash);
    }
}
