package gpuspool.top;

/**
 * A key that was pressed.
 *
 * @param text what {@link Kind#TEXT} types, or what was pasted; else empty
 */
public record Key(Kind kind, String text) {
    /** Keys that type nothing, and the one kind that does. */
    public enum Kind {
        TEXT,
        /** Text that came from a clipboard, however long: nobody pressed these keys. */
        PASTE,
        UP,
        DOWN,
        PAGE_UP,
        PAGE_DOWN,
        HOME,
        END,
        TAB,
        BACK_TAB,
        ENTER,
        ESCAPE,
        BACKSPACE,
        /** Ctrl-C, and Ctrl-D. */
        INTERRUPT,
        /** Ctrl-L. */
        REDRAW,
        /** A sequence that means nothing here. */
        OTHER
    }

    static Key of(Kind kind) {
        return new Key(kind, "");
    }

    static Key text(String text) {
        return new Key(Kind.TEXT, text);
    }

    static Key pasted(String text) {
        return new Key(Kind.PASTE, text);
    }
}
