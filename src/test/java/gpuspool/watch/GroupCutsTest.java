package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.chaos.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The power goes while a sweep goes on, and the disk keeps as little as it may: no member is lost, none starts twice.
 * {@code -Dgpuspool.sweep=all}: at every moment; else at some.
 */
class GroupCutsTest {
    private static final boolean ALL = "all".equals(System.getProperty("gpuspool.sweep"));
    private static final int MEMBERS = ALL ? 4 : 2;
    private static final int STRIDE = ALL ? 1 : 37;
    private static final String NEXT_BOOT = "22222222-boot";
    private static final int TURNS = 60;

    private final Map<ModelDisk.State, After> seen = new HashMap<>();
    private final Set<String> violations = new TreeSet<>();
    private int cuts;
    private int shown;

    /** @param needsSomebody directories that were left to somebody's hand */
    private record After(Map<String, Integer> starts, Set<String> recorded, List<String> wrong, int needsSomebody) {}

    @Test
    void everyCut_noMemberIsLostOrStartsTwice() throws IOException {
        ModelDisk disk;
        try (FaultBed bed = FaultBed.simulated(1)) {
            disk = new ModelDisk(bed.spool());
            bed.sim().tell(disk);
            GroupBed.drop(bed, MEMBERS);
            disk.dropped(bed.places().incoming().resolve("exp1.job"), GroupBed.text(MEMBERS), true);
            try (Life life = bed.life(disk.recorder())) {
                life.recover();
                life.drain();
            }
        }
        for (int cut = 0; cut <= disk.length(); cut += STRIDE) {
            Set<String> notes = disk.notesBefore(cut);
            int here = cut;
            disk.statesAt(cut, state -> {
                cuts++;
                judge(here, notes, seen.computeIfAbsent(state, GroupCutsTest::live));
            });
        }
        System.out.println("sweeps, power cuts: " + cuts + ", " + seen.size() + " different, " + shown
                + " with something to look at");
        assertEquals("", String.join("\n", violations));
        assertTrue(cuts > 30);
    }

    private static After live(ModelDisk.State state) {
        try {
            Path root = FaultBed.newRoot();
            state.materialize(Files.createDirectory(root.resolve("spool")));
            try (FaultBed bed = FaultBed.after(root, 1, List.of())) {
                try (Life life = bed.lifeAfterBoot(Meddler.none(), NEXT_BOOT)) {
                    life.recover();
                    boolean unused = life.settle(TURNS);
                }
                GroupBed sweep = GroupBed.of(bed, MEMBERS);
                int needsSomebody = 0;
                for (Path directory : Tree.list(bed.places().running())) {
                    needsSomebody += Files.exists(directory.resolve("reason")) ? 1 : 0;
                }
                List<String> wrong = new ArrayList<>(sweep.wrong());
                wrong.replaceAll(words -> words + "; log: " + bed.log());
                return new After(sweep.starts(), sweep.recorded(), wrong, needsSomebody);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void judge(int cut, Set<String> notes, After after) {
        after.starts().forEach((token, times) -> {
            boolean begun = notes.contains("BEGAN " + token);
            if (times > 1 || begun) {
                report(cut, "started twice: " + token, after);
            }
        });
        if (after.needsSomebody() > 0) {
            shown++;
            return;
        }
        after.wrong().forEach(words -> report(cut, words, after));
        if (notes.contains("DROPPED exp1.job") && after.recorded().size() != MEMBERS) {
            report(cut, "lost, there are only " + after.recorded().size(), after);
        }
    }

    private void report(int cut, String words, After after) {
        // One example of each kind is enough.
        String kind = words.substring(0, Math.min(20, words.length()));
        if (violations.stream().noneMatch(known -> known.startsWith(kind))) {
            violations.add(words + " [cut at " + cut + "; " + after + "]");
        }
    }
}
