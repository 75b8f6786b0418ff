package gpuspool.cli;

import gpuspool.posix.OwnEnvironment;
import gpuspool.posix.ProcFiles;
import gpuspool.posix.Spawn;
import gpuspool.spool.DiskFs;
import gpuspool.spool.HostFiles;
import gpuspool.spool.HostNote;
import gpuspool.spool.Looker;
import gpuspool.spool.Spool;
import gpuspool.view.Words;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Starts a watcher in the background, in a session of its own, and stays until it is up. */
final class Detached {
    private static final long LIMIT_NANOS = 30_000_000_000L;
    private static final long LOOK_MILLIS = 50;

    private final Invocation call;
    private final Spool spool;
    private final Looker looker;
    private final Consumer<String> say;

    Detached(Invocation call, Spool spool, Looker looker, Consumer<String> say) {
        this.call = call;
        this.spool = spool;
        this.looker = looker;
        this.say = say;
    }

    int start(List<String> arguments) throws IOException, InterruptedException {
        Optional<HostNote> other = watcher().filter(note -> note.life() == HostNote.Life.ALIVE);
        if (other.isPresent()) {
            say.accept(spool.root() + " is already watched on this host by process "
                    + other.get().watcher().get("pid").orElse("?"));
            return ExitStatus.TRY_AGAIN.code;
        }
        new HostFiles(spool.places(), looker.host(), new DiskFs());
        Path log = HostFiles.log(spool.places().host(looker.host()));
        long before = Files.exists(log) ? Files.size(log) : 0;
        int pid = spawn(arguments, log);
        boolean up = awaitUp(pid);
        if (up) {
            call.out().println(Words.line("watcher " + pid + " runs in the background; its log: " + log));
            return ExitStatus.OK.code;
        }
        Spawn.reap(pid);
        say.accept("the watcher did not come up; its log " + log + " says:");
        try (InputStream in = Files.newInputStream(log)) {
            in.skipNBytes(before);
            call.err().print(Words.safe(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        }
        return ExitStatus.FAILED.code;
    }

    private int spawn(List<String> arguments, Path log) throws IOException {
        List<String> command = new ArrayList<>(ThisProgram.command());
        command.addAll(arguments);
        List<String> environment = new ArrayList<>();
        for (Map.Entry<String, String> variable :
                OwnEnvironment.exact(call.environment()).entrySet()) {
            environment.add(variable.getKey() + "=" + variable.getValue());
        }
        try (Spawn spawn = new Spawn()) {
            return spawn.openRead(0, "/dev/null")
                    .openAppend(1, log.toString())
                    .dup(1, 2)
                    .closeFrom(3)
                    .start(command, environment);
        }
    }

    private Optional<HostNote> watcher() throws IOException {
        return HostNote.readAll(spool.places(), looker).stream()
                .filter(note -> note.host().equals(looker.host()))
                .findFirst();
    }

    /** Whether the process reported itself as the spool's watcher; not if it ended before, or takes too long. */
    private boolean awaitUp(int pid) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + LIMIT_NANOS;
        long start = ProcFiles.startTicks(pid).orElse(-1);
        String wanted = Integer.toString(pid);
        while (System.nanoTime() - deadline < 0) {
            boolean up = watcher()
                    .filter(note -> wanted.equals(note.watcher().get("pid").orElse("")))
                    .isPresent();
            if (up || !ProcFiles.isAlive(pid, start)) {
                return up;
            }
            Thread.sleep(LOOK_MILLIS);
        }
        return false;
    }
}
