package gpuspool.cli;

import gpuspool.config.Settings;
import gpuspool.gpu.BadDeviceListException;
import gpuspool.gpu.Discovery;
import gpuspool.posix.TerminalSize;
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
import gpuspool.view.Words;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** {@code gpuspool gpus}: the cards, what they do and who has them; and the requests in {@code control/} about them. */
final class GpusVerb extends Verb {
    private static final int NARROW = 80;
    private static final double SHORTEST_SECONDS = 0.1;
    private static final double LONGEST_SECONDS = 86_400;
    private static final String HOME = "\u001b[H";
    private static final String CLEAR_LINE = "\u001b[K";
    private static final String CLEAR_BELOW = "\u001b[J";

    @Option(
            names = "--watch",
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
        Optional<Duration> every = interval();
        // Says what is wrong with them; the cards are there all the same.
        Settings unused = settings();
        try (CardLook look = look()) {
            return every.isPresent() ? show(look, every.get()) : show(look);
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

    private Optional<Duration> interval() {
        if (watch == null) {
            return Optional.empty();
        }
        double seconds = watch.matches("[0-9]{1,6}(\\.[0-9]{1,3})?") ? Double.parseDouble(watch) : -1;
        if (seconds < SHORTEST_SECONDS || seconds > LONGEST_SECONDS) {
            throw usage(
                    "--watch: " + watch + " is no number of seconds from 0.1 to 86400; write for example --watch 5");
        }
        return Optional.of(Duration.ofMillis(Math.round(seconds * 1000)));
    }

    private int show(CardLook look) throws IOException, InterruptedException, BadDeviceListException {
        CardBoard board = look.look();
        print(board);
        Optional<String> trouble = board.hosts().stream().findFirst().flatMap(CardHost::trouble);
        trouble.ifPresent(
                why -> say("the GPU driver cannot be asked: " + why + "; see: gpuspool doctor" + spoolOption()));
        return trouble.isEmpty() ? ExitStatus.OK.code : ExitStatus.FAILED.code;
    }

    private int show(CardLook look, Duration every) throws IOException, InterruptedException, BadDeviceListException {
        boolean first = true;
        while (true) {
            CardBoard board = look.look();
            Optional<TerminalSize> terminal = json ? Optional.empty() : terminal();
            if (terminal.isPresent()) {
                redraw(page(board), terminal.get());
            } else {
                call.out().print(first || json ? "" : "\n");
                print(board);
            }
            first = false;
            // Asking flushes, too.
            if (call.out().checkError()) {
                return ExitStatus.OK.code;
            }
            Thread.sleep(every.toMillis());
        }
    }

    private void print(CardBoard board) throws IOException {
        if (json) {
            Json.print(call.out(), out -> CardJson.write(out, board));
        } else {
            call.out().print(page(board));
        }
    }

    private String page(CardBoard board) {
        int width = terminal().map(TerminalSize::columns).orElse(NARROW);
        return CardPage.text(board, width, uuid, Encoding.isUtf8(call.environment()));
    }

    private Optional<TerminalSize> terminal() {
        return call.outIsTerminal() ? TerminalSize.of(1) : Optional.empty();
    }

    /** Over what stands there, so that nothing flickers; as much of it as there are lines. */
    private void redraw(String page, TerminalSize terminal) {
        List<String> lines = page.lines().toList();
        int room = terminal.rows() - 1;
        boolean fits = lines.size() <= room;
        StringBuilder screen = new StringBuilder(HOME);
        lines.stream()
                .limit(fits ? room : Math.max(0, room - 1))
                .forEach(line -> screen.append(line).append(CLEAR_LINE).append('\n'));
        if (!fits) {
            screen.append("… and ")
                    .append(Words.count(lines.size() - Math.max(0, room - 1), "line"))
                    .append(" more")
                    .append(CLEAR_LINE)
                    .append('\n');
        }
        call.out().print(screen.append(CLEAR_BELOW));
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
