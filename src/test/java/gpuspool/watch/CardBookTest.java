package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.gpu.GpuId;
import gpuspool.plan.CardState;
import gpuspool.posix.Lock;
import gpuspool.posix.Locks;
import gpuspool.spool.DiskFs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Cards whose locks somebody else has. */
final class CardBookTest {
    private static final GpuId CARD = new GpuId.Simulated(0);

    private FaultBed bed;
    private CardBook book;

    /** All are somebody else's. */
    private static final class Taken implements Locks {
        @Override
        public Path path() {
            return Path.of("/nowhere");
        }

        @Override
        public String id() {
            return "0";
        }

        @Override
        public Optional<Lock> tryLock(String name) {
            return Optional.empty();
        }

        @Override
        public Optional<Lock> tryShare(String name) {
            return Optional.empty();
        }

        @Override
        public Optional<String> holderOf(String name) {
            return Optional.of("exp7.1 of /home/al\u001bice/spool (alice, process 812)");
        }
    }

    @BeforeEach
    void open() throws IOException {
        bed = FaultBed.simulated(1);
        Setup setup = bed.setup();
        CardDesk desk = new CardDesk(setup.cards());
        LetGo letGo = new LetGo(setup, new DiskFs(), Clocks.system());
        CardWatch watch = new CardWatch(setup, null, desk, null, letGo);
        Quarantine quarantine = new Quarantine(setup, new DiskFs(), Clocks.system(), desk);
        quarantine.update(0);
        JobBook jobs = new JobBook();
        CardShares shares = new CardShares(setup, jobs, desk, watch, null);
        book = new CardBook(setup, jobs, desk, watch, shares, quarantine, new Taken());
    }

    @AfterEach
    void close() throws IOException {
        bed.close();
    }

    @Test
    void lockIsTaken_itsHolderIsNamed() throws IOException {
        assertTrue(book.lock(List.of(CARD), OptionalLong.empty(), 0).isEmpty());
        CardState state = book.view(List.of(), 1).states().get(CARD);
        assertEquals(CardState.Kind.LOCKED, state.kind());
        assertEquals("used by exp7.1 of /home/al\\x1bice/spool (alice, process 812)", state.why());
    }

    @Test
    void roundThatWasRefusedTookLong_theCardIsAskedForAgain() throws IOException {
        long began = 0;
        assertTrue(book.lock(List.of(CARD), OptionalLong.empty(), began).isEmpty());
        long over = began + Duration.ofMinutes(1).toNanos();
        assertTrue(book.nextAsk().orElseThrow() < over, "at once");
        assertTrue(book.view(List.of(), over).states().isEmpty(), "whoever asks why meanwhile takes nothing away");
        assertTrue(book.nextAsk().isPresent());
        book.beginRound(over);
        assertEquals(Optional.empty(), book.nextAsk());
        assertTrue(book.lock(List.of(CARD), OptionalLong.empty(), over).isEmpty());
        assertTrue(book.nextAsk().orElseThrow() > over);
    }
}
