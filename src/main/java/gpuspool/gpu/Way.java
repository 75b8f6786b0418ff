package gpuspool.gpu;

/** One way of asking a driver. */
interface Way {
    /** @throws AbsentException if what it goes by is not on this machine */
    Backend open() throws AbsentException;

    /** What there is to ask by is not here; the message says what. */
    final class AbsentException extends Exception {
        private static final long serialVersionUID = 1;

        AbsentException(String message) {
            super(message);
        }
    }

    default boolean isHere() {
        try {
            open().close();
            return true;
        } catch (AbsentException e) {
            return false;
        }
    }
}
