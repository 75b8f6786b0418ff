package gpuspool.gpu.nvml;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import gpuspool.gpu.Backend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Waits for the driver's reports of faults (XID events). When waiting fails, as it does while some card is lost, it begins anew with
 * those cards that can still be listened to; no fault is made up from that. For one thread.
 */
final class FaultListener {
    /** A bit of {@code nvmlEventType}. */
    private static final long XID_EVENT = 8;

    private static final int MOST_AT_ONCE = 256;
    private static final String WAIT = "nvmlEventSetWait_v2";

    private final NvmlLibrary nvml;
    private final Gate gate;
    private Optional<Pointer> set = Optional.empty();
    private Set<Pointer> asked = Set.of();

    FaultListener(NvmlLibrary nvml, Gate gate) {
        this.nvml = nvml;
        this.gate = gate;
    }

    static boolean isThere(NvmlLibrary nvml) {
        return nvml.has(WAIT);
    }

    /** Those that came; empty after so long, or when nothing can be heard. */
    List<Backend.Fault> await(List<Card> cards, Duration most) throws InterruptedException {
        long until = System.nanoTime() + most.toNanos();
        listenTo(cards);
        if (set.isPresent()) {
            List<Backend.Fault> faults = new ArrayList<>();
            Memory event = new Memory(Layouts.EVENT_SIZE);
            int code = nvml.code(WAIT, set.get(), event, (int) Math.min(Integer.MAX_VALUE, most.toMillis()));
            for (int i = 0; code == Meaning.OK && i < MOST_AT_ONCE; i++) {
                add(event, cards, faults);
                code = nvml.code(WAIT, set.get(), event, 0);
            }
            if (code != Meaning.OK && code != Meaning.TIMEOUT) {
                free();
            }
            if (!faults.isEmpty()) {
                return faults;
            }
        }
        // A wait that ended early, or could not begin, is not to be tried again and again.
        gate.rest(Duration.ofNanos(until - System.nanoTime()));
        return List.of();
    }

    /** Events that came before this are not told. */
    private void listenTo(List<Card> cards) {
        Set<Pointer> gpus = new LinkedHashSet<>();
        cards.forEach(card -> gpus.add(card.gpu()));
        if (set.isPresent() && gpus.equals(asked)) {
            return;
        }
        free();
        PointerByReference fresh = new PointerByReference();
        if (gpus.isEmpty() || nvml.code("nvmlEventSetCreate", fresh) != Meaning.OK) {
            return;
        }
        int registered = 0;
        for (Pointer gpu : gpus) {
            long[] mask = new long[1];
            // One kind of event that a card does not have makes it refuse all.
            if (nvml.code("nvmlDeviceGetSupportedEventTypes", gpu, mask) == Meaning.OK
                    && (mask[0] & XID_EVENT) != 0
                    && nvml.code("nvmlDeviceRegisterEvents", gpu, XID_EVENT, fresh.getValue()) == Meaning.OK) {
                registered++;
            }
        }
        set = Optional.of(fresh.getValue());
        asked = gpus;
        if (registered == 0) {
            free();
        }
    }

    private static void add(Memory event, List<Card> cards, List<Backend.Fault> faults) {
        long number = event.getLong(Layouts.EVENT_DATA);
        if (event.getLong(Layouts.EVENT_TYPE) != XID_EVENT || !Xid.counts(number)) {
            return;
        }
        List<Card> concerned = cards.stream()
                .filter(card -> card.gpu().equals(event.getPointer(Layouts.EVENT_DEVICE)))
                .toList();
        List<Card> exactly = concerned.stream()
                .filter(card -> card.gpuInstance() != Card.NONE
                        && card.gpuInstance() == event.getInt(Layouts.EVENT_GPU_INSTANCE)
                        && card.computeInstance() == event.getInt(Layouts.EVENT_COMPUTE_INSTANCE))
                .toList();
        // One that names no instance is about the whole GPU.
        for (Card card : exactly.isEmpty() ? concerned : exactly) {
            faults.add(new Backend.Fault(card.id(), Xid.words(number)));
        }
    }

    /** Nobody may wait any more. */
    void free() {
        set.ifPresent(own -> nvml.code("nvmlEventSetFree", own));
        set = Optional.empty();
        asked = Set.of();
    }
}
