package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.spool.DiskFs;
import gpuspool.spool.History;
import gpuspool.spool.HistoryRebuild;
import gpuspool.spool.RecordTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A rebuild of the record, killed at every step it takes: no line of a job that is gone is lost, and the next one completes it. */
class RecordKillTest {
    private static final int ENDLESS = 200;

    @ParameterizedTest
    @EnumSource(KillAt.Moment.class)
    void killedAnywhere_losesNothing(KillAt.Moment moment) throws IOException {
        int k = 1;
        for (; k < ENDLESS; k++) {
            Path root = FaultBed.newRoot();
            try {
                RecordTree tree = new RecordTree(root.resolve("spool"));
                Set<String> gone = fill(tree);
                KillAt kill = new KillAt(moment, k);
                boolean through = run(tree, kill);
                assertKept(tree, gone, kill.toString());
                if (through) {
                    break;
                }
                // What a watcher adds in between, to whatever file is there then, and puts aside.
                History history = new History(tree.files, new DiskFs(), () -> 150);
                for (int i = 1; i <= 4; i++) {
                    String live = RecordTree.gone("live." + i + ".box", "claimed", "2026-05-01T00:00:00.000Z");
                    assertEquals(0, history.append(List.of(live)).missing());
                    gone.add(live);
                }
                boolean second = run(tree, new KillAt(KillAt.Moment.AFTER, 1 + k % 7));
                assertKept(tree, gone, kill + ", and the next one" + (second ? "" : " killed"));
                assertEquals(6, tree.rebuild().fromTree());
                assertKept(tree, gone, kill + ", and completed");
                List<String> names = tree.names();
                assertEquals(List.of("history.jsonl"), names, kill + ": " + names);
                List<String> lines = tree.lines();
                assertEquals(6 + gone.size(), lines.size(), kill + ": " + lines);
            } finally {
                FaultBed.delete(root);
            }
        }
        System.out.println("record: " + (k - 1) + " kills " + moment);
        assertTrue(k > 2 && k < ENDLESS);
    }

    private static Set<String> fill(RecordTree tree) throws IOException {
        tree.job("done", "a.1.box");
        tree.job("failed", "b.1.box");
        Set<String> gone = new HashSet<>();
        for (int part = 1; part <= 2; part++) {
            String line = RecordTree.gone("old." + part + ".box", "done", "2026-01-02T00:01:0" + part + ".500Z");
            Files.writeString(tree.files.part(part), line);
            gone.add(line);
        }
        String last = RecordTree.gone("old.3.box", "done", "2026-03-01T00:00:00.000Z");
        Files.writeString(tree.files.current(), last);
        gone.add(last);
        return gone;
    }

    private static boolean run(RecordTree tree, Meddler meddler) throws IOException {
        try {
            new HistoryRebuild(tree.places, "box", Seams.fs(new DiskFs(), meddler.over(FaultBed.UNFORCED))).run();
            return true;
        } catch (Killed e) {
            return false;
        }
    }

    private static void assertKept(RecordTree tree, Set<String> gone, String what) throws IOException {
        Set<String> lost = new HashSet<>(gone);
        lost.removeAll(tree.lines());
        assertEquals(Set.of(), lost, what);
    }
}
