package gpuspool.watch;

import gpuspool.gpu.Backend;
import gpuspool.gpu.CardSource;
import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.Links;
import gpuspool.gpu.Reading;
import gpuspool.gpu.Roster;
import gpuspool.gpu.Selection;
import gpuspool.gpu.Survey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** A driver that says what a test wants, as often as it is opened. */
final class FakeBackend {
    private static final long GIB = 1L << 30;

    /** Who holds it keeps every look waiting. */
    final ReentrantLock hang = new ReentrantLock();

    private final BlockingQueue<Backend.Fault> faults = new LinkedBlockingQueue<>();
    private final List<Device> devices = new ArrayList<>();
    private final Map<GpuId, Reading> readings = new HashMap<>();
    private Optional<String> silent = Optional.empty();
    private int open;
    private int looks;
    private int waits;

    FakeBackend(int cards) {
        for (int i = 0; i < cards; i++) {
            Device device = new Device(
                    card(i),
                    Device.Vendor.NVIDIA,
                    OptionalInt.of(i),
                    "NVIDIA Fake",
                    "00000000:0" + i + ":00.0",
                    OptionalLong.of(80 * GIB),
                    Optional.empty());
            devices.add(device);
            readings.put(device.id(), free());
        }
    }

    static GpuId card(int k) {
        return new GpuId.Uuid("GPU-" + k + "0000000-aaaa-bbbb-cccc-000000000000");
    }

    static Reading free() {
        return new Reading.Known(
                Optional.of(new Reading.Memory(80 * GIB, 0, 80 * GIB)),
                Optional.of(List.of()),
                Reading.ComputeMode.SHARED,
                Reading.Figures.NONE);
    }

    /** Asked once, like at the start of a watcher. */
    Roster roster() throws InterruptedException {
        return Roster.of(
                new CardSource.Driven(Handle::new, new Selection(Optional.empty(), "all"), Optional.empty()),
                Duration.ofSeconds(20));
    }

    synchronized void set(int card, Reading reading) {
        readings.put(card(card), reading);
    }

    /** It cannot be asked, and why; empty: it can. */
    synchronized void silence(Optional<String> why) {
        silent = why;
    }

    void fault(int card, String reason) {
        faults.add(new Backend.Fault(card(card), reason));
    }

    /** How many have it open. */
    synchronized int open() {
        return open;
    }

    synchronized int looks() {
        return looks;
    }

    /** How often somebody waited for faults, so far. */
    synchronized int waits() {
        return waits;
    }

    private synchronized Survey look() {
        looks++;
        if (silent.isPresent()) {
            return new Survey.Silence(silent.get());
        }
        return new Survey.Answer("Fake 1.0", List.copyOf(devices), Map.copyOf(readings), Links.UNKNOWN);
    }

    private synchronized void count(int opened, int waited) {
        open += opened;
        waits += waited;
    }

    private final class Handle implements Backend {
        private volatile boolean closed;

        Handle() {
            count(1, 0);
        }

        @Override
        public String name() {
            return "fake";
        }

        @Override
        public Survey survey() {
            hang.lock();
            try {
                return look();
            } finally {
                hang.unlock();
            }
        }

        @Override
        public List<Fault> awaitFaults(Duration most) throws InterruptedException {
            count(0, 1);
            Fault fault = closed ? null : faults.poll(most.toMillis(), TimeUnit.MILLISECONDS);
            return fault == null ? List.of() : List.of(fault);
        }

        @Override
        public boolean reportsFaults() {
            return true;
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                count(-1, 0);
            }
        }
    }
}
