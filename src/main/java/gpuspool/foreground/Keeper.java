package gpuspool.foreground;

import gpuspool.posix.Spawn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps cards for a process that is not ours: a shell that has inherited the locks, in a session of its own, and ends within about a
 * second of that process. It needs nobody who lives on.
 */
public final class Keeper {
    /**
     * {@code $1} process, {@code $2} its start time. The first shell ends at once, and the one that keeps is nobody's child who would
     * have to wait for it. Field 22 of stat is the 20th behind the name, which stands in parentheses and may hold anything.
     */
    private static final String TEXT = """
            (
              while read -r line 2>/dev/null </proc/"$1"/stat; do
                set -- "$1" "$2" ${line##*) }
                [ "$3" != Z ] && [ "$3" != X ] && [ "${22}" = "$2" ] || exit
                sleep 1
              done
            ) &
            """;

    private static final String PATH = "PATH=/usr/local/bin:/usr/bin:/bin";

    private Keeper() {}

    /**
     * Gives the cards to a process; this one has them no more when it returns.
     *
     * @param start its start time in clock ticks since boot, which with {@code pid} names one process
     * @throws IOException where the shell could not be started: nobody holds the locks then, but the watcher gives the cards to no
     *     other job of its spool while the process lives
     */
    public static void start(Taken taken, int pid, long start) throws IOException {
        List<String> environment = new ArrayList<>(List.of(PATH));
        taken.grant().environment().forEach((name, value) -> environment.add(name + "=" + value));
        try (taken;
                Spawn spawn = new Spawn()) {
            spawn.openRead(0, "/dev/null").openWrite(1, "/dev/null").openWrite(2, "/dev/null");
            int next = 3;
            for (var lock : taken.locks()) {
                spawn.dup(lock.fd(), next++);
            }
            spawn.closeFrom(next);
            int shell = spawn.start(
                    List.of("/bin/sh", "-c", TEXT, "gpuspool-keeper", Integer.toString(pid), Long.toString(start)),
                    environment);
            Spawn.awaitChild(shell);
        }
    }
}
