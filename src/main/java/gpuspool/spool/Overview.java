package gpuspool.spool;

import java.util.List;
import java.util.OptionalLong;

/**
 * A spool at one look, as {@code gpuspool status} shows it.
 *
 * @param reasonsAsOf when the watcher wrote why jobs wait; milliseconds since 1970
 * @param queued how many job files lie in {@code incoming/}
 * @param first those whose turn it is first
 * @param held how many are parked
 * @param firstHeld those that have been longest
 * @param ended how many jobs lie in {@code done/} and {@code failed/}
 * @param lastEnded the last of them, newest first
 */
public record Overview(
        List<HostNote> hosts,
        boolean paused,
        boolean draining,
        boolean letGo,
        List<JobRow> running,
        List<JobRow> attention,
        OptionalLong reasonsAsOf,
        int queued,
        List<JobRow> first,
        int held,
        List<JobRow> firstHeld,
        int ended,
        List<JobRow> lastEnded) {}
