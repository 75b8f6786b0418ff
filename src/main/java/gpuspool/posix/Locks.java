package gpuspool.posix;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Host-local locks by name: of one holder, unless that one shares it. */
public interface Locks {
    /** The directory that their files are in, for those who ask for one by themselves. */
    Path path();

    /** Tells this set of locks from another: two watchers with different ids cannot see each other's locks. */
    String id();

    /**
     * Takes the lock without waiting.
     *
     * @return empty when somebody else holds it
     * @throws IOException when it could not even be asked for
     */
    Optional<Lock> tryLock(String name) throws IOException;

    /**
     * Takes a lock together with others who share it, without waiting. Where nobody has it, it is had all the same.
     *
     * @return empty when somebody has it alone
     * @throws IOException when it could not even be asked for
     */
    Optional<Lock> tryShare(String name) throws IOException;

    /** What the holder of a lock left in it for people, or its last one; anybody of this host may have written it. */
    default Optional<String> holderOf(String name) throws IOException {
        return Optional.empty();
    }
}
