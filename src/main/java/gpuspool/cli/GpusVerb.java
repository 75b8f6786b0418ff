package gpuspool.cli;

import gpuspool.config.Settings;
import gpuspool.gpu.BadDeviceListException;
import gpuspool.gpu.Discovery;
import gpuspool.spool.HostNote;
import gpuspool.spool.Layout;
import gpuspool.spool.NotASpoolException;
import gpuspool.spool.Requests;
import gpuspool.spool.Spool;
import gpuspool.view.CardBoard;
import gpuspool.view.CardHost;
import gpuspool.view.CardJson;
import gpuspool.view.CardLook;
import gpuspool.view.CardPage;
import gpuspool.view.Encoding;
import gpuspool.view.Json;
import gpuspool.view.Style;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gpuspool gpus}: the cards, what they do and who has them; and the requests in {@code control/} about them. */
final class GpusVerb extends Verb {
    private static final int NARROW = 80;

    @Option(
            names = {"-w", "--watch"},
            paramLabel = "SECONDS",
            arity = "0..1",
            fallbackValue = "2",
            description = "show it anew every so many seconds (default: 2), until Ctrl-C")
    private String watch;

    @Option(names = "--uuid", description = "show UUIDs whole, also where that needs more room than there is")
    private boolean uuid;

    @Option(names = "--json", description = "print one JSON object; with --watch, one a line")
    private boolean json;

    @Option(
            names = "--ok",
            paramLabel = "CARD",
            description = "a card (index or UUID) is well again: it leaves the quarantine, and may get jobs")
    private String ok;

    @Option(
            names = "--let-go",
            description = "have the watchers let go of the driver for at most 10 minutes, so that a GPU can be reset")
    private boolean letGo;

    @Option(names = "--take-up", description = "have them take it up again")
    private boolean takeUp;

    @Mixin
    private ColourOption colour;

    private final CardLook.Finder finder;
    private final Duration patience;

    GpusVerb(Invocation call) {
        this(call, Discovery::find, CardLook.PATIENCE);
    }

    /** With cards of another kind, or less patience with their driver. */
    GpusVerb(Invocation call, CardLook.Finder finder, Duration patience) {
        super(call);
        this.finder = finder;
        this.patience = patience;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        long asked = Stream.of(ok != null, letGo, takeUp).filter(given -> given).count();
        if (asked > 1 || asked == 1 && (json || uuid || watch != null)) {
            throw usage("--ok, --let-go and --take-up each stand alone");
        }
        if (asked == 1) {
            return request();
        }
        Optional<Duration> every = Redrawn.interval(watch, this::usage);
        // Says what is wrong with them; the cards are there all the same.
        Settings unused = settings();
        try (CardLook look = look()) {
            return every.isPresent() ? new Redrawn(call, json).show(every.get(), () -> text(look.look())) : show(look);
        } catch (BadDeviceListException e) {
            say(e.getMessage());
            return ExitStatus.USAGE.code;
        }
    }

    private CardLook look() throws IOException {
        Layout places = new Layout(place());
        return new CardLook(
                spool(),
                place(),
                call.environment(),
                () -> SpoolSettings.read(places, call.environment()),
                fs,
                finder,
                patience);
    }

    /** A machine's cards can be looked at without a spool, but not without one that was named. */
    private Optional<Spool> spool() throws IOException {
        try {
            return Optional.of(open());
        } catch (NotASpoolException e) {
            boolean named = !spoolOption().isEmpty()
                    || !call.environment().getOrDefault("GPUSPOOL_SPOOL", "").isEmpty();
            if (named) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private int show(CardLook look) throws IOException, InterruptedException, BadDeviceListException {
        CardBoard board = look.look();
        call.out().print(text(board));
        Optional<String> trouble = board.hosts().stream().findFirst().flatMap(CardHost::trouble);
        trouble.ifPresent(
                why -> say("the GPU driver cannot be asked: " + why + "; see: gpuspool doctor" + spoolOption()));
        return trouble.isEmpty() ? ExitStatus.OK.code : ExitStatus.FAILED.code;
    }

    private String text(CardBoard board) throws IOException {
        if (json) {
            return Json.text(out -> CardJson.write(out, board));
        }
        Style style = colour.style(call);
        Style narrow = style.columns() == Style.WHOLE ? new Style(NARROW, style.colour()) : style;
        return CardPage.text(board, narrow, uuid, Encoding.isUtf8(call.environment()));
    }

    private int request() throws IOException {
        Layout places = open().places();
        Requests requests = new Requests(places, fs);
        List<HostNote> hosts = HostNote.readAll(places, looker());
        if (letGo) {
            boolean made = requests.make(places.letGo());
            out((made ? "let go" : "let go already") + ": watchers let go of the GPU driver, and nothing starts on its"
                    + " cards, for at most 10 minutes; what runs runs on; to go on: gpuspool gpus --take-up"
                    + spoolOption());
        } else if (takeUp) {
            boolean was = requests.takeBack(places.letGo());
            out(
                    was
                            ? "taken up: watchers ask the GPU driver again"
                            : "the GPU driver was not let go of; nothing to take up");
        } else {
            OkRequest.Outcome outcome = new OkRequest(places, hosts, requests).make(ok);
            if (!outcome.well()) {
                say(outcome.told());
                return ExitStatus.FAILED.code;
            }
            out(outcome.told());
        }
        if (hosts.stream().noneMatch(HostNote::mayLive)) {
            say("note: no watcher runs; start one: gpuspool watch" + spoolOption());
        }
        return ExitStatus.OK.code;
    }
}
