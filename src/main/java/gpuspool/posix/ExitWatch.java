package gpuspool.posix;

import com.sun.jna.Memory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * Tells when processes end, children of ours or not, by one thread that sleeps in poll(2) on their pidfds. It never reaps and
 * never says how they ended.
 */
public final class ExitWatch implements AutoCloseable {
    private static final int POLLFD_BYTES = 8;
    private static final short POLLIN = 1;
    private static final int EFD_CLOEXEC = 0x80000;
    private static final int EFD_NONBLOCK = 0x800;

    private final IntConsumer ended;
    private final int wake;
    private final Map<Integer, Integer> pidByFd = new HashMap<>();
    private final Thread thread;
    private boolean closed;

    /** @param ended called with the process id, on the watching thread, once per watched process */
    public ExitWatch(IntConsumer ended) throws IOException {
        this.ended = ended;
        wake = LibC.C.eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (wake < 0) {
            throw PosixException.last("make an eventfd");
        }
        thread = new Thread(this::loop, "process ends");
        thread.setDaemon(true);
        thread.start();
    }

    /** Watches a process, once; one that is already gone is reported at once. */
    public void add(int pid) throws IOException {
        int fd = PidFd.open(pid);
        if (fd < 0) {
            ended.accept(pid);
            return;
        }
        synchronized (this) {
            if (pidByFd.containsValue(pid)) {
                Fds.close(fd);
                return;
            }
            pidByFd.put(fd, pid);
        }
        LibC.C.eventfd_write(wake, 1);
    }

    private void loop() {
        while (true) {
            List<Integer> watched;
            synchronized (this) {
                if (closed) {
                    pidByFd.keySet().forEach(Fds::close);
                    Fds.close(wake);
                    return;
                }
                watched = new ArrayList<>(pidByFd.keySet());
            }
            for (int fd : pollOnce(watched)) {
                int pid;
                synchronized (this) {
                    pid = pidByFd.remove(fd);
                }
                Fds.close(fd);
                ended.accept(pid);
            }
        }
    }

    private List<Integer> pollOnce(List<Integer> watched) {
        try (Memory fds = new Memory((long) POLLFD_BYTES * (watched.size() + 1))) {
            put(fds, 0, wake);
            for (int i = 0; i < watched.size(); i++) {
                put(fds, i + 1, watched.get(i));
            }
            LibC.C.poll(fds, watched.size() + 1L, -1);
            if (isReady(fds, 0)) {
                LibC.C.eventfd_read(wake, new long[1]);
            }
            List<Integer> ready = new ArrayList<>();
            for (int i = 0; i < watched.size(); i++) {
                if (isReady(fds, i + 1)) {
                    ready.add(watched.get(i));
                }
            }
            return ready;
        }
    }

    private static void put(Memory fds, int index, int fd) {
        long at = (long) index * POLLFD_BYTES;
        fds.setInt(at, fd);
        fds.setShort(at + 4, POLLIN);
        fds.setShort(at + 6, (short) 0);
    }

    private static boolean isReady(Memory fds, int index) {
        return fds.getShort((long) index * POLLFD_BYTES + 6) != 0;
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        LibC.C.eventfd_write(wake, 1);
    }
}
