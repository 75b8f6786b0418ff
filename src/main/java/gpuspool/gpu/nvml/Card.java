package gpuspool.gpu.nvml;

import com.sun.jna.Pointer;
import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.Reading;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;

/** One card, or one MIG instance, that NVML gave a handle for, and what was learnt about it so far. Used by one thread. */
final class Card {
    /** GPU or compute instance of a card that is none. */
    static final int NONE = -1;

    private final Device device;
    private final Pointer handle;
    private final Pointer gpu;
    private final int gpuInstance;
    private final int computeInstance;
    private final Set<String> absent = new HashSet<>();
    private int strange;
    private boolean gone;
    private Reading.Figures figures = Reading.Figures.NONE;
    private OptionalLong figuresAt = OptionalLong.empty();

    Card(Device device, Pointer handle, Pointer gpu, int gpuInstance, int computeInstance) {
        this.device = device;
        this.handle = handle;
        this.gpu = gpu;
        this.gpuInstance = gpuInstance;
        this.computeInstance = computeInstance;
    }

    Device device() {
        return device;
    }

    GpuId id() {
        return device.id();
    }

    Pointer handle() {
        return handle;
    }

    /** The handle of the GPU that this is a part of; of a whole one its own. */
    Pointer gpu() {
        return gpu;
    }

    int gpuInstance() {
        return gpuInstance;
    }

    int computeInstance() {
        return computeInstance;
    }

    /** Whether this is the same thing behind the same handles, so that what was learnt still holds. */
    boolean isSameAs(Card other) {
        return device.equals(other.device) && handle.equals(other.handle) && gpu.equals(other.gpu);
    }

    boolean lacks(String function) {
        return absent.contains(function);
    }

    void noteAbsent(String function) {
        absent.add(function);
    }

    /** How often in a row the driver did not know what is wrong with it, this time included. */
    int noteStrange() {
        return ++strange;
    }

    void noteFine() {
        strange = 0;
    }

    /** Its handle is good for nothing any more. */
    void noteGone() {
        gone = true;
    }

    boolean isGone() {
        return gone;
    }

    Reading.Figures figures() {
        return figures;
    }

    /** Whether its figures are not older than so many nanoseconds. */
    boolean hasFigures(long now, long most) {
        return figuresAt.isPresent() && now - figuresAt.getAsLong() <= most;
    }

    void setFigures(Reading.Figures fresh, long now) {
        figures = fresh;
        figuresAt = OptionalLong.of(now);
    }
}
