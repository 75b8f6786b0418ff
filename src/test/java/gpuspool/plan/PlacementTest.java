package gpuspool.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.Links;
import gpuspool.job.CardWish;
import gpuspool.plan.Placement.Cards;
import gpuspool.plan.Placement.Plan;
import gpuspool.plan.Placement.Start;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PlacementTest {
    private static final GpuId G0 = new GpuId.Index(0);
    private static final GpuId G1 = new GpuId.Index(1);
    private static final GpuId G2 = new GpuId.Index(2);
    private static final GpuId G3 = new GpuId.Index(3);
    private static final List<GpuId> FOUR = List.of(G0, G1, G2, G3);

    private record Wish(String name, int gpus) implements Placement.Request {
        @Override
        public CardWish wish() {
            return CardWish.ANY;
        }
    }

    private static final Wish A = new Wish("a", 1);
    private static final Wish B = new Wish("b", 1);
    private static final Wish PAIR = new Wish("pair", 2);
    private static final Wish CPU1 = new Wish("cpu1", 0);
    private static final Wish CPU2 = new Wish("cpu2", 0);

    private static List<Device> devices(List<GpuId> ids) {
        return ids.stream().map(Device::onTrust).toList();
    }

    private static Cards free(GpuId... taken) {
        Map<GpuId, CardState> why = new LinkedHashMap<>();
        for (GpuId card : taken) {
            why.put(card, new CardState(CardState.Kind.USED, "used by old.1"));
        }
        return new Cards(devices(FOUR), why, Set.of(), Links.UNKNOWN, 0);
    }

    private static Plan<Wish> plan(List<Wish> gpu, List<Wish> cpu, Cards cards) {
        return new TestRules().plan(gpu, cpu, cards);
    }

    @Test
    void severalFit_eachGetsTheNextCardsInOrder() {
        Plan<Wish> plan = plan(List.of(A, PAIR, B), List.of(), free());
        assertEquals(
                List.of(
                        new Start<>(A, devices(List.of(G0))),
                        new Start<>(PAIR, devices(List.of(G1, G2))),
                        new Start<>(B, devices(List.of(G3)))),
                plan.starts());
        assertEquals(Optional.empty(), plan.blocked());
    }

    @Test
    void headNeedsMoreThanIsFree_nothingPassesIt() {
        Plan<Wish> plan = plan(List.of(PAIR, A, B), List.of(), free(G0, G1, G2));
        assertEquals(List.of(), plan.starts());
        assertEquals(Optional.of(PAIR), plan.blocked());
    }

    @Test
    void secondNeedsMoreThanIsLeft_firstStartsThirdWaitsBehindIt() {
        Plan<Wish> plan = plan(List.of(A, PAIR, B), List.of(), free(G1, G3));
        assertEquals(List.of(new Start<>(A, devices(List.of(G0)))), plan.starts());
        assertEquals(Optional.of(PAIR), plan.blocked());
    }

    @Test
    void takenCards_areNeverGiven() {
        Plan<Wish> plan = plan(List.of(PAIR, A), List.of(), free(G0, G2));
        assertEquals(List.of(new Start<>(PAIR, devices(List.of(G1, G3)))), plan.starts());
        assertEquals(Optional.of(A), plan.blocked());
    }

    @Test
    void unreadableCard_isLeftAlone() {
        Cards cards = new Cards(
                devices(List.of(G0, G1)),
                Map.of(G0, new CardState(CardState.Kind.SICK, "memory query failed: GPU_IS_LOST (15)")),
                Set.of(),
                Links.UNKNOWN,
                0);
        Plan<Wish> plan = plan(List.of(A, B), List.of(), cards);
        assertEquals(List.of(new Start<>(A, devices(List.of(G1)))), plan.starts());
        assertEquals(Optional.of(B), plan.blocked());
    }

    @Test
    void takenCardThatIsNotOurs_takesNothingFromOurs() {
        Cards cards = new Cards(
                devices(List.of(G0)),
                Map.of(G3, new CardState(CardState.Kind.LOCKED, "locked by another spool or user")),
                Set.of(),
                Links.UNKNOWN,
                0);
        assertEquals(
                List.of(new Start<>(A, devices(List.of(G0)))),
                plan(List.of(A), List.of(), cards).starts());
    }

    @Test
    void allCardsTaken_jobsWithoutGpuStartAllTheSame() {
        Plan<Wish> plan = plan(List.of(A), List.of(CPU1, CPU2), free(G0, G1, G2, G3));
        assertEquals(List.of(new Start<>(CPU1, List.of()), new Start<>(CPU2, List.of())), plan.starts());
        assertEquals(Optional.of(A), plan.blocked());
    }

    @Test
    void noSlotLeft_jobsWithoutGpuWait() {
        Plan<Wish> none = new TestRules().slots(0).plan(List.of(A), List.of(CPU1, CPU2), free());
        assertEquals(List.of(new Start<>(A, devices(List.of(G0)))), none.starts());
        Plan<Wish> one = new TestRules().slots(1).plan(List.of(), List.of(CPU1, CPU2), free());
        assertEquals(List.of(new Start<>(CPU1, List.of())), one.starts());
    }

    @Test
    void moreThanOneRound_stopsAtTheMostWithoutCallingAnyBlocked() {
        Plan<Wish> plan = new TestRules().most(2).plan(List.of(A, B, PAIR), List.of(CPU1), free());
        assertEquals(List.of(new Start<>(CPU1, List.of()), new Start<>(A, devices(List.of(G0)))), plan.starts());
        assertEquals(Optional.empty(), plan.blocked());
    }

    @Test
    void noCardsAtAll_gpuJobIsBlockedAndNothingBreaks() {
        Plan<Wish> plan = plan(List.of(A), List.of(), new Cards(List.of(), Map.of(), Set.of(), Links.UNKNOWN, 0));
        assertEquals(List.of(), plan.starts());
        assertEquals(Optional.of(A), plan.blocked());
        assertEquals(List.of(), plan.gather());
    }

    @Test
    void longQueue_isReadNoFurtherThanTheFirstBlocked() {
        List<Wish> read = new ArrayList<>();
        Iterator<Wish> endless = new Iterator<>() {
            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public Wish next() {
                if (read.size() > 5) {
                    throw new NoSuchElementException("read too far: " + read);
                }
                read.add(A);
                return A;
            }
        };
        Plan<Wish> plan = Placement.plan(
                new PlainLine<>(endless),
                new PlainLine<>(Collections.emptyIterator()),
                free(),
                new TestRules().rules());
        assertEquals(4, plan.starts().size());
        assertEquals(5, read.size());
    }

    private static String why(int gpus, CardWish wish, Cards cards) {
        return WaitWords.of(new Wait.NeedsCards(gpus, wish, Optional.empty()), cards);
    }

    @Test
    void why_namesWhatIsNeededWhatIsFreeAndWhoHasTheRest() {
        assertEquals(
                "needs 2 GPUs, 1 free; GPU 0: used by old.1; GPU 1: used by old.1; GPU 3: used by old.1",
                why(2, CardWish.ANY, free(G3, G1, G0)));
        assertEquals(
                "needs 1 GPU, 0 free; GPU 0: locked by another spool or user",
                why(
                        1,
                        CardWish.ANY,
                        new Cards(
                                devices(List.of(G0)),
                                Map.of(G0, new CardState(CardState.Kind.LOCKED, "locked by another spool or user")),
                                Set.of(),
                                Links.UNKNOWN,
                                0)));
        assertEquals("needs 8 GPUs, 4 free", why(8, CardWish.ANY, free()));
    }

    @Test
    void impossible_saysWhatIsHere() {
        assertEquals(Optional.empty(), Placement.impossible(3, CardWish.ANY, devices(FOUR), 1));
        assertEquals(
                Optional.of("it needs 4 GPUs; this watcher has 4 and leaves 1 to others (keep_idle); ask for fewer"),
                Placement.impossible(4, CardWish.ANY, devices(FOUR), 1));
        assertEquals(Optional.empty(), Placement.impossible(4, CardWish.ANY, devices(FOUR), 0));
        assertEquals(Optional.empty(), Placement.impossible(0, CardWish.ANY, List.of(), 0));
        assertEquals(
                Optional.of("it needs 5 GPUs; this watcher has 4 (0,1,2,3); ask for fewer"),
                Placement.impossible(5, CardWish.ANY, devices(FOUR), 0));
        assertEquals(
                Optional.of("it needs 2 GPUs; this watcher has none; ask for fewer"),
                Placement.impossible(2, CardWish.ANY, List.of(), 0));
    }

    @Test
    void plan_isNotChangedByLaterOnes() {
        Plan<Wish> plan = plan(List.of(PAIR, A), List.of(), free());
        List<Device> cards = plan.starts().get(0).cards();
        assertThrows(UnsupportedOperationException.class, () -> cards.add(Device.onTrust(G3)));
        assertEquals(devices(List.of(G0, G1)), cards);
    }
}
