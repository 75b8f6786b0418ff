package gpuspool.top;

import org.jline.keymap.BindingReader;
import org.jline.keymap.KeyMap;
import org.jline.terminal.Terminal;
import org.jline.utils.InfoCmp.Capability;

/** Reads keys from a terminal, whatever it sends for them. */
final class Keyboard {
    /** After an escape that was pressed alone nothing follows; a slow line may take as long between two characters of a key. */
    private static final long ESCAPE_MILLIS = 100;

    /** Asks the terminal to say where pasted text begins and ends (xterm's mode 2004); one that cannot takes no notice. */
    static final String MARK_PASTES = "\033[?2004h";

    static final String MARK_NO_PASTES = "\033[?2004l";
    private static final String PASTE_BEGINS = "\033[200~";
    private static final String PASTE_ENDS = "\033[201~";

    private final BindingReader reader;
    private final KeyMap<Key.Kind> map = new KeyMap<>();

    Keyboard(Terminal terminal) {
        reader = new BindingReader(terminal.reader());
        map.setAmbiguousTimeout(ESCAPE_MILLIS);
        map.setUnicode(Key.Kind.TEXT);
        map.setNomatch(Key.Kind.OTHER);
        map.bind(Key.Kind.TEXT, KeyMap.range(" -~"));
        bind(terminal, Key.Kind.UP, Capability.key_up, "\033[A", "\033OA", KeyMap.ctrl('P'));
        bind(terminal, Key.Kind.DOWN, Capability.key_down, "\033[B", "\033OB", KeyMap.ctrl('N'));
        bind(terminal, Key.Kind.PAGE_UP, Capability.key_ppage, "\033[5~", KeyMap.ctrl('B'), KeyMap.ctrl('U'));
        bind(terminal, Key.Kind.PAGE_DOWN, Capability.key_npage, "\033[6~", KeyMap.ctrl('F'));
        bind(terminal, Key.Kind.HOME, Capability.key_home, "\033[H", "\033OH", "\033[1~", "\033[7~");
        bind(terminal, Key.Kind.END, Capability.key_end, "\033[F", "\033OF", "\033[4~", "\033[8~");
        bind(terminal, Key.Kind.BACK_TAB, Capability.key_btab, "\033[Z");
        bind(terminal, Key.Kind.BACKSPACE, Capability.key_backspace, KeyMap.del(), KeyMap.ctrl('H'));
        map.bind(Key.Kind.TAB, "\t");
        map.bind(Key.Kind.ENTER, "\r", "\n");
        map.bind(Key.Kind.ESCAPE, KeyMap.esc());
        map.bind(Key.Kind.INTERRUPT, KeyMap.ctrl('C'), KeyMap.ctrl('D'));
        map.bind(Key.Kind.REDRAW, KeyMap.ctrl('L'));
        map.bind(Key.Kind.PASTE, PASTE_BEGINS);
    }

    private void bind(Terminal terminal, Key.Kind kind, Capability capability, String... sequences) {
        String own = KeyMap.key(terminal, capability);
        if (own != null && !own.isEmpty()) {
            map.bind(kind, own);
        }
        for (String sequence : sequences) {
            map.bind(kind, sequence);
        }
    }

    /** The next key; null when the terminal is gone. */
    Key read() {
        Key.Kind kind = reader.readBinding(map);
        if (kind == null) {
            return null;
        }
        if (kind == Key.Kind.PASTE) {
            return paste();
        }
        return kind == Key.Kind.TEXT ? Key.text(reader.getLastBinding()) : Key.of(kind);
    }

    private Key paste() {
        StringBuilder text = new StringBuilder();
        while (text.indexOf(PASTE_ENDS, Math.max(0, text.length() - PASTE_ENDS.length())) < 0) {
            int point = reader.readCharacter();
            if (point < 0) {
                return null;
            }
            text.appendCodePoint(point);
        }
        return Key.pasted(text.substring(0, text.length() - PASTE_ENDS.length()));
    }
}
