package gpuspool.top;

import gpuspool.spool.Overview;
import gpuspool.view.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A line of the list of jobs.
 *
 * @param row index of the job; empty for words, and without those for the title of the section
 * @param isMore whether the words tell of jobs that are not in the list
 */
record Entry(Section section, Optional<Integer> row, String words, boolean isMore) {
    /** Of all that can be scrolled through, in its order; at least one. */
    static List<Entry> all(Screen.Scene scene) {
        List<Row> rows = scene.rows();
        List<Entry> entries = new ArrayList<>();
        for (Section section : Section.values()) {
            int before = entries.size();
            for (int i = 0; i < rows.size(); i++) {
                if (rows.get(i) instanceof Row.OfJob && rows.get(i).section() == section) {
                    if (entries.size() == before) {
                        entries.add(words(section, ""));
                    }
                    entries.add(new Entry(section, Optional.of(i), "", false));
                }
            }
            int more = section == Section.GPUS || entries.size() == before ? 0 : more(scene, section);
            if (more > 0) {
                entries.add(new Entry(section, Optional.empty(), "and " + Words.number(more) + " more", true));
            }
        }
        if (entries.isEmpty()) {
            String none =
                    scene.sight().isEmpty() ? "looking" : scene.ui().filter().isEmpty() ? "no jobs" : "none such";
            entries.add(words(Section.RUNNING, none));
        }
        return entries;
    }

    private static Entry words(Section section, String words) {
        return new Entry(section, Optional.empty(), words, false);
    }

    /** How many of a section were counted but not read. */
    private static int more(Screen.Scene scene, Section section) {
        if (scene.sight().isEmpty()) {
            return 0;
        }
        Overview overview = scene.sight().get().snapshot().overview();
        return switch (section) {
            case QUEUED -> overview.queued() - overview.first().size();
            case HELD -> overview.held() - overview.firstHeld().size();
            case ENDED -> overview.ended() - overview.lastEnded().size();
            default -> 0;
        };
    }
}
