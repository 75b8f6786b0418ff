package gpuspool.gpu;

import java.time.Duration;
import java.util.List;

/**
 * One way of asking a driver. Every call may take as long as the driver likes, so only threads that may hang call it; all calls
 * but {@link #awaitFaults} come from one thread.
 */
public interface Backend extends AutoCloseable {
    /** For people: {@code NVML}, {@code nvidia-smi}, {@code amdgpu}. */
    String name();

    /** Looks at all cards. Throws nothing: what cannot be had is said in the answer. */
    Survey survey();

    /**
     * Waits for the driver to report faults of cards (XID events); those that came before the first call are not told.
     *
     * @return those that came; empty after so long, or at once after {@link #close}
     */
    List<Fault> awaitFaults(Duration most) throws InterruptedException;

    /** Whether it has such reports at all. */
    boolean reportsFaults();

    /** Lets go of the driver, so that cards can be reset; may be called while a wait for faults is under way. */
    @Override
    void close();

    /** A fault of one card that the driver reported; {@code reason}: for people, such as {@code XID 79 (fallen off the bus)}. */
    record Fault(GpuId card, String reason) {}
}
