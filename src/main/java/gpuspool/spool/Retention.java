package gpuspool.spool;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * Which records of ended jobs may go. A time that lies in the future, by whatever clock wrote it, is not old.
 *
 * @param now milliseconds since 1970
 * @param age a record stays until its job ended so long ago
 * @param kept records that ended then or later stay whatever their age; milliseconds since 1970
 */
public record Retention(long now, Duration age, OptionalLong kept) {
    /** Whether the record of a job that ended then goes. */
    public boolean isOver(long ended) {
        boolean old = ended <= now && now - ended >= age.toMillis();
        return old && (kept.isEmpty() || ended < kept.getAsLong());
    }
}
