package gpuspool.spool;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.Optional;

/** Writes one file out of the lines of the tree, by time, and of those in the old files that it does not tell, in their order. */
final class HistoryMerge implements Closeable {
    private final HistoryTree tree;
    private final FileChannel spill;
    private final LineWriter out;
    private final Iterator<HistoryTree.Spilled> rest;
    private Optional<HistoryTree.Spilled> next;
    private long kept;
    private long bad;

    HistoryMerge(HistoryTree tree, Path spill, Path draft, Fs fs) throws IOException {
        this.tree = tree;
        out = new LineWriter(draft, fs);
        rest = tree.lines().iterator();
        next = following();
        this.spill = FileChannel.open(spill, StandardOpenOption.READ);
    }

    /** Takes over what only this file tells. */
    void keepFrom(Path part) throws IOException {
        try (HistoryReader old = new HistoryReader(part)) {
            for (Optional<HistoryReader.Line> line = old.next(); line.isPresent(); line = old.next()) {
                if (!tree.tells(line.get().id(), line.get().state())) {
                    writeTree(line.get().time());
                    out.add(line.get().text() + "\n");
                    kept++;
                }
            }
            bad += old.bad();
        }
    }

    /** Writes what is left. */
    void finish() throws IOException {
        writeTree(Long.MAX_VALUE);
        out.flush();
    }

    private void writeTree(long until) throws IOException {
        while (next.isPresent() && next.get().time() <= until) {
            out.add(read(next.get()));
            next = following();
        }
    }

    private Optional<HistoryTree.Spilled> following() {
        return rest.hasNext() ? Optional.of(rest.next()) : Optional.empty();
    }

    private byte[] read(HistoryTree.Spilled line) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(line.length());
        while (bytes.hasRemaining()) {
            if (spill.read(bytes, line.offset() + bytes.position()) < 0) {
                throw new EOFException("a half-made part of the record was cut short by somebody; try again");
            }
        }
        return bytes.array();
    }

    long kept() {
        return kept;
    }

    long bad() {
        return bad;
    }

    @Override
    public void close() throws IOException {
        spill.close();
    }
}
