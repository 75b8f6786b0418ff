package gpuspool.foreground;

/** Why a process did not become its command; what is to be said of it has been said. */
public enum Outcome {
    /** It can never run here. */
    NEVER,
    /** Not now: it was not to wait, or not any longer. */
    NOT_NOW,
    /** Somebody took it out of the queue. */
    CANCELLED,
    /** There is no such command. */
    NOT_FOUND,
    /** The command cannot be executed. */
    NOT_EXECUTED
}
