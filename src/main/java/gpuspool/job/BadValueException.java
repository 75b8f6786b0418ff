package gpuspool.job;

/**
 * A value that a person wrote and that cannot be used. It knows what is wrong and what to write instead, but not where
 * it stood; whoever read it adds the place.
 */
public final class BadValueException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String what;
    private final String todo;

    /**
     * A value that cannot be used.
     *
     * @param what see {@link Problem#what()}
     * @param todo see {@link Problem#todo()}
     */
    public BadValueException(String what, String todo) {
        super(Printable.escape(what + "; " + todo));
        this.what = what;
        this.todo = todo;
    }

    /** What is wrong, see {@link Problem#what()}. */
    public String what() {
        return what;
    }

    /** What to do, see {@link Problem#todo()}. */
    public String todo() {
        return todo;
    }
}
