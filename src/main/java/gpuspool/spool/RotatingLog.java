package gpuspool.spool;

import gpuspool.posix.SharedAppend;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * A log that is written a line at a time, by its name, and put aside when it is large. It never fails and never waits: a line that
 * cannot be written is lost, and the next one that can be says how many were.
 */
public final class RotatingLog {
    private final Path file;
    private final Fs fs;
    private final Supplier<Limits> limits;
    private long lost;
    private String why = "";
    private String notPutAside = "";

    /**
     * When to put it aside.
     *
     * @param size bytes at which it becomes {@code NAME.1}
     * @param keep how many older ones stay; 0: none
     */
    public record Limits(long size, int keep) {}

    /** @param limits asked at every line */
    public RotatingLog(Path file, Fs fs, Supplier<Limits> limits) {
        this.file = file;
        this.fs = fs;
        this.limits = limits;
    }

    public Path file() {
        return file;
    }

    /**
     * Adds a line.
     *
     * @return whether it is the first in a file that was empty or not there
     */
    public synchronized boolean add(String line) {
        byte[] bytes = (lossNote() + line + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            SharedAppend.Added added = fs.addLines(file, bytes);
            if (added.written() < bytes.length) {
                throw new IOException("it took only a part of the line");
            }
            lost = 0;
            long size = added.before().size() + bytes.length;
            if (size >= limits.get().size()) {
                putAside();
            }
            return added.before().size() == 0;
        } catch (IOException e) {
            lost++;
            why = e.getMessage();
            return false;
        }
    }

    private String lossNote() {
        return lost == 0
                ? ""
                : lost + (lost == 1 ? " line" : " lines") + " before this one could not be written here: " + why + "\n";
    }

    /** What is in the way of it is said in the log itself, which then grows on. */
    private void putAside() throws IOException {
        try {
            int keep = limits.get().keep();
            for (int k = keep + 1; fs.look(part(k)).isPresent(); k++) {
                fs.delete(part(k));
            }
            for (int k = keep - 1; k >= 1; k--) {
                if (fs.look(part(k)).isPresent()) {
                    fs.rename(part(k), part(k + 1));
                }
            }
            if (keep == 0) {
                fs.delete(file);
            } else {
                fs.rename(file, part(1));
            }
            notPutAside = "";
        } catch (IOException e) {
            if (!notPutAside.equals(e.getMessage())) {
                notPutAside = e.getMessage();
                byte[] note = ("attention: this log is larger than log_size and cannot be put aside: " + notPutAside
                                + "\n")
                        .getBytes(StandardCharsets.UTF_8);
                SharedAppend.Added unused = fs.addLines(file, note);
            }
        }
    }

    private Path part(int k) {
        return file.resolveSibling(file.getFileName() + "." + k);
    }
}
