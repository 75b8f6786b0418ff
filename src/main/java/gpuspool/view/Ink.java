package gpuspool.view;

/** The few colours that words of a page have, where it has any. */
public enum Ink {
    PLAIN(""),
    /** What works as it should. */
    GOOD("32"),
    /** What failed. */
    BAD("31"),
    /** What somebody should look at. */
    WARN("33");

    private final String code;

    Ink(String code) {
        this.code = code;
    }

    String code() {
        return code;
    }

    /** Of the state of a job, as {@code status} shows it. */
    public static Ink ofJob(String state) {
        if (state.equals("running")) {
            return GOOD;
        }
        if (state.startsWith("running (") || state.equals("unclear") || state.equals("interrupted")) {
            return WARN;
        }
        boolean failed = state.startsWith("failed") || state.equals("some failed") || state.startsWith("ending exit ");
        boolean bad = failed && !state.endsWith("exit 0")
                || state.equals("timed out")
                || state.equals("refused")
                || state.equals("not started")
                || state.equals("unknown");
        return bad ? BAD : PLAIN;
    }

    /** Of the state of a card: {@code spool-layout.md}, section 10.2. */
    public static Ink ofCard(String state) {
        return switch (state) {
            case "used" -> GOOD;
            case "sick" -> BAD;
            case "unknown", "foreign", "excluded" -> WARN;
            default -> PLAIN;
        };
    }
}
