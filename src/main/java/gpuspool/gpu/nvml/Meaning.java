package gpuspool.gpu.nvml;

/** What an error code of NVML means to someone who wants to use cards. */
enum Meaning {
    /** The card, its driver or its library does not have this; others may. */
    ABSENT,
    /** Permissions or a device cgroup keep us out. */
    FORBIDDEN,
    /** The card must be reset or replaced. */
    SICK,
    /** The driver does not know itself; a card that fell off the bus often shows so. */
    STRANGE,
    /** No such card any more. */
    GONE,
    /** The driver as a whole does not work. */
    DOWN,
    /** It may work next time. */
    TRANSIENT;

    static final int OK = 0;
    static final int TOO_SMALL = 7;
    static final int TIMEOUT = 10;
    static final int NO_FUNCTION = 13;
    static final int MISMATCH = 18;
    static final int UNKNOWN = 999;

    /** Of an {@code nvmlReturn_t} that is not {@link #OK}. */
    static Meaning of(int code) {
        return switch (code) {
            // Not supported, no function, another version of a structure, deprecated.
            case 3, NO_FUNCTION, 25, 26 -> ABSENT;
            // No permission, blocked by the operating system.
            case 4, 17 -> FORBIDDEN;
            // Power cable, interrupts, lost, reset required.
            case 8, 11, 15, 16 -> SICK;
            case 6, 28 -> GONE;
            // Uninitialised, driver not loaded, library not found.
            case 1, 9, 12, MISMATCH -> DOWN;
            case UNKNOWN -> STRANGE;
            default -> TRANSIENT;
        };
    }
}
