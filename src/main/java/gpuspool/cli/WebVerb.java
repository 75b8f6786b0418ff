package gpuspool.cli;

import gpuspool.gpu.Discovery;
import gpuspool.posix.TcpSockets;
import gpuspool.spool.Layout;
import gpuspool.spool.Spool;
import gpuspool.view.CardLook;
import gpuspool.web.Web;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** {@code gpuspool web}: the spool in a browser, and for other programs by HTTP. */
final class WebVerb extends Verb {
    private static final int LARGEST_PORT = 65_535;
    /** A page that is looked at every second is not held up longer by a driver that hangs. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    @Option(names = "--port", paramLabel = "N", description = "the port (default: 9123); 0 takes a free one")
    private int port = Web.PORT;

    @Option(
            names = "--bind",
            paramLabel = "ADDRESS",
            description = "the address to listen on (default: 127.0.0.1, which only this machine reaches)")
    private String bind = "127.0.0.1";

    @Option(
            names = "--behind-tls",
            description =
                    "allow an address that other machines reach: something in front of it does TLS, and decides who may"
                            + " read; without it such an address is refused")
    private boolean behindTls;

    @Option(
            names = "--host",
            paramLabel = "NAME",
            description =
                    "a further name by which browsers call it, such as that of a proxy; may be given several times")
    private List<String> names = List.of();

    WebVerb(Invocation call) {
        super(call);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (port < 0 || port > LARGEST_PORT) {
            throw usage("--port: " + port + " is no port; write a number from 0 to 65535");
        }
        InetSocketAddress address = new InetSocketAddress(address(), port);
        Spool spool = open();
        try (Web web = new Web(spool, looker(), fs, this::cards, address, names, this::say)) {
            out(spool.root() + " is at " + web.url() + "  (Ctrl-C ends this; jobs and queue go on without it)");
            call.out().flush();
            // Until a signal ends the process.
            Thread.sleep(Long.MAX_VALUE);
            return ExitStatus.OK.code;
        } catch (BindException e) {
            say(refused(e));
            return ExitStatus.FAILED.code;
        }
    }

    private InetAddress address() {
        try {
            InetAddress address = InetAddress.getByName(bind);
            if (!address.isLoopbackAddress() && !behindTls) {
                throw usage("--bind " + bind
                        + ": other machines could read everything here, unencrypted. Leave it out and use a"
                        + " tunnel (ssh -L 9123:localhost:9123 HOST), or say --behind-tls if something in front of it does"
                        + " TLS and decides who may read");
            }
            return address;
        } catch (UnknownHostException e) {
            throw usage("--bind: " + bind + " is no address of a machine; write for example --bind 127.0.0.1");
        }
    }

    private String refused(BindException e) throws IOException {
        boolean taken = String.valueOf(e.getMessage()).contains("in use");
        Optional<Long> holder = taken ? TcpSockets.listener(port) : Optional.empty();
        String who = holder.isPresent() ? " by process " + holder.get() : "";
        return taken
                ? "port " + port + " is in use" + who + "; take another: gpuspool web --port "
                        + (port % LARGEST_PORT + 1) + spoolOption()
                : "cannot listen on " + bind + ", port " + port + ": " + e.getMessage()
                        + "; take another --port (below 1024 only root may), or --bind an address of this machine";
    }

    private CardLook cards() throws IOException {
        Layout places = new Layout(place());
        return new CardLook(
                Optional.of(open()),
                place(),
                call.environment(),
                () -> SpoolSettings.read(places, call.environment()),
                fs,
                Discovery::find,
                PATIENCE);
    }
}
