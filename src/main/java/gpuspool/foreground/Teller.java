package gpuspool.foreground;

/** Tells whoever waits at the prompt. */
public interface Teller {
    /** A line that stays. */
    void note(String line);

    /** Why it waits: in place of what was last said of that, where it can be. */
    void waits(String why);

    /** It waits no more: what stands there only for the moment goes away. */
    void done();
}
