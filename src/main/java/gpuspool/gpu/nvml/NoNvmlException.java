package gpuspool.gpu.nvml;

/** The library is not here, or cannot be loaded; the message is the system's. */
public final class NoNvmlException extends Exception {
    private static final long serialVersionUID = 1;

    NoNvmlException(String message) {
        super(message);
    }
}
