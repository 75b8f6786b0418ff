package gpuspool.cli;

import gpuspool.spool.Layout;
import gpuspool.spool.Requests;
import java.io.IOException;

/** {@code gpuspool pause}: nothing new starts until {@code gpuspool resume}. */
final class PauseVerb extends Verb {
    PauseVerb(Invocation call) {
        super(call);
    }

    @Override
    public Integer call() throws IOException {
        Layout places = open().places();
        boolean made = new Requests(places, fs).make(places.pause());
        out((made ? "paused" : "paused already") + ": nothing new starts, what runs runs on; to go on: gpuspool resume"
                + spoolOption());
        return ExitStatus.OK.code;
    }
}
