package gpuspool.posix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.posix.LeasedRead.BeingWritten;
import gpuspool.posix.LeasedRead.Content;
import gpuspool.posix.LeasedRead.Gone;
import gpuspool.posix.LeasedRead.Unfit;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class LeasedReadTest {
    private static final int LIMIT = 1 << 20;

    @TempDir
    private Path temp;

    private final Children children = new Children();

    @AfterEach
    void killChildren() {
        children.close();
    }

    private LeasedRead.Outcome read(Path file) throws IOException {
        return LeasedRead.read(file, LIMIT, true);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(temp.resolve("x.job"), text);
    }

    @Test
    void nobodyWrites_contentIsWholeAndLeased() throws Exception {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        Path file = Files.write(temp.resolve("x.job"), all);
        Content content = assertInstanceOf(Content.class, read(file));
        assertArrayEquals(all, content.bytes());
        assertTrue(content.leased());
        assertEquals(FileFacts.of(file).orElseThrow(), content.facts());
    }

    @Test
    void leaseNotAskedFor_contentSaysSo() throws Exception {
        Content content = assertInstanceOf(Content.class, LeasedRead.read(file("x"), LIMIT, false));
        assertFalse(content.leased());
    }

    @Test
    void openForWriting_isBeingWrittenUntilClosed() throws Exception {
        Path file = file("half");
        try (OutputStream writer = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
            assertInstanceOf(BeingWritten.class, read(file));
            writer.write('!');
            assertInstanceOf(BeingWritten.class, read(file));
        }
        Content content = assertInstanceOf(Content.class, read(file));
        assertEquals("half!", new String(content.bytes(), StandardCharsets.UTF_8));
    }

    @Test
    void openForWritingByAnotherProcess_isBeingWritten() throws Exception {
        Path file = file("half");
        Process writer = children.start("sh", "-c", "exec 3>>" + file + "; echo up; exec sleep 60");
        assertEquals('u', writer.getInputStream().read());
        assertInstanceOf(BeingWritten.class, read(file));
        writer.destroyForcibly();
        Children.await("the writer's end is seen", () -> read(file) instanceof Content);
    }

    @Test
    void mappedForWritingOnly_isBeingWritten() throws Exception {
        Path file = file("half");
        // A mapping lives until it is collected, so another process has it and no descriptor: Python closes its own.
        Process writer = children.start(
                "python3",
                "-c",
                "import mmap,os,sys,time; f=os.open(sys.argv[1],os.O_RDWR); m=mmap.mmap(f,4); os.close(f);"
                        + " print('up',flush=True); time.sleep(60)",
                file.toString());
        assertEquals('u', writer.getInputStream().read());
        assertInstanceOf(BeingWritten.class, read(file));
    }

    @Test
    void openForReadingByOthers_isNoHindrance() throws Exception {
        Path file = file("whole");
        try (FileChannel reader = FileChannel.open(file)) {
            assertTrue(reader.isOpen());
            assertInstanceOf(Content.class, read(file));
        }
    }

    @Test
    void nothingThere_isGone() throws Exception {
        assertInstanceOf(Gone.class, read(temp.resolve("x.job")));
        assertInstanceOf(Gone.class, read(temp.resolve("no/x.job")));
    }

    @Test
    void notARegularFile_isUnfitAndNeverBlocks() throws Exception {
        Path pipe = temp.resolve("pipe.job");
        assertEquals(0, children.start("mkfifo", pipe.toString()).waitFor());
        assertEquals("a named pipe", unfit(pipe));
        assertEquals("a directory", unfit(Files.createDirectory(temp.resolve("dir.job"))));
        assertEquals("a symbolic link", unfit(Files.createSymbolicLink(temp.resolve("l.job"), file("x"))));
        assertEquals("a symbolic link", unfit(Files.createSymbolicLink(temp.resolve("d.job"), Path.of("nowhere"))));
        assertEquals("a device", unfit(Path.of("/dev/null")));
        Path socket = temp.resolve("s.job");
        try (var server = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            server.bind(java.net.UnixDomainSocketAddress.of(socket));
            assertEquals("a socket", unfit(socket));
        }
    }

    private String unfit(Path file) throws IOException {
        return assertInstanceOf(Unfit.class, read(file)).what();
    }

    @Test
    void tooLarge_isUnfitAndSaysHowLarge() throws Exception {
        Path file = temp.resolve("x.job");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(3L << 30);
        }
        assertEquals("3221225472 bytes long; the limit is 1048576", unfit(file));
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(LIMIT);
        }
        assertEquals(LIMIT, assertInstanceOf(Content.class, read(file)).bytes().length);
    }

    @Test
    void growsWhileItIsReadWithoutLease_isNeverTakenHalf() throws Exception {
        Path file = file("");
        AtomicBoolean stop = new AtomicBoolean();
        Thread writer = new Thread(() -> {
            try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
                for (int i = 0; i < 20_000 && !stop.get(); i++) {
                    out.write("0123456789abcdef\n".getBytes(StandardCharsets.US_ASCII));
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        writer.start();
        int contents = 0;
        while (writer.isAlive()) {
            if (LeasedRead.read(file, LIMIT, false) instanceof Content content) {
                contents++;
                // Without a lease a pause of the writer is enough; but what was read is what lay there at one moment.
                assertEquals(content.facts().size(), content.bytes().length);
            }
        }
        stop.set(true);
        writer.join();
        assertInstanceOf(Content.class, read(file), "after " + contents + " reads");
    }

    @Test
    void emptyFile_isContentOfNoBytes() throws Exception {
        assertEquals(0, assertInstanceOf(Content.class, read(file(""))).bytes().length);
    }

    /** The kernel tells a lease's holder by a signal; its default one kills a JVM. */
    @Test
    void writersOpenDuringTheLease_theJvmLivesAndReadsOn() throws Exception {
        Path file = file("x".repeat(900_000));
        Process reader = children.jvm(Map.of(), List.of(), ReadForEver.class, file.toString());
        var lines = new java.io.BufferedReader(
                new java.io.InputStreamReader(reader.getInputStream(), StandardCharsets.UTF_8));
        assertEquals("up", lines.readLine());
        Process writers = children.start(
                "sh", "-c", "i=0; while [ $i -lt 3000 ]; do i=$((i+1)); : >>\"$1\"; done", "sh", file.toString());
        assertTrue(writers.waitFor(40, TimeUnit.SECONDS));
        assertTrue(reader.isAlive(), "the reader ended");
        reader.getOutputStream().close();
        String last = lines.readLine();
        assertTrue(last != null && last.matches("leased [0-9]+"), last);
        assertEquals(0, reader.waitFor());
    }

    /** Reads the file over and over until its standard input ends. */
    static final class ReadForEver {
        private ReadForEver() {}

        public static void main(String[] args) throws IOException {
            Path file = Path.of(args[0]);
            System.out.println("up");
            int leased = 0;
            while (!ENDED.get()) {
                if (LeasedRead.read(file, LIMIT, true) instanceof Content content && content.leased()) {
                    leased++;
                    if (!Arrays.equals(content.bytes(), "x".repeat(900_000).getBytes(StandardCharsets.US_ASCII))) {
                        System.out.println("wrong bytes");
                        return;
                    }
                }
            }
            System.out.println("leased " + leased);
        }

        private static final AtomicBoolean ENDED = new AtomicBoolean();

        static {
            Thread watch = new Thread(() -> {
                try {
                    ENDED.set(System.in.read() < 0);
                } catch (IOException e) {
                    ENDED.set(true);
                }
            });
            watch.setDaemon(true);
            watch.start();
        }
    }
}
