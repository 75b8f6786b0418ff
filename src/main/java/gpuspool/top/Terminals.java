package gpuspool.top;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** Opens the terminal that the program was started on. */
final class Terminals {
    /** By its own native code, or where that cannot be had (a temporary directory mounted noexec) by stty(1). */
    private static final String WAYS = "jni,exec";

    private Terminals() {}

    /** Empty where there is none, or one that cannot show a full screen. */
    static Optional<Terminal> open() throws IOException {
        Terminal terminal;
        try {
            terminal = TerminalBuilder.builder()
                    .system(true)
                    .systemOutput(TerminalBuilder.SystemOutput.SysOut)
                    .dumb(false)
                    .providers(WAYS)
                    .encoding(StandardCharsets.UTF_8)
                    .nativeSignals(true)
                    .signalHandler(Terminal.SignalHandler.SIG_IGN)
                    .build();
        } catch (IllegalStateException e) {
            return Optional.empty();
        }
        if (!Tty.isAble(terminal)) {
            terminal.close();
            return Optional.empty();
        }
        return Optional.of(terminal);
    }
}
