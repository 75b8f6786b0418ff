package gpuspool.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.Links;
import gpuspool.job.CardWish;
import gpuspool.plan.CardState.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Why a job waits, situation by situation, in the exact words; those that wait for other jobs: {@link DependenceTest}. */
final class WaitWordsTest {
    private static final List<Device> TWO = TestCards.cards(2, "NVIDIA A100", "NVIDIA H200");
    private static final Instant SINCE = Instant.parse("2026-03-01T08:30:00.123Z");
    private static final Running OLD =
            new Running("old.1", 1, Set.of(TWO.get(0).id()), OptionalLong.empty(), Optional.of(SINCE));
    private static final CardState USED = new CardState(Kind.USED, WaitWords.used("old.1", Optional.of(SINCE)));

    private static Placement.Cards cards(CardState first, CardState second) {
        Map<GpuId, CardState> states = new HashMap<>();
        List<CardState> both = List.of(first, second);
        for (int i = 0; i < TWO.size(); i++) {
            if (!both.get(i).isFree()) {
                states.put(TWO.get(i).id(), both.get(i));
            }
        }
        return new Placement.Cards(TWO, states, Set.of(), Links.UNKNOWN, 0);
    }

    private static Arguments row(Wait wait, Placement.Cards cards, String sentence) {
        return Arguments.of(wait, cards, sentence);
    }

    private static Wait needs(int gpus) {
        return needs(gpus, CardWish.ANY);
    }

    private static Wait needs(int gpus, CardWish wish) {
        return new Wait.NeedsCards(gpus, wish, Optional.empty());
    }

    private static CardWish wish(Optional<String> type, OptionalLong memory, String... devices) {
        return new CardWish(List.of(devices), type, memory, Optional.empty());
    }

    static Stream<Arguments> situations() {
        Placement.Cards oneUsed = cards(USED, CardState.FREE);
        Placement.Cards unknown =
                new Placement.Cards(List.of(), Map.of(), Set.of(), Links.UNKNOWN, 0, Optional.of("NVML: not loaded"));
        return Stream.of(
                row(needs(2), oneUsed, "needs 2 GPUs, 1 free; GPU 0: used by old.1 since 2026-03-01T08:30:00Z"),
                row(
                        needs(1),
                        cards(USED, new CardState(Kind.FOREIGN, "used outside by pid 812 (alice, python), 9.1 GiB")),
                        "needs 1 GPU, 0 free; GPU 0: used by old.1 since 2026-03-01T08:30:00Z;"
                                + " GPU 1: used outside by pid 812 (alice, python), 9.1 GiB"),
                row(
                        needs(1, wish(Optional.of("H200"), OptionalLong.empty())),
                        cards(USED, USED),
                        "needs 1 GPU of type \"H200\", 0 free; GPU 1: used by old.1 since 2026-03-01T08:30:00Z"),
                row(
                        needs(1, wish(Optional.empty(), OptionalLong.empty(), "0")),
                        cards(USED, CardState.FREE),
                        "needs 1 GPU among 0, 0 free; GPU 0: used by old.1 since 2026-03-01T08:30:00Z"),
                row(
                        needs(1, wish(Optional.empty(), OptionalLong.of(20L << 30))),
                        cards(USED, new CardState(Kind.LOCKED, "locked by another spool")),
                        "needs 1 GPU with room for 20 GiB, 0 free; GPU 0: used by old.1 since 2026-03-01T08:30:00Z;"
                                + " GPU 1: locked by another spool"),
                row(
                        needs(2),
                        cards(new CardState(Kind.SICK, "in quarantine: XID 79"), CardState.FREE),
                        "needs 2 GPUs, 1 free; GPU 0: in quarantine: XID 79"),
                row(needs(1), unknown, "needs 1 GPU; GPUs not known: NVML: not loaded"),
                row(
                        new Wait.NeedsCards(2, CardWish.ANY, Optional.of(Duration.ofMinutes(30))),
                        oneUsed,
                        "needs 2 GPUs, 1 free; GPU 0: used by old.1 since 2026-03-01T08:30:00Z;"
                                + " others may pass it until it has waited 30m (max_bypass)"),
                row(new Wait.Behind("big.job", 1), oneUsed, "behind big.job, which waits for 1 GPU"),
                row(
                        new Wait.BehindWithoutTime("big.job", 4),
                        oneUsed,
                        "behind big.job, which gathers 4 GPUs; a job without time does not pass it"),
                row(
                        new Wait.BehindForUnknown("big.job", 4, Optional.of(OLD)),
                        oneUsed,
                        "behind big.job, which gathers 4 GPUs; nobody knows when it has them, for old.1,"
                                + " which runs since 2026-03-01T08:30:00Z and nothing says how much longer"),
                row(
                        new Wait.BehindForLong("big.job", 4, Duration.ofMinutes(90)),
                        oneUsed,
                        "behind big.job, which gathers 4 GPUs; with its time and grace, 1h30m, this one might run longer"
                                + " than until it has them"),
                row(
                        new Wait.OverUserLimit(Wait.Limit.GPUS, 2, 2, Optional.of(OLD)),
                        oneUsed,
                        "its owner has 2 GPUs in use, max_gpus_per_user is 2; longest: old.1, which runs since"
                                + " 2026-03-01T08:30:00Z"),
                row(
                        new Wait.OverUserLimit(Wait.Limit.JOBS, 1, 1, Optional.empty()),
                        oneUsed,
                        "its owner has 1 job running, max_jobs_per_user is 1"),
                row(new Wait.NoSlot(2), oneUsed, "waits for another job without GPU to end; cpu_slots is 2"),
                row(new Wait.Next(), oneUsed, "starts next"));
    }

    @ParameterizedTest
    @MethodSource("situations")
    void situation_isToldInASentence(Wait wait, Placement.Cards cards, String sentence) {
        assertEquals(sentence, WaitWords.of(wait, cards));
    }

    @Test
    void keptCards_areCountedApart() {
        Placement.Cards cards = new Placement.Cards(
                TWO,
                Map.of(TWO.get(0).id(), USED, TWO.get(1).id(), new CardState(Kind.KEPT, "kept for big.job")),
                Set.of(TWO.get(1).id()),
                Links.UNKNOWN,
                0);
        assertEquals(
                "needs 2 GPUs, 1 kept for it, 0 free; GPU 0: used by old.1 since 2026-03-01T08:30:00Z",
                WaitWords.of(needs(2), cards));
    }

    @Test
    void ofMany_whatTellsOneFromAnotherIsLeftOut() {
        assertEquals("needs 2 GPUs", WaitWords.ofMany(needs(2)));
        String one = WaitWords.ofMany(new Wait.BehindForLong("big.job", 4, Duration.ofMinutes(90)));
        assertEquals(one, WaitWords.ofMany(new Wait.BehindForLong("big.job", 4, Duration.ofMinutes(91))));
        assertFalse(one.contains("90"), one);
    }
}
