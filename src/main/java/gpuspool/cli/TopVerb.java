package gpuspool.cli;

import gpuspool.gpu.Discovery;
import gpuspool.spool.Layout;
import gpuspool.spool.Spool;
import gpuspool.top.Top;
import gpuspool.top.Ui;
import gpuspool.view.CardLook;
import gpuspool.view.Encoding;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code gpuspool top}: the spool live on a full screen. What its keys do, the verbs of that name do. */
final class TopVerb extends Verb {
    TopVerb(Invocation call) {
        super(call);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Spool spool = open();
        if (!call.inIsTerminal() || !call.outIsTerminal()) {
            return sayNoTerminal("it reads keys from a terminal and draws on one");
        }
        Map<String, String> environment = call.environment();
        boolean coloured = environment.getOrDefault("NO_COLOR", "").isEmpty();
        Top top = new Top(spool, this::perform, Encoding.isUtf8(environment), coloured);
        try (CardLook cards = cards(spool)) {
            return top.run(cards::look, looker(), fs)
                    ? ExitStatus.OK.code
                    : sayNoTerminal("this terminal shows no full screen (TERM is "
                            + environment.getOrDefault("TERM", "not set") + ")");
        }
    }

    private int sayNoTerminal(String why) {
        say(why + "; without: gpuspool status --watch" + spoolOption());
        return ExitStatus.USAGE.code;
    }

    private CardLook cards(Spool spool) {
        Layout places = spool.places();
        return new CardLook(
                Optional.of(spool),
                place(),
                call.environment(),
                () -> SpoolSettings.read(places, call.environment()),
                fs,
                Discovery::find,
                CardLook.PATIENCE);
    }

    /** Runs the verb as if it had been typed, and takes down what it says. */
    private Ui.Told perform(Ui.Deed deed) {
        List<String> words = new ArrayList<>(List.of(deed.verb(), "--spool", place().toString()));
        deed.job().ifPresent(job -> words.addAll(List.of("--", job)));
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream both = new PrintStream(said, true, StandardCharsets.UTF_8);
        Invocation typed = new Invocation(
                both, both, new ByteArrayInputStream(new byte[0]), false, false, call.environment(), call.directory());
        int status = CommandLines.run(words.toArray(String[]::new), typed);
        String text = String.join(
                        "; ", said.toString(StandardCharsets.UTF_8).strip().split("\n"))
                .replace("gpuspool " + deed.verb() + ": ", "")
                .replace(" --spool " + place(), "");
        return new Ui.Told(status == ExitStatus.OK.code, text);
    }
}
