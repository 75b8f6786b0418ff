package gpuspool.posix;

import com.sun.jna.Memory;
import java.util.Optional;

/** How many characters a terminal shows; tty_ioctl(4). */
public record TerminalSize(int columns, int rows) {
    private static final long TIOCGWINSZ = 0x5413;
    private static final int BYTES = 8;
    private static final int SHORT = 2;

    /** Of the terminal that a descriptor leads to; empty where it leads to none, or to one that does not know its size. */
    public static Optional<TerminalSize> of(int fd) {
        try (Memory size = new Memory(BYTES)) {
            size.clear();
            if (LibC.C.ioctl(fd, TIOCGWINSZ, size) != 0) {
                return Optional.empty();
            }
            int rows = Short.toUnsignedInt(size.getShort(0));
            int columns = Short.toUnsignedInt(size.getShort(SHORT));
            return rows == 0 || columns == 0 ? Optional.empty() : Optional.of(new TerminalSize(columns, rows));
        }
    }
}
