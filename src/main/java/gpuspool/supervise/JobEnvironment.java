package gpuspool.supervise;

import gpuspool.job.JobId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a job finds in its environment: the watcher's own, less what concerns only the watcher, plus facts about the job. */
public final class JobEnvironment {
    /** The mark by which processes of a job are known, wherever they go. */
    public static final String COOKIE = "GPUSPOOL_COOKIE";

    /** Addressed to the service by its manager; in a job they would make it speak in the service's name. */
    private static final List<String> SERVICE_ONLY =
            List.of("NOTIFY_SOCKET", "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "JOURNAL_STREAM", "INVOCATION_ID");

    /** Names of the variables that the launcher changed for the JVM's sake; the user's own value stands in the second. */
    private static final String CHANGED_BY_LAUNCHER = "GPUSPOOL_STUB_ENV";

    private static final String USERS_OWN = "GPUSPOOL_USER_";
    private static final String WAS_UNSET = "-";

    private final SortedMap<String, String> base;

    /** @param watcher the watcher's own environment */
    public JobEnvironment(Map<String, String> watcher) {
        base = new TreeMap<>(watcher);
        base.keySet().removeAll(SERVICE_ONLY);
        for (String name : watcher.getOrDefault(CHANGED_BY_LAUNCHER, "").split(" ")) {
            String own = base.remove(USERS_OWN + name);
            base.remove(name);
            if (own != null && !own.equals(WAS_UNSET)) {
                base.put(name, own);
            }
        }
        base.remove(CHANGED_BY_LAUNCHER);
    }

    private JobEnvironment(SortedMap<String, String> base) {
        this.base = base;
    }

    /** Less these variables of the watcher's; a name that ends in {@code *} stands for all that begin so. */
    public JobEnvironment without(List<String> names) {
        SortedMap<String, String> rest = new TreeMap<>(base);
        names.forEach(name -> drop(rest, name));
        return names.isEmpty() ? this : new JobEnvironment(rest);
    }

    /**
     * The environment of one job.
     *
     * @param cards the variables that tell it its cards, and where it is a member of a sweep its values
     * @param own the job file's {@code [env]}, which wins over everything but the cookie
     */
    public List<String> of(
            JobId id, Path directory, String cookie, Map<String, String> cards, Map<String, String> own) {
        Map<String, String> all = new TreeMap<>(base);
        all.putIfAbsent("PYTHONUNBUFFERED", "1");
        all.putAll(told(id, directory, cookie, cards, own));
        List<String> lines = new ArrayList<>();
        all.forEach((name, value) -> lines.add(name + "=" + value));
        return lines;
    }

    /**
     * What a process that is there already is told in place of a whole environment: its own stays what it is otherwise.
     *
     * @param cards the variables that tell it its cards
     * @param own the job file's {@code [env]}, which wins over everything but the cookie
     */
    public static Map<String, String> told(
            JobId id, Path directory, String cookie, Map<String, String> cards, Map<String, String> own) {
        Map<String, String> all = new TreeMap<>(cards);
        all.put("GPUSPOOL_JOB", id.stem());
        all.put("GPUSPOOL_ID", id.toString());
        all.put("GPUSPOOL_DIR", directory.toString());
        all.putAll(own);
        all.put(COOKIE, cookie);
        return all;
    }

    private static void drop(Map<String, String> variables, String name) {
        if (name.endsWith("*")) {
            variables.keySet().removeIf(known -> known.startsWith(name.substring(0, name.length() - 1)));
        } else {
            variables.remove(name);
        }
    }
}
