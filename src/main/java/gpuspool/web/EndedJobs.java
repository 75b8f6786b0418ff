package gpuspool.web;

import gpuspool.spool.HistoryEnd;
import gpuspool.spool.HistoryFollower;
import gpuspool.spool.HistoryReader;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** How many jobs ended in which way since the record began, whether or not their directories were thrown away. */
final class EndedJobs {
    /** A line that stands twice does so because its writer found the file gone meanwhile: not far from the first. */
    private static final int REMEMBERED = 4096;

    private final HistoryFollower record;
    private final Map<String, Map<Kind, Long>> byHost = new TreeMap<>();

    /** @param record from its beginning */
    EndedJobs(HistoryFollower record) {
        this.record = record;
    }

    /** Where it was filed, and the word for how it ended. */
    record Kind(String filed, String ending) implements Comparable<Kind> {
        @Override
        public int compareTo(Kind other) {
            int first = filed.compareTo(other.filed);
            return first != 0 ? first : ending.compareTo(other.ending);
        }
    }

    private final Map<String, Boolean> last = new LinkedHashMap<>();

    /** As of now. What was counted before is not read again. */
    synchronized Map<Kind, Long> count() throws IOException {
        record.read(new Taker());
        Map<Kind, Long> all = new TreeMap<>();
        byHost.values().forEach(counts -> counts.forEach((kind, count) -> all.merge(kind, count, Long::sum)));
        return all;
    }

    private final class Taker implements HistoryFollower.Taker {
        @Override
        public void begin(String host) {
            byHost.put(host, new TreeMap<>());
            last.clear();
        }

        @Override
        public void take(String host, HistoryReader.Line line) {
            if (HistoryEnd.isEnd(line) && last.put(line.id(), true) == null) {
                HistoryEnd end = HistoryEnd.of(line);
                byHost.computeIfAbsent(host, unseen -> new TreeMap<>())
                        .merge(new Kind(end.state().word(), end.ending()), 1L, Long::sum);
                if (last.size() > REMEMBERED) {
                    last.remove(last.keySet().iterator().next());
                }
            }
        }
    }
}
