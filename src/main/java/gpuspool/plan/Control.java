package gpuspool.plan;

import gpuspool.job.Suggestion;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;

/** What the names in control/ ask for, and what becomes of them; {@code spool-layout.md}, section 1.5. */
public final class Control {
    /** Begins nothing while it lies there. */
    public static final String PAUSE = "pause";

    /** The same, and lets watchers leave. */
    public static final String DRAIN = "drain";

    /** Watchers let go of the GPU driver while it lies there. */
    public static final String LET_GO = "let-go";

    /** What a file's name and this make asks for the file to come first. */
    public static final String FIRST = ".first";

    /** What a card's name and this make lets the card out of the quarantine. */
    public static final String OK = ".ok";

    /** What a refused request's name ends in. */
    public static final String REFUSED = ".refused";

    private static final List<String> STANDING = List.of(PAUSE, DRAIN, LET_GO);
    private static final List<String> UUIDS = List.of("GPU-", "MIG-");
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

    /**
     * Cards that a request may name, by their words.
     *
     * @param quarantined those in this host's quarantine, whether they are still there or not
     * @param own all this host has
     */
    public record Cards(
            Set<String> quarantined, Set<String> own, Set<String> quarantinedElsewhere, Set<String> elsewhere) {}

    public sealed interface Verdict {}

    /** A request that counts as long as it lies there, or nobody's: nothing is done to it. */
    public record Leave() implements Verdict {}

    /** {@code file} in incoming/ comes before those without such a request. */
    public record First(String file) implements Verdict {}

    /** This card of this host leaves the quarantine, and the request is removed. */
    public record Release(String card) implements Verdict {}

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
     * @param cards asked only where the request names a card
     */
    public static Verdict judge(String name, Function<String, Place> place, Supplier<Cards> cards) {
        if (STANDING.contains(name) || isNobodys(name)) {
            return new Leave();
        }
        if (name.endsWith(OK)) {
            return judgeCard(name.substring(0, name.length() - OK.length()), cards.get());
        }
        String file = fileOf(name);
        if (file.isEmpty()) {
            String meant = Suggestion.nearest(name, STANDING)
                    .map(word -> "did you mean " + word + "?")
                    .orElse("control/ knows pause, drain, let-go, FILE.first, such as exp1.job.first, and CARD.ok");
            return new Refuse("not a request: " + meant);
        }
        return switch (place.apply(file)) {
            case INCOMING -> new First(file);
            case RUNNING -> new Remove();
            case HELD -> new Refuse("its file lies in held/; move it to incoming/ first");
            case NOWHERE -> new Refuse("no such file lies in incoming/; its whole name is meant, as in exp1.job.first");
        };
    }

    private static Verdict judgeCard(String name, Cards cards) {
        Set<String> sick = meant(name, cards.quarantined(), cards.quarantinedElsewhere());
        if (sick.size() > 1) {
            return new Refuse("it fits several cards in quarantine; write more of the name");
        }
        if (sick.size() == 1) {
            String card = sick.iterator().next();
            return cards.quarantined().contains(card) ? new Release(card) : new Leave();
        }
        if (!meant(name, cards.own(), Set.of()).isEmpty()) {
            return new Refuse("that card is in no quarantine; hosts/*/quarantine names those that are");
        }
        // Another host's watcher knows more of its own cards, and says so.
        return meant(name, cards.elsewhere(), Set.of()).isEmpty()
                ? new Refuse("no such card; hosts/*/gpus names all there are")
                : new Leave();
    }

    /** The cards that a name fits: one of that word, else those with a UUID that begins so. */
    private static Set<String> meant(String name, Set<String> some, Set<String> others) {
        Set<String> fits = new TreeSet<>();
        for (Set<String> words : List.of(some, others)) {
            for (String word : words) {
                if (fileName(word).equals(name)) {
                    return Set.of(word);
                }
                if (UUIDS.stream().anyMatch(kind -> name.startsWith(kind) && name.length() > kind.length())
                        && fileName(word).startsWith(name)) {
                    fits.add(word);
                }
            }
        }
        return fits;
    }

    /** How a card is called in the name of a request: some UUIDs hold slashes. */
    public static String fileName(String card) {
        return card.replace('/', '_');
    }

    private static boolean isNobodys(String name) {
        return name.startsWith(".") || NOBODYS.stream().anyMatch(name::endsWith);
    }
}
