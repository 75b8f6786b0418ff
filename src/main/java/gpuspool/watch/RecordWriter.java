package gpuspool.watch;

import gpuspool.spool.Fs;
import gpuspool.spool.History;
import gpuspool.spool.HistoryFiles;
import java.util.ArrayList;
import java.util.List;

/** Adds lines to the record, several at a time, and says so when it cannot: once, and once more when it can again. */
final class RecordWriter {
    private static final String TOPIC = "record";

    /** Characters written at once: scripts are long, and memory is small. */
    private static final int LARGEST_BATCH = 1 << 18;

    private final Setup setup;
    private final HistoryFiles files;
    private final History history;
    private final List<String> lines = new ArrayList<>();
    private int length;
    /** Lines lost since it last could be written. */
    private long missing;

    private boolean failing;
    private volatile long largest;

    RecordWriter(Setup setup, Fs fs) {
        this.setup = setup;
        files = HistoryFiles.of(setup.spool().places(), setup.host());
        largest = setup.settings().historySize();
        history = new History(files, fs, () -> largest);
    }

    /** From any thread; all else is for one alone. */
    void largest(long bytes) {
        largest = bytes;
    }

    /** Keeps them for {@link #write}, or writes at once what has become much. */
    void add(List<String> more) {
        for (String line : more) {
            lines.add(line);
            length += line.length();
        }
        if (length >= LARGEST_BATCH) {
            write();
        }
    }

    void write() {
        if (!lines.isEmpty()) {
            note(history.append(lines));
        }
        lines.clear();
        length = 0;
    }

    private void note(History.Outcome outcome) {
        missing += outcome.missing();
        if (outcome.why().isPresent()) {
            if (!failing) {
                setup.attention()
                        .set(
                                TOPIC,
                                "cannot add to " + files.current() + ": "
                                        + outcome.why().get().getMessage() + "; jobs are not affected");
            }
            failing = true;
        } else if (failing) {
            setup.attention().clear(TOPIC);
            if (missing > 0) {
                setup.say("the record can be written again; " + missing + (missing == 1 ? " line is" : " lines are")
                        + " missing in " + files.current() + ": gpuspool doctor --rebuild-history");
            }
            failing = false;
            missing = 0;
        }
    }
}
