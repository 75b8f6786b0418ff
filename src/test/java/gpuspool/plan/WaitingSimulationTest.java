package gpuspool.plan;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What becomes of whole queues, from the first job to the end of the last: nobody starves, and cards do not lie idle for it. */
final class WaitingSimulationTest {
    private static final int MIXES = Integer.getInteger("gpuspool.mixes", 500);

    @Test
    void anyMix_nobodyWaitsLongerThanThoseThatRanAndThoseAheadOfIt() {
        int waited = 0;
        int passed = 0;
        for (int seed = 0; seed < MIXES; seed++) {
            Random random = new Random(seed);
            SimulatedQueue queue = new SimulatedQueue("seed " + seed, random, 2 + random.nextInt(7));
            queue.maxBypass(Duration.ofMinutes(random.nextBoolean() ? 0 : random.nextInt(120)));
            double timed = random.nextInt(3) / 2.0;
            int levels = random.nextBoolean() ? 1 : 3;
            for (int i = 0; i < 10 + random.nextInt(20); i++) {
                queue.add(timed, levels);
            }
            queue.run(false);
            waited += queue.blocked();
            passed += queue.passed();
        }
        assertTrue(waited > MIXES, "jobs that lacked cards: " + waited);
        assertTrue(passed > MIXES / 2, "jobs that passed one that lacked cards: " + passed);
    }

    @Test
    void everyJobHasATime_cardsAreUsedNearlyAsWellAsIfNobodyWasKeptCardsFor() {
        double ours = 0;
        double greedy = 0;
        double work = 0;
        for (int seed = 0; seed < MIXES; seed++) {
            double[] spent = new double[2];
            for (int way = 0; way < 2; way++) {
                Random random = new Random(seed);
                SimulatedQueue queue = new SimulatedQueue("seed " + seed, random, 2 + random.nextInt(7));
                for (int i = 0; i < 20 + random.nextInt(20); i++) {
                    queue.add(1, 1);
                }
                // Whoever may be passed for ever by whoever fits is greedy.
                queue.maxBypass(way == 0 ? Duration.ZERO : Duration.ofDays(3650));
                queue.run(way == 1);
                spent[way] = queue.cardTime();
                work += way == 0 ? queue.work() : 0;
            }
            ours += spent[0];
            greedy += spent[1];
        }
        double used = work / ours;
        double most = work / greedy;
        assertTrue(most > 0.5 && most <= 1, "there was something to do: " + most);
        assertTrue(used <= 1 && used >= 0.95 * most, "cards in use: " + used + ", greedily " + most);
    }
}
