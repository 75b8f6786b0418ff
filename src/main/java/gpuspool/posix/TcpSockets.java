package gpuspool.posix;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** The TCP sockets of this machine, as far as this process's network reaches; {@code /proc/net/tcp}, proc(5). */
public final class TcpSockets {
    private static final Path PROC = Path.of("/proc");
    private static final int ESTABLISHED = 1;
    private static final int LISTEN = 10;
    private static final int HEX = 16;
    private static final int WORD_BYTES = 4;
    // The fields of a line.
    private static final int LOCAL = 1;
    private static final int REMOTE = 2;
    private static final int STATE = 3;
    private static final int OWNER = 7;
    private static final int INODE = 9;

    private TcpSockets() {}

    /**
     * One end of a connection, or a socket that waits for some.
     *
     * @param owner uid of who made it
     * @param inode its number, 0 for one that no process has open any more
     */
    public record Socket(InetSocketAddress local, InetSocketAddress remote, int state, int owner, long inode) {
        /** Whether neither side has closed it. */
        public boolean isEstablished() {
            return state == ESTABLISHED;
        }
    }

    /** The end of a connection that has these addresses; empty where the kernel has none any more. */
    public static Optional<Socket> find(InetSocketAddress local, InetSocketAddress remote) throws IOException {
        return all().stream()
                .filter(socket ->
                        socket.local().equals(local) && socket.remote().equals(remote) && socket.inode() != 0)
                .findFirst();
    }

    /** The process that waits for connections on a port; empty where it cannot be told, another user's for example. */
    public static Optional<Long> listener(int port) throws IOException {
        for (Socket socket : all()) {
            if (socket.state() == LISTEN && socket.local().getPort() == port) {
                return holder(socket.inode());
            }
        }
        return Optional.empty();
    }

    private static List<Socket> all() throws IOException {
        List<Socket> sockets = new ArrayList<>();
        for (String table : List.of("tcp", "tcp6")) {
            Path file = PROC.resolve("net").resolve(table);
            // Without IPv6 there is no second one.
            List<String> lines = Files.exists(file) ? Files.readAllLines(file, StandardCharsets.US_ASCII) : List.of();
            for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
                String[] fields = line.strip().split(" +");
                sockets.add(new Socket(
                        address(fields[LOCAL]),
                        address(fields[REMOTE]),
                        Integer.parseInt(fields[STATE], HEX),
                        Integer.parseUnsignedInt(fields[OWNER]),
                        Long.parseLong(fields[INODE])));
            }
        }
        return sockets;
    }

    /** {@code 0100007F:239B}: words in the machine's order of bytes, the port as a number. */
    private static InetSocketAddress address(String text) throws UnknownHostException {
        int colon = text.indexOf(':');
        byte[] bytes = HexFormat.of().parseHex(text.substring(0, colon));
        ByteBuffer words = ByteBuffer.allocate(bytes.length).order(ByteOrder.nativeOrder());
        ByteBuffer hex = ByteBuffer.wrap(bytes);
        for (int i = 0; i < bytes.length / WORD_BYTES; i++) {
            words.putInt(hex.getInt());
        }
        // An IPv4 address inside an IPv6 one becomes the IPv4 address, as a server sees it.
        InetAddress address = InetAddress.getByAddress(words.array());
        return new InetSocketAddress(address, Integer.parseInt(text.substring(colon + 1), HEX));
    }

    private static Optional<Long> holder(long inode) {
        String link = "socket:[" + inode + "]";
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (hasOpen(process, link)) {
                    return Optional.of(Long.parseLong(process.getFileName().toString()));
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // Only the wording of a message hangs on it.
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static boolean hasOpen(Path process, String link) {
        try (DirectoryStream<Path> fds = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path fd : fds) {
                if (Files.readSymbolicLink(fd).toString().equals(link)) {
                    return true;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // Ended meanwhile, or another user's.
            return false;
        }
        return false;
    }
}
