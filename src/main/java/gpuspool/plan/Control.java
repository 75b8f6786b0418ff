package gpuspool.plan;

import gpuspool.job.Suggestion;
import java.util.List;
import java.util.function.Function;

/** What the names in control/ ask for, and what becomes of them; {@code spool-layout.md}, section 1.5. */
public final class Control {
    /** Begins nothing while it lies there. */
    public static final String PAUSE = "pause";

    /** The same, and lets watchers leave. */
    public static final String DRAIN = "drain";

    /** What a file's name and this make asks for the file to come first. */
    public static final String FIRST = ".first";

    /** What a refused request's name ends in. */
    public static final String REFUSED = ".refused";

    private static final List<String> NOBODYS = List.of("~", ".swp", ".tmp", ".part", REFUSED);

    private Control() {}

    /** Where the file lies that a request names. */
    public enum Place {
        INCOMING,
        HELD,
        /** Claimed since, and in its job directory. */
        RUNNING,
        NOWHERE
    }

    public sealed interface Verdict {}

    /** A request that counts as long as it lies there, or nobody's: nothing is done to it. */
    public record Leave() implements Verdict {}

    /** {@code file} in incoming/ comes before those without such a request. */
    public record First(String file) implements Verdict {}

    /** It was served, and whoever served it was killed before taking it away. */
    public record Remove() implements Verdict {}

    /** It asks for nothing that can be done; {@code why} is one line for people, and names nothing that was read. */
    public record Refuse(String why) implements Verdict {}

    /** The file that a request is about, if it is about one; empty text for none. */
    public static String fileOf(String name) {
        boolean about = name.endsWith(FIRST) && !isNobodys(name);
        return about ? name.substring(0, name.length() - FIRST.length()) : "";
    }

    /**
     * Judges one request.
     *
     * @param name its name, each byte one character
     * @param place tells where a file of that name lies now; asked only about the file that the request names
     */
    public static Verdict judge(String name, Function<String, Place> place) {
        if (name.equals(PAUSE) || name.equals(DRAIN) || isNobodys(name)) {
            return new Leave();
        }
        String file = fileOf(name);
        if (file.isEmpty()) {
            String meant = Suggestion.nearest(name, List.of(PAUSE, DRAIN))
                    .map(word -> "did you mean " + word + "?")
                    .orElse("control/ knows pause, drain and FILE.first, such as exp1.job.first");
            return new Refuse("not a request: " + meant);
        }
        return switch (place.apply(file)) {
            case INCOMING -> new First(file);
            case RUNNING -> new Remove();
            case HELD -> new Refuse("its file lies in held/; move it to incoming/ first");
            case NOWHERE -> new Refuse("no such file lies in incoming/; its whole name is meant, as in exp1.job.first");
        };
    }

    private static boolean isNobodys(String name) {
        return name.startsWith(".") || NOBODYS.stream().anyMatch(name::endsWith);
    }
}
