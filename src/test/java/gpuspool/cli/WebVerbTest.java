package gpuspool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keeps {@code gpuspool web} from starting. */
class WebVerbTest {
    @TempDir
    Path directory;

    private CliSpool spool;

    @BeforeEach
    void makeSpool() throws IOException {
        spool = new CliSpool(directory);
    }

    @Test
    void addressThatOthersReach_isRefused() throws IOException {
        for (String address : List.of("0.0.0.0", "::", "192.0.2.1")) {
            CliSpool.Result result = spool.run("web", "--port", "0", "--bind", address);
            assertEquals(2, result.status(), address);
            assertTrue(result.err().contains("--behind-tls"), result.err());
        }
        assertEquals(2, spool.run("web", "--bind", "no address").status());
        assertEquals(2, spool.run("web", "--port", "70000").status());
        assertEquals(2, spool.run("web", "--port", "x").status());
    }

    @Test
    void portInUse_namesItAndWhoHasIt() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CliSpool.Result result = spool.run("web", "--port", Integer.toString(taken.getLocalPort()));
            assertEquals(1, result.status());
            assertEquals(
                    "gpuspool web: port " + taken.getLocalPort() + " is in use by process "
                            + ProcessHandle.current().pid() + "; take another: gpuspool web --port "
                            + (taken.getLocalPort() % 65_535 + 1) + "\n",
                    result.err());
        }
    }

    @Test
    void noSpool_isSaid() {
        CliSpool.Result result =
                spool.runIn(Map.of("GPUSPOOL_SPOOL", directory.resolve("none").toString()), "web", "--port", "0");
        assertEquals(4, result.status());
    }
}
