package gpuspool.top;

/** What the screen's own thread hears of from the others. */
sealed interface Event {
    record Pressed(Key key) implements Event {}

    record Seen(Sight sight) implements Event {}

    /** The spool cannot be read now. */
    record Blind(String why) implements Event {}

    /** The cards cannot be read now. */
    record CardsBlind(String why) implements Event {}

    record LogRead(LogView log) implements Event {}

    record Done(Ui.Told told) implements Event {}

    record Resized() implements Event {}

    /** The terminal is gone, or somebody wants us to leave. */
    record Over() implements Event {}

    /** A thread ended by what nobody expected. */
    record Broken(Throwable why) implements Event {}
}
