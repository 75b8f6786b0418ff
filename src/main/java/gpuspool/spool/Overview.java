package gpuspool.spool;

import java.util.List;
import java.util.OptionalLong;

/**
 * A spool at one look, as {@code gpuspool status} shows it.
 *
 * @param reasonsAsOf when the watcher wrote why jobs wait; milliseconds since 1970
 * @param queued how many job files lie in {@code incoming/}
 * @param oldest when the one of them got its name that has lain there longest; milliseconds since 1970
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
        OptionalLong oldest,
        List<JobRow> first,
        int held,
        List<JobRow> firstHeld,
        int ended,
        List<JobRow> lastEnded) {}
