package gpuspool.top;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedString;
import org.jline.utils.Curses;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;

/** The terminal while it has the full screen; gives it back as it was, once, however the end comes. */
final class Tty implements AutoCloseable {
    private static final Size USUAL = Size.of(80, 24);
    private static final long PATIENCE_MILLIS = 1000;

    private final Terminal terminal;
    private final Attributes before;
    /** Taken before: when the program is made to end, the library may close the terminal first, and then gives none. */
    private final PrintWriter writer;

    private final String leave;
    private final Display display;
    private final ReentrantLock lock = new ReentrantLock();
    private Size size = USUAL;
    private boolean left;

    Tty(Terminal terminal) {
        this.terminal = terminal;
        writer = terminal.writer();
        leave = leave();
        before = terminal.enterRawMode();
        // Ctrl-C is a key like others; a stopped program would leave its screen behind.
        Attributes raw = terminal.getAttributes();
        raw.setLocalFlag(Attributes.LocalFlag.ISIG, false);
        terminal.setAttributes(raw);
        display = new Display(terminal, true);
        terminal.puts(Capability.enter_ca_mode);
        terminal.puts(Capability.keypad_xmit);
        terminal.puts(Capability.cursor_invisible);
        terminal.writer().print(Keyboard.MARK_PASTES);
        resize();
    }

    private String leave() {
        // Where no screen of before comes back, what stays is not the line that explains keys, under the prompt.
        boolean two = terminal.getStringCapability(Capability.exit_ca_mode) != null;
        StringWriter text = new StringWriter();
        text.append(Keyboard.MARK_NO_PASTES);
        for (Capability capability : List.of(
                Capability.cursor_visible,
                Capability.keypad_local,
                two ? Capability.exit_ca_mode : Capability.clr_eol)) {
            String sequence = terminal.getStringCapability(capability);
            if (sequence != null) {
                Curses.tputs(text, sequence);
            }
        }
        return text.toString();
    }

    private void setBack() {
        try {
            terminal.setAttributes(before);
        } catch (IllegalStateException e) {
            // Closed by the library, which has done the same.
            return;
        }
    }

    /** Whether a full screen can be drawn on it at all. */
    static boolean isAble(Terminal terminal) {
        return terminal.getStringCapability(Capability.cursor_address) != null
                && terminal.getStringCapability(Capability.clear_screen) != null;
    }

    Size size() {
        return size;
    }

    /** Asks how large it is, and draws all of it next time. */
    void resize() {
        Size now = terminal.getSize();
        size = now.getColumns() < 1 || now.getRows() < 1 ? USUAL : now;
        display.resize(size);
        display.clear();
    }

    void draw(List<AttributedString> lines) {
        lock.lock();
        try {
            if (!left) {
                display.update(lines, size.cursorPos(size.getRows() - 1, 0));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Also called while the program is made to end. One who hangs in writing to a dead terminal is not waited for. */
    @Override
    public void close() {
        boolean mine = false;
        try {
            mine = lock.tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try {
            if (!left) {
                left = true;
                writer.print(leave);
                writer.flush();
                setBack();
            }
        } finally {
            if (mine) {
                lock.unlock();
            }
        }
    }
}
