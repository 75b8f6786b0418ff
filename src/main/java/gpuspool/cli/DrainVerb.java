package gpuspool.cli;

import gpuspool.posix.ProcFiles;
import gpuspool.spool.HostNote;
import gpuspool.spool.Layout;
import gpuspool.spool.Requests;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** {@code gpuspool drain}: lets what runs come to its end, and the watchers leave then. */
final class DrainVerb extends Verb {
    @Option(names = "--wait", description = "stay until every watcher of the spool has left")
    private boolean wait;

    /** Watchers of this host, by process id, and when each was started: they end a moment after they have signed off. */
    private final Map<Long, Long> seenHere = new LinkedHashMap<>();

    private Layout places;

    DrainVerb(Invocation call) {
        super(call);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        places = open().places();
        List<String> before = watchers();
        boolean made = new Requests(places, fs).make(places.drain());
        out((made ? "draining" : "draining already")
                + ": nothing new starts, and each watcher leaves once no job of its"
                + " host runs; to go on: gpuspool resume" + spoolOption() + ", then gpuspool watch" + spoolOption());
        if (before.isEmpty()) {
            out("no watcher runs");
            return ExitStatus.OK.code;
        }
        return wait ? awaitLeft() : ExitStatus.OK.code;
    }

    private int awaitLeft() throws IOException, InterruptedException {
        Waiting waiting = new Waiting();
        List<String> told = List.of();
        while (true) {
            waiting.looking();
            List<String> left = watchers();
            if (left.isEmpty()) {
                out("every watcher has left");
                return ExitStatus.OK.code;
            }
            if (fs.look(places.drain()).isEmpty()) {
                say("control/drain was removed, so no watcher leaves; still there: " + String.join(", ", left));
                return ExitStatus.FAILED.code;
            }
            if (!left.equals(told)) {
                out("waiting for the watcher on " + String.join(", ", left));
                told = left;
            }
            waiting.pause(System.nanoTime() + Long.MAX_VALUE / 2);
        }
    }

    /** Those that have not left, in words; of another host's nobody knows more than that it has not signed off. */
    private List<String> watchers() throws IOException {
        List<String> words = new ArrayList<>();
        for (HostNote note : HostNote.readAll(places, looker())) {
            long pid = note.watcher().number("pid").orElse(-1);
            if (note.life() == HostNote.Life.ALIVE) {
                seenHere.put(pid, note.watcher().number("pid_start").orElse(-1));
            } else if (note.mayLive()) {
                words.add(note.host() + " (pid " + pid + ")");
            }
        }
        for (Map.Entry<Long, Long> seen : seenHere.entrySet()) {
            if (ProcFiles.isAlive(seen.getKey(), seen.getValue())) {
                words.add(0, looker().host() + " (pid " + seen.getKey() + ")");
            }
        }
        return words;
    }
}
