package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.plan.CardState;
import gpuspool.spool.DiskFs;
import gpuspool.spool.QuarantineFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The list of broken cards: what is in it survives everything, and what cannot be read is not taken for empty. */
class QuarantineTest {
    private static final String A = "GPU-aaaa";
    private static final String B = "GPU-bbbb";
    private static final int ENDLESS = 100;

    private FaultBed bed;

    @BeforeEach
    void open() throws IOException {
        bed = FaultBed.simulated(2);
    }

    @AfterEach
    void close() throws IOException {
        bed.close();
    }

    private Path host() {
        return bed.places().host(FaultBed.HOST);
    }

    private Path file() {
        return QuarantineFile.in(host());
    }

    private Quarantine quarantine(Meddler meddler) {
        Setup setup = bed.setup();
        return new Quarantine(
                setup,
                Seams.fs(new DiskFs(), meddler.over(FaultBed.UNFORCED)),
                bed.world().clocks(),
                new CardDesk(setup.cards()));
    }

    private Quarantine begun() {
        Quarantine begun = quarantine(Meddler.none());
        begun.update(0);
        return begun;
    }

    private static GpuId card(String word) {
        return GpuId.parse(word).orElseThrow();
    }

    private static CardState state(Quarantine quarantine, String word) {
        return quarantine.of(Device.onTrust(card(word))).orElse(CardState.FREE);
    }

    private List<String> attention() {
        return bed.attention().lines();
    }

    @Test
    void brokenCard_isInItForThisWatcherAndTheNext_untilSomebodySaysOtherwise() throws IOException {
        Quarantine quarantine = begun();
        quarantine.put(card(A), "XID 79 (fallen\toff)\nthe bus");
        quarantine.put(card(A), "lost");
        CardState sick = new CardState(CardState.Kind.SICK, "XID 79 (fallen\toff)\nthe bus");
        assertEquals(sick, state(quarantine, A));
        assertEquals(CardState.FREE, state(quarantine, B));
        String line = Files.readString(file());
        assertTrue(
                line.matches("GPU-aaaa\t20..-..-..T..:..:..\\....Z\tXID 79 \\(fallen\\\\x09off\\)\\\\x0athe bus\n"),
                line);
        assertEquals(1, attention().size());
        assertTrue(
                attention().get(0).endsWith("when it is repaired: touch control/GPU-aaaa.ok"), attention()::toString);

        bed.attention().clear("quarantine " + A);
        Quarantine next = begun();
        assertEquals(sick, state(next, A));
        assertEquals(1, attention().size());
        next.put(card(B), "row remap failed");
        next.release(A);
        assertEquals(CardState.FREE, state(next, A));
        assertEquals(Set.of(B), next.cards());
        assertEquals(1, attention().size());
        next.release(B);
        assertTrue(Files.notExists(file()), "removed when empty");
        assertEquals(List.of(), attention());
    }

    @Test
    void partOfABrokenCard_isBroken() {
        Quarantine quarantine = begun();
        quarantine.put(card(A), "lost");
        Device whole = Device.onTrust(card("MIG-1"));
        Device part =
                new Device(whole.id(), whole.vendor(), whole.index(), "", "", whole.memory(), java.util.Optional.of(A));
        assertEquals(CardState.Kind.SICK, quarantine.of(part).orElseThrow().kind());
        assertEquals(CardState.FREE, state(quarantine, "MIG-1"));
    }

    @Test
    void linesWrittenByHand_countAsFarAsTheyCanBeRead_andAreKept() throws IOException {
        Files.createDirectories(host());
        Files.writeString(file(), "GPU-aaaa\n\n the second one\t\tbroken\nsim:1\t\tloud");
        Quarantine quarantine = begun();
        assertEquals(new CardState(CardState.Kind.SICK, "no reason is noted"), state(quarantine, A));
        assertEquals(new CardState(CardState.Kind.SICK, "loud"), state(quarantine, "sim:1"));
        assertEquals(3, attention().size());
        assertTrue(
                attention().toString().contains("a line of hosts/box/quarantine names no GPU: the second one; if one"),
                attention()::toString);
        quarantine.put(card(B), "lost");
        String text = Files.readString(file());
        assertTrue(text.startsWith("GPU-aaaa\t\t\nthe second one\t\tbroken\nsim:1\t\tloud\nGPU-bbbb\t"), text);
    }

    @Test
    void whatCannotBeRead_isNobodysGuess_untilItCan() throws IOException {
        Files.createDirectories(file());
        Quarantine quarantine = begun();
        CardState unknown =
                new CardState(CardState.Kind.UNKNOWN, "hosts/box/quarantine cannot be read: it is a directory");
        assertEquals(unknown, state(quarantine, B));
        assertTrue(attention().get(0).startsWith(unknown.why()), attention()::toString);
        assertThrows(IOException.class, () -> quarantine.release(A));
        quarantine.put(card(A), "lost");
        assertEquals(CardState.Kind.SICK, state(quarantine, A).kind());

        Files.delete(file());
        Files.writeString(file(), B + "\t\tburnt\n");
        quarantine.update(Duration.ofSeconds(9).toNanos());
        assertEquals(unknown, state(quarantine, "sim:0"), "asked again too soon");
        assertEquals(Duration.ofSeconds(10).toNanos(), quarantine.nextDue());
        quarantine.update(Duration.ofSeconds(10).toNanos());
        assertEquals(CardState.FREE, state(quarantine, "sim:0"));
        assertEquals(Set.of(A, B), quarantine.cards());
        assertEquals(Engine.NEVER, quarantine.nextDue());
        assertEquals(Set.of(A, B), begun().cards());
        assertEquals(2, attention().size(), attention()::toString);
    }

    @Test
    void whatCannotBeWritten_countsAllTheSame_andIsWrittenLater() throws IOException {
        boolean[] full = {true};
        Quarantine quarantine = quarantine((step, call) -> {
            if (full[0] && step.is(Step.Kind.OVERWRITE)) {
                throw new IOException("No space left on device");
            }
            return call.run();
        });
        quarantine.update(0);
        quarantine.put(card(A), "lost");
        assertEquals(CardState.Kind.SICK, state(quarantine, A).kind());
        assertTrue(attention().toString().contains("cannot be written: No space left"), attention()::toString);
        full[0] = false;
        quarantine.update(quarantine.nextDue());
        assertEquals(1, attention().size(), attention()::toString);
        assertEquals(Set.of(A), begun().cards());

        full[0] = true;
        quarantine.put(card(B), "lost");
        IOException refused = assertThrows(IOException.class, () -> quarantine.release(A));
        assertTrue(refused.getMessage().contains("No space left"), refused::getMessage);
        assertEquals(Set.of(A, B), quarantine.cards());
    }

    /** The steps between which a kill falls; what was in it stays in it until it was let out. */
    @ParameterizedTest
    @EnumSource(KillAt.Moment.class)
    void killedAnywhere_nothingIsForgotten(KillAt.Moment moment) throws IOException {
        int k = 1;
        for (; k < ENDLESS; k++) {
            new QuarantineFile(bed.places(), FaultBed.HOST, new DiskFs())
                    .write(List.of(new QuarantineFile.Row(A, "", "lost")));
            KillAt kill = new KillAt(moment, k);
            int through = 0;
            Quarantine quarantine = quarantine(kill);
            try {
                quarantine.update(0);
                quarantine.put(card(B), "lost");
                through++;
                quarantine.release(A);
                through++;
                quarantine.release(B);
                through++;
            } catch (Killed e) {
                assertTrue(kill.hit());
            }
            Set<String> left = begun().cards();
            List<Set<String>> stages = List.of(Set.of(A), Set.of(A, B), Set.of(B), Set.of());
            int stage = stages.indexOf(left);
            assertTrue(stage == through || stage == through + 1, kill + ": " + left + " after step " + through);
            if (through == 3) {
                break;
            }
        }
        System.out.println("quarantine: " + (k - 1) + " kills " + moment);
        // Half a write is one of two drafts; everything else is a step of its own.
        assertTrue(k > 2 && k < ENDLESS);
    }
}
