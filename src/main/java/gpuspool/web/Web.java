package gpuspool.web;

import gpuspool.posix.FailureText;
import gpuspool.spool.Fs;
import gpuspool.spool.HistoryFollower;
import gpuspool.spool.Looker;
import gpuspool.spool.OverviewReader;
import gpuspool.spool.Spool;
import gpuspool.view.CardLook;
import gpuspool.view.SnapshotReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;

/** One spool on a port of this machine. It reads the tree and changes nothing in it: ended or killed, nothing is lost. */
public final class Web implements AutoCloseable {
    /** The port where nothing else is said. */
    public static final int PORT = 9123;

    private static final OverviewReader.Limits LIMITS = new OverviewReader.Limits(200, 100, 100);

    private final Deadlines deadlines = new Deadlines();
    private final SharedSnapshot snapshots;
    private final WebServer server;

    /** Looks at the cards anew. */
    public interface Cards {
        CardLook open() throws IOException;
    }

    /**
     * Begins to answer.
     *
     * @param names by which browsers may call it, besides those of the loopback
     * @param log takes one line for each thing that nobody expected
     * @throws java.net.BindException where the port is in use
     */
    public Web(
            Spool spool,
            Looker looker,
            Fs fs,
            Cards cards,
            InetSocketAddress at,
            List<String> names,
            Consumer<String> log)
            throws IOException {
        snapshots = new SharedSnapshot(
                cards::open, board -> new SnapshotReader(spool, looker, fs, board, LIMITS), deadlines);
        Acquire acquire = new Acquire(spool, looker, fs);
        prepare(acquire, log);
        Routes routes = new Routes(
                snapshots,
                new JobAnswers(spool.places(), looker, fs),
                new Timeline(new HistoryFollower(spool.places(), fs, Timeline.RECORD_BYTES)),
                new EndedJobs(new HistoryFollower(spool.places(), fs, Long.MAX_VALUE)),
                acquire);
        server = new WebServer(at, new Hosts(at.getAddress(), names), routes, deadlines, log);
    }

    /** All but one address can do without the token. */
    private static void prepare(Acquire acquire, Consumer<String> log) {
        try {
            acquire.prepare();
        } catch (IOException e) {
            log.accept("note: /acquire gives nothing: " + FailureText.of(e));
        }
    }

    /** Where to point a browser. */
    public String url() {
        InetSocketAddress address = server.address();
        String host = address.getAddress().isAnyLocalAddress() ? "localhost" : Hosts.literal(address.getAddress());
        return "http://" + host + ":" + address.getPort() + "/";
    }

    @Override
    public void close() {
        server.close();
        snapshots.close();
        deadlines.close();
    }
}
