package gpuspool.gpu.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HeldMemoryTest {
    private static final long GIB = 1L << 30;

    /** A card of which others have so much that its free memory comes in pieces, or is less than it was said to be. */
    private static final class Card implements CardMemory {
        private final long free;
        private final long largestPiece;
        private long left;
        private final Map<Long, Long> pieces = new HashMap<>();
        private final List<Long> asked = new ArrayList<>();
        private long next = 1;
        private int failsWith = CudaResult.OUT_OF_MEMORY;

        Card(long free, long left, long largestPiece) {
            this.free = free;
            this.left = left;
            this.largestPiece = largestPiece;
        }

        @Override
        public long free() {
            return free;
        }

        @Override
        public long take(long bytes) throws CudaException {
            asked.add(bytes);
            if (bytes > largestPiece || bytes > left) {
                throw new CudaException("take", failsWith);
            }
            left -= bytes;
            pieces.put(next, bytes);
            return next++;
        }

        @Override
        public void giveBack(long address) {
            left += pieces.remove(address);
        }
    }

    @Test
    void enoughInOnePiece_isTakenSo() throws Exception {
        Card card = new Card(100 * GIB, 100 * GIB, 100 * GIB);
        assertEquals(new HeldMemory.Taken(25 * GIB, 25 * GIB), new HeldMemory(card).take(25, () -> false));
        assertEquals(List.of(25 * GIB), card.asked);
    }

    @Test
    void inPiecesOnly_isTakenInPieces() throws Exception {
        Card card = new Card(100 * GIB, 100 * GIB, 7 * GIB);
        assertEquals(new HeldMemory.Taken(25 * GIB, 25 * GIB), new HeldMemory(card).take(25, () -> false));
        assertEquals(75 * GIB, card.left);
    }

    @Test
    void lessThanWasSaid_whatThereIsIsTaken() throws Exception {
        Card card = new Card(100 * GIB, 3 * GIB + 5, 100 * GIB);
        HeldMemory.Taken taken = new HeldMemory(card).take(95, () -> false);
        assertEquals(95 * GIB, taken.wanted());
        assertTrue(taken.bytes() > 3 * GIB - HeldMemory.SMALLEST * 2 && taken.bytes() <= 3 * GIB, taken.toString());
        assertTrue(card.asked.size() < 100, "it does not take long: " + card.asked.size());
    }

    @Test
    void nothingLeft_nothingIsTaken() throws Exception {
        assertEquals(
                new HeldMemory.Taken(0, 50 * GIB), new HeldMemory(new Card(100 * GIB, 0, 0)).take(50, () -> false));
        assertEquals(new HeldMemory.Taken(0, 0), new HeldMemory(new Card(0, 0, 0)).take(50, () -> false));
    }

    @Test
    void toldThatItIsEnough_takesNoMore() throws Exception {
        Card card = new Card(100 * GIB, 100 * GIB, GIB);
        assertEquals(
                new HeldMemory.Taken(3 * 25 * GIB / 32, 25 * GIB),
                new HeldMemory(card).take(25, () -> card.pieces.size() == 3));
    }

    @Test
    void givenBack_allIsFree() throws Exception {
        Card card = new Card(100 * GIB, 100 * GIB, 7 * GIB);
        HeldMemory memory = new HeldMemory(card);
        memory.take(95, () -> false);
        memory.giveBack();
        memory.giveBack();
        assertEquals(100 * GIB, card.left);
        assertEquals(Map.of(), card.pieces);
    }

    @Test
    void otherError_isTold() {
        Card card = new Card(100 * GIB, 0, 0);
        card.failsWith = 214;
        CudaException failure = assertThrows(CudaException.class, () -> new HeldMemory(card).take(50, () -> false));
        assertEquals(214, failure.code().orElseThrow());
        assertEquals("take: CUDA 214, an ECC error that could not be corrected", failure.getMessage());
        assertEquals(1, card.asked.size());
    }
}
