package gpuspool.spool;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Lines of the record for one job directory, from one look at it. */
public final class HistoryLines {
    private HistoryLines() {}

    /** These lines, each with its line feed. */
    public static List<String> read(JobDir dir, List<HistoryState> states, Fs fs) throws IOException {
        HistoryFacts facts = HistoryFacts.read(dir, dir.look(fs), states, fs);
        List<String> lines = new ArrayList<>();
        for (HistoryState state : states) {
            lines.add(HistoryLine.of(facts, state));
        }
        return lines;
    }
}
