package gpuspool.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills real watchers while a sweep is released whose members share cards and of which each third fails at first and is run again,
 * and while another job waits for all of it. {@code -Dgpuspool.chaos.sweep.kills=500} makes a campaign of it.
 */
@Tag("chaos")
final class SweepChaosTest {
    private static final long SEED = Long.getLong("gpuspool.chaos.seed", System.nanoTime() & 0xffffff);
    private static final int KILLS = Integer.getInteger("gpuspool.chaos.sweep.kills", 8);
    private static final int MEMBERS = 4 * KILLS;

    @TempDir
    Path ran;

    @Test
    void watchersAreKilled_eachMemberRunsAsOftenAsItAsksFor() throws Exception {
        System.out.printf("sweep chaos: -Dgpuspool.chaos.seed=%d -Dgpuspool.chaos.sweep.kills=%d%n", SEED, KILLS);
        Random random = new Random(SEED);
        try (SpoolTestBed bed = SpoolTestBed.create(SEED)) {
            Files.writeString(bed.spool().resolve("spool.toml"), "retry_delay = \"200ms\"\n");
            drop(bed, "sweep.toml", """
                command = "echo run >>'%1$s'/{n}; sleep 0.1; [ $(( {n} %% 3 )) != 0 ] || [ $(wc -l <'%1$s'/{n}) = 2 ]"
                retries = 3
                gpu_mem = "30GiB"
                [sweep]
                n = "1..%2$d"
                """.formatted(ran, MEMBERS));
            drop(bed, "after.job", "#GPUSPOOL after=sweep gpus=0\necho run >>'%s'/after\n".formatted(ran));
            for (int kill = 0; kill < KILLS; kill++) {
                try (WatcherProcess watcher = bed.watch()) {
                    assertFalse(watcher.endsWithin(Duration.ofMillis(400 + random.nextInt(900))), watcher.output());
                    watcher.kill();
                }
            }
            assertEquals(0, bed.once(Duration.ofMinutes(2)), "watch --once");
            assertEquals(List.of(), names(bed.spool().resolve("incoming")));
            assertEquals(List.of(), names(bed.spool().resolve("running")));
            assertEquals(expected(), counted());
            bed.passed();
        }
    }

    private static void drop(SpoolTestBed bed, String name, String text) throws IOException {
        Path draft = Files.writeString(bed.root().resolve(name), text);
        Files.move(draft, bed.spool().resolve("incoming").resolve(name));
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        }
    }

    private static List<String> expected() {
        List<String> runs = new ArrayList<>();
        for (int n = 1; n <= MEMBERS; n++) {
            runs.add(n + ": " + (n % 3 == 0 ? 2 : 1));
        }
        runs.add("after: 1");
        return runs.stream().sorted().toList();
    }

    private List<String> counted() throws IOException {
        List<String> runs = new ArrayList<>();
        for (String name : names(ran)) {
            runs.add(name + ": " + Files.readAllLines(ran.resolve(name)).size());
        }
        return runs.stream().sorted().toList();
    }
}
