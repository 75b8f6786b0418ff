package gpuspool.gpu;

/** A list of cards that cannot be understood; the message names the entry, its source and what to write. */
public final class BadDeviceListException extends Exception {
    private static final long serialVersionUID = 1;

    private final String what;
    private final String todo;

    BadDeviceListException(String source, String what, String todo) {
        super(source + ": " + what + "; " + todo);
        this.what = what;
        this.todo = todo;
    }

    /** What is wrong, without its source. */
    public String what() {
        return what;
    }

    /** What to write instead. */
    public String todo() {
        return todo;
    }
}
