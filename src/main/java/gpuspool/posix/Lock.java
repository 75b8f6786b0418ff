package gpuspool.posix;

import java.io.IOException;

/** A lock that is held. Children given its descriptor hold it too, until the last of them is gone. */
public interface Lock extends AutoCloseable {
    /** The descriptor to hand to a child; at or above 100. */
    int fd();

    /** Whether the name it was asked for by still leads to it: else it keeps nobody out who asks by that name. */
    default boolean isNamed() throws IOException {
        return true;
    }

    /**
     * From now on others may have it too, who ask to share it: {@link Locks#tryShare}.
     *
     * @return false when somebody else was quicker to take it alone: it is lost, and to be closed
     */
    boolean share() throws IOException;

    /** Leaves a line in its file, at most 255 bytes, for those who find it taken; nothing is decided by it. */
    default void note(String text) throws IOException {}

    /** Closes this process's copy and never unlocks: whoever inherited the lock goes on holding it. */
    @Override
    void close();

    /** Removes the lock's file while it is still held, then closes: for names that are never used again. */
    void retire();
}
