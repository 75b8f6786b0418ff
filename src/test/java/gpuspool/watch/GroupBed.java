package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import gpuspool.chaos.Ledger;
import gpuspool.chaos.Tree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A sweep in a {@link FaultBed}, and what must come of it whatever happens to its watchers. */
final class GroupBed {
    static final String GROUP = "exp1.1." + FaultBed.HOST;

    private final FaultBed bed;
    private final int members;

    private GroupBed(FaultBed bed, int members) {
        this.bed = bed;
        this.members = members;
    }

    /** Drops a sweep of so many jobs, of which each second one fails; the last of them, too. */
    static GroupBed drop(FaultBed bed, int members) throws IOException {
        String text = text(members);
        Path draft = bed.spool().resolveSibling("exp1.job");
        Files.writeString(draft, text, StandardCharsets.UTF_8);
        Files.move(draft, bed.places().incoming().resolve("exp1.job"), StandardCopyOption.ATOMIC_MOVE);
        return new GroupBed(bed, members);
    }

    /** One that lies there already. */
    static GroupBed of(FaultBed bed, int members) {
        return new GroupBed(bed, members);
    }

    static String text(int members) {
        return "#!/bin/bash\n#GPUSPOOL sweep.n=1.." + members / 2 + " sweep.code=0,3\nt=t-{n}-{code}\nexit {code}\n";
    }

    /** The jobs' own words, as far as they came. */
    Map<String, Integer> starts() throws IOException {
        Map<String, Integer> starts = new TreeMap<>();
        for (Ledger.Event event : bed.ledger().read().events()) {
            if (event.what().equals(Ledger.START)) {
                starts.merge(event.token(), 1, Integer::sum);
            }
        }
        return starts;
    }

    private Map<String, Integer> eachOnce() {
        Map<String, Integer> all = new TreeMap<>();
        for (int n = 1; n <= members / 2; n++) {
            all.put("t-" + n + "-0", 1);
            all.put("t-" + n + "-3", 1);
        }
        return all;
    }

    /** Every member ran once, all is filed where it belongs, and looking again changes nothing. */
    void assertKept(String what) throws IOException {
        try {
            bed.drain();
        } catch (AssertionError e) {
            throw new AssertionError(what + ": " + e.getMessage(), e);
        }
        assertEquals(List.of(), wrong(), () -> what + "; log: " + bed.log());
        assertEquals(eachOnce(), starts(), () -> what + "; log: " + bed.log());
        Path group = filed();
        assertEquals("some failed", Tree.status(group).get("ending"), () -> what + "; log: " + bed.log());
        String half = "done " + members / 2 + ", failed " + members / 2;
        assertEquals("made " + members + ", " + half + " of " + members, progress(group), what);
        assertEquals(members / 2, Tree.list(bed.places().done()).size(), what);
        assertEquals(members / 2 + 1, Tree.list(bed.places().failed()).size(), what);
        String before = Tree.fingerprint(bed.spool());
        bed.drain();
        assertEquals(before, Tree.fingerprint(bed.spool()), what + ": a look at a settled spool changed it");
    }

    /** Its record; a claim that came to nothing may have used up a number. */
    Path filed() throws IOException {
        for (Path directory : Tree.list(bed.places().failed())) {
            if (Files.exists(directory.resolve("exp1.job"))) {
                return directory;
            }
        }
        throw new AssertionError("the sweep is not in failed/; log: " + bed.log());
    }

    static boolean isAt(Path group, String words) throws IOException {
        return Files.exists(group.resolve("progress")) && progress(group).contains(words);
    }

    static String progress(Path group) throws IOException {
        return Files.readString(group.resolve("progress")).strip();
    }

    /** What is not as it should be when all is over, whatever came before. */
    List<String> wrong() throws IOException {
        List<String> wrong = new ArrayList<>(bed.sim().hurt());
        for (Path place : List.of(
                bed.places().incoming(), bed.places().running(), bed.places().tmp())) {
            Tree.list(place)
                    .forEach(left -> wrong.add("left over: " + bed.spool().relativize(left)));
        }
        starts().forEach((token, times) -> {
            if (times > 1) {
                wrong.add(token + " started " + times + " times");
            }
        });
        return wrong;
    }

    /** Values of the members that have a record, by their own files. */
    Set<String> recorded() throws IOException {
        Set<String> names = new TreeSet<>();
        for (Path place : List.of(bed.places().done(), bed.places().failed())) {
            for (Path directory : Tree.list(place)) {
                for (Path file : Tree.list(directory)) {
                    if (file.getFileName().toString().endsWith(".toml")) {
                        names.add(file.getFileName().toString());
                    }
                }
            }
        }
        return names;
    }
}
