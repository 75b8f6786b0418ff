package gpuspool.gpu.cuda;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;

/** Memory of a card that is taken only lest others take it: in one piece if it can be had so, else in smaller ones. */
public final class HeldMemory {
    /** What drivers hand out at least in one piece, as a rule; below it is not worth the while. */
    static final long SMALLEST = 2L << 20;

    private static final int PERCENT = 100;

    private final CardMemory memory;
    private final Deque<Long> pieces = new ArrayDeque<>();

    public HeldMemory(CudaContext context) {
        this((CardMemory) context);
    }

    HeldMemory(CardMemory memory) {
        this.memory = memory;
    }

    /** Bytes: what was taken, and what was to be. */
    public record Taken(long bytes, long wanted) {}

    /**
     * Takes a part of what is free now. What others took meanwhile is not waited for.
     *
     * @param percent 0 to 100
     * @param enough asked between the pieces: no more is taken once it says so
     */
    public Taken take(int percent, BooleanSupplier enough) throws CudaException {
        // Divided first: a product with all of a card's memory would still fit, but nothing hangs on the last bytes.
        long wanted = memory.free() / PERCENT * percent;
        long missing = wanted;
        long piece = wanted;
        while (piece >= SMALLEST && !enough.getAsBoolean()) {
            try {
                pieces.push(memory.take(Math.min(piece, missing)));
                missing -= Math.min(piece, missing);
                piece = Math.min(piece, missing);
            } catch (CudaException e) {
                if (!e.isOutOfMemory()) {
                    throw e;
                }
                piece /= 2;
            }
        }
        return new Taken(wanted - missing, wanted);
    }

    /** Gives all of it back. */
    public void giveBack() throws CudaException {
        while (!pieces.isEmpty()) {
            memory.giveBack(pieces.pop());
        }
    }
}
