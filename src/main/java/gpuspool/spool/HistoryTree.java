package gpuspool.spool;

import gpuspool.job.JobId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The lines of a record that one host's job directories can tell. They lie in a file; in memory is only which there are, and
 * where: some hundred bytes for each job.
 */
final class HistoryTree {
    /** A job's mark is renamed twice in its life. */
    private static final int MOST_LOOKS = 3;

    private final Fs fs;
    private final LineWriter spill;
    private final List<Spilled> lines = new ArrayList<>();
    /** Id → the states whose lines are there. */
    private final Map<String, Set<HistoryState>> told = new HashMap<>();

    private long unclear;

    private HistoryTree(Path spill, Fs fs) throws IOException {
        this.fs = fs;
        this.spill = new LineWriter(spill, fs);
    }

    /**
     * Where a line lies in the file.
     *
     * @param time milliseconds since 1970
     */
    record Spilled(long time, long offset, int length) {}

    /** Looks at every job directory of the host and writes its lines into a new file. */
    static HistoryTree collect(Layout places, String host, Path spill, Fs fs, HistoryRebuild.Steps steps)
            throws IOException {
        HistoryTree tree = new HistoryTree(spill, fs);
        List<Where> wheres = List.of(Where.RUNNING, Where.DONE, Where.FAILED);
        long whole = 0;
        for (Where where : wheres) {
            whole += fs.list(where.in(places)).size();
        }
        long done = 0;
        // In the order in which a job travels: one that moves on meanwhile is seen twice rather than not at all.
        for (Where where : wheres) {
            for (String name : fs.list(where.in(places))) {
                Optional<JobId> id =
                        JobId.parse(name).filter(parsed -> parsed.host().equals(host));
                if (id.isPresent()) {
                    tree.add(new JobDir(where.in(places).resolve(name), id.get()), name, where);
                }
                steps.looked(++done, whole);
            }
        }
        tree.spill.flush();
        // Stable: lines of one job and one time keep their order.
        tree.lines.sort(Comparator.comparingLong(Spilled::time));
        return tree;
    }

    private void add(JobDir dir, String name, Where where) throws IOException {
        Set<HistoryState> states = EnumSet.noneOf(HistoryState.class);
        Optional<HistoryFacts> facts = read(dir, where, states);
        states.removeAll(told.getOrDefault(name, Set.of()));
        if (facts.isPresent() && !states.isEmpty()) {
            for (HistoryState state : states) {
                spill(HistoryLine.of(facts.get(), state), HistoryLine.time(facts.get(), state));
            }
            told.merge(name, states, HistoryTree::union);
        }
    }

    /** @param states to be filled with what the directory tells */
    private Optional<HistoryFacts> read(JobDir dir, Where where, Set<HistoryState> states) throws IOException {
        for (int look = 1; look <= MOST_LOOKS; look++) {
            try {
                return readOnce(dir, where, states);
            } catch (IOException e) {
                // Its mark was renamed meanwhile, or it moved on, or it cannot be read: then the old files know more of
                // it.
                if (fs.look(dir.path()).isEmpty()) {
                    return Optional.empty();
                }
            }
        }
        unclear++;
        return Optional.empty();
    }

    private Optional<HistoryFacts> readOnce(JobDir dir, Where where, Set<HistoryState> states) throws IOException {
        JobDir.Contents contents = dir.look(fs);
        if (!where.isEnd() && contents.droppedName().isEmpty()) {
            // A claim on its way, or a lost one.
            return Optional.empty();
        }
        boolean told = contents.status().get("name").isPresent()
                && contents.status().get("queued").isPresent();
        if (!told) {
            unclear++;
            return Optional.empty();
        }
        if (where.isEnd() && !contents.isRecord()) {
            return Optional.empty();
        }
        states.addAll(HistoryFacts.states(contents, where));
        return Optional.of(HistoryFacts.read(dir, contents, states, fs));
    }

    private static Set<HistoryState> union(Set<HistoryState> one, Set<HistoryState> other) {
        one.addAll(other);
        return one;
    }

    private void spill(String line, String time) throws IOException {
        long offset = spill.position();
        lines.add(new Spilled(Times.parse(time).orElse(0), offset, spill.add(line)));
    }

    /** Whether the tree has this job's line of this state. */
    boolean tells(String id, HistoryState state) {
        return told.getOrDefault(id, Set.of()).contains(state);
    }

    /** In the order of their times. */
    List<Spilled> lines() {
        return lines;
    }

    long unclear() {
        return unclear;
    }
}
