package gpuspool.bench;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Tells when a script came to a line: the line writes one word into a named pipe, which wakes a thread here that reads the
 * monotonic clock. That costs the script one builtin and no process, and is the same for ours and for every reference.
 */
final class Stamps implements AutoCloseable {
    private static final int LIMIT_SECONDS = 60;

    /** A word and when it came, by {@link System#nanoTime}. */
    record Stamp(String word, long nanos) {}

    private final Path pipe;
    private final RandomAccessFile file;
    private final LinkedBlockingQueue<Stamp> stamps = new LinkedBlockingQueue<>();
    private volatile boolean closed;

    Stamps(Path pipe) throws IOException, InterruptedException {
        this.pipe = pipe;
        Command.run("mkfifo", pipe.toString());
        // Open for both: then there is always a writer, and it never comes to an end.
        file = new RandomAccessFile(pipe.toFile(), "rw");
        Thread reader = new Thread(this::read, "stamps");
        reader.setDaemon(true);
        reader.start();
    }

    /** A line of shell that stamps. */
    String line(String word) {
        return "echo " + word + " >" + pipe + "\n";
    }

    private void read() {
        byte[] buffer = new byte[4096];
        StringBuilder text = new StringBuilder();
        try {
            while (!closed) {
                int count = file.read(buffer);
                long now = System.nanoTime();
                for (int i = 0; i < count; i++) {
                    if (buffer[i] == '\n') {
                        stamps.add(new Stamp(text.toString(), now));
                        text.setLength(0);
                    } else {
                        text.append((char) buffer[i]);
                    }
                }
            }
        } catch (IOException e) {
            if (!closed) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The next one, whatever it says. */
    Stamp next() throws InterruptedException {
        Stamp stamp = stamps.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        if (stamp == null) {
            throw new IllegalStateException("no script came to its stamp for " + LIMIT_SECONDS + " s");
        }
        return stamp;
    }

    /** The next one that says this. */
    long next(String word) throws InterruptedException {
        Stamp stamp = next();
        while (!stamp.word().equals(word)) {
            stamp = next();
        }
        return stamp.nanos();
    }

    /** Forgets those that came. */
    void clear() {
        stamps.clear();
    }

    @Override
    public void close() throws IOException {
        closed = true;
        file.write('\n');
        file.close();
    }
}
