package gpuspool.cli;

import gpuspool.spool.HostNote;
import gpuspool.spool.Layout;
import gpuspool.spool.Requests;
import java.io.IOException;

/** {@code gpuspool resume}: takes {@code pause} and {@code drain} back. */
final class ResumeVerb extends Verb {
    ResumeVerb(Invocation call) {
        super(call);
    }

    @Override
    public Integer call() throws IOException {
        Layout places = open().places();
        Requests requests = new Requests(places, fs);
        boolean drained = requests.takeBack(places.drain());
        boolean paused = requests.takeBack(places.pause());
        out(paused || drained ? "resumed: queued jobs start again" : "neither paused nor draining; nothing to resume");
        boolean watched = HostNote.readAll(places, looker()).stream().anyMatch(HostNote::mayLive);
        if (!watched) {
            say("note: no watcher runs; start one: gpuspool watch" + spoolOption());
        }
        return ExitStatus.OK.code;
    }
}
