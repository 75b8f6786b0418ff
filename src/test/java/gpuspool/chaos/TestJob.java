package gpuspool.chaos;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A job of a test and what must come of it if nobody interferes.
 *
 * @param name the name it is dropped under, a character for each byte; several jobs may use one name after another
 * @param token a word that occurs in this job's text and in no other's: it finds copies, and the job in the ledger
 * @param gpus how many cards it asks for
 * @param ending the word in {@code status}
 * @param code its exit code; without meaning where the ending has none
 * @param stdout what it writes to standard output, whole
 * @param stderr the same for standard error; only where {@code split}, else in stdout
 * @param finishes whether its last words in the ledger are an {@code end} line
 */
public record TestJob(
        String name,
        String token,
        JobScripts.Kind kind,
        String text,
        int gpus,
        String ending,
        int code,
        String stdout,
        String stderr,
        boolean finishes) {

    /** What a simulated card has, in GiB. */
    static final long CARD = 80;

    private static final Pattern SHARE = Pattern.compile("gpu_mem=([0-9]+)GiB");

    public static final String EXITED = "exited";
    static final String TIMED_OUT = "timed out";
    public static final String REFUSED = "refused";

    /** GiB of a card that it may have. */
    long share() {
        Matcher share = SHARE.matcher(text);
        return share.find() ? Long.parseLong(share.group(1)) : CARD;
    }

    boolean split() {
        return kind == JobScripts.Kind.SPLIT;
    }

    boolean exits() {
        return ending.equals(EXITED);
    }
}
