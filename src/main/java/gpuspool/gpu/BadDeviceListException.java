package gpuspool.gpu;

/** A list of cards that cannot be understood; the message names the entry, its source and what to write. */
public final class BadDeviceListException extends Exception {
    private static final long serialVersionUID = 1;

    BadDeviceListException(String message) {
        super(message);
    }
}
