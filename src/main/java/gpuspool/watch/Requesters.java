package gpuspool.watch;

import gpuspool.job.Foreground;
import gpuspool.posix.Processes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The processes that queued files ask cards for, themselves: one that has ended waits no more. */
final class Requesters {
    private final Processes processes;
    private final Edges.Exits exits;
    /** Who waits in incoming/, and by which files. */
    private final Map<Foreground, Set<Path>> waiting = new HashMap<>();

    Requesters(Processes processes, Edges.Exits exits) {
        this.processes = processes;
        this.exits = exits;
    }

    /** Whether the process of this file is gone; if not, the engine is told when it is. */
    boolean isGone(Path file, Foreground process) throws IOException {
        // Before it is asked for: it may end in between.
        for (Foreground.Owner owner : process.untilTaken()) {
            exits.watch(owner.pid());
        }
        waiting.computeIfAbsent(process, unused -> new HashSet<>()).add(file);
        return !lives(process);
    }

    private boolean lives(Foreground process) throws IOException {
        for (Foreground.Owner owner : process.untilTaken()) {
            if (processes.process(owner.pid(), owner.start()).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** A process has ended: the files that are to be read again. */
    Set<Path> ended(int pid) {
        Set<Path> files = new HashSet<>();
        for (Foreground process : Set.copyOf(waiting.keySet())) {
            if (process.untilTaken().stream().anyMatch(owner -> owner.pid() == pid)) {
                files.addAll(waiting.remove(process));
            }
        }
        return files;
    }

    /** The same of all that are gone by now, and those that are not queued any more are forgotten. */
    Set<Path> scan(Set<Path> queued) throws IOException {
        waiting.values().forEach(files -> files.retainAll(queued));
        waiting.values().removeIf(Set::isEmpty);
        Set<Path> files = new HashSet<>();
        for (Foreground process : Set.copyOf(waiting.keySet())) {
            if (!lives(process)) {
                files.addAll(waiting.remove(process));
            }
        }
        return files;
    }
}
