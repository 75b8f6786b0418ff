package gpuspool.watch;

import gpuspool.job.JobId;
import gpuspool.spool.Group;
import gpuspool.spool.GroupMembers;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** An open sweep in this watcher's care. What the filer works with is the filer's alone while {@code Job.filingSubmitted} says so. */
final class OpenGroup {
    final Group group;
    final GroupMembers members;

    /** Runs of its members that this watcher has filed since the filer was told last. */
    final Map<Integer, JobId> filed = new TreeMap<>();

    /** Something happened since the filer was told last. */
    boolean dirty = true;
    /** The filer has found nothing to do, and nothing has happened since. */
    boolean idle;
    /** The name in the queue that its next member waits for. */
    Optional<Path> taken = Optional.empty();
    /** Whether nothing might be started when the filer was told last. */
    boolean halted;

    /** The filer's: whether it has made sure that the group is safe, and knows its members. */
    boolean known;
    /** The filer's: what {@code progress} says, and when that was written. */
    String progress = "";

    long progressAt;

    OpenGroup(Group group, GroupMembers members) {
        this.group = group;
        this.members = members;
    }
}
