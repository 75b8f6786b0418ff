package gpuspool.spool;

import gpuspool.posix.FileFacts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Of many files the few that come first by some key, equal ones by name, without keeping or sorting the others. */
final class FirstFew {
    record Entry(long key, Path path, FileFacts facts) {
        boolean isBefore(Entry other) {
            return key != other.key ? key < other.key : name().compareTo(other.name()) < 0;
        }

        private String name() {
            return path.getFileName().toString();
        }
    }

    private final int most;
    private final List<Entry> kept = new ArrayList<>();

    FirstFew(int most) {
        this.most = most;
    }

    void offer(Entry entry) {
        int at = kept.size();
        while (at > 0 && entry.isBefore(kept.get(at - 1))) {
            at--;
        }
        if (at < most) {
            kept.add(at, entry);
        }
        if (kept.size() > most) {
            kept.remove(most);
        }
    }

    List<Entry> inOrder() {
        return kept;
    }
}
