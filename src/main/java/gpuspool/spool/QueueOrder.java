package gpuspool.spool;

import gpuspool.posix.FileFacts;
import gpuspool.posix.RawNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * In which order queued files are shown: those that somebody asked to have first, then as a watcher has told why they wait, then by
 * ctime. Only a watcher knows their priorities and whose turn it is: no dropped file is opened here.
 */
final class QueueOrder {
    private final List<HostNote> hosts;
    /** Names of files that come before the others, and since when. */
    private final Map<String, Long> askedFor;

    private List<HostNote.Reasons> reasons;
    private Map<String, Integer> places;

    QueueOrder(List<HostNote> hosts, Map<String, Long> askedFor) {
        this.hosts = hosts;
        this.askedFor = askedFor;
    }

    /** The lower comes first. */
    long key(Path file, FileFacts facts) throws IOException {
        String name = file.getFileName().toString();
        Long asked = askedFor.isEmpty() ? null : askedFor.get(name);
        if (asked != null) {
            return -asked;
        }
        Integer place = places().isEmpty() ? null : places().get(isPlain(name) ? name : escaped(file));
        return place != null ? place : facts.changed().to(TimeUnit.NANOSECONDS);
    }

    private static boolean isPlain(String name) {
        boolean plain = true;
        for (int i = 0; plain && i < name.length(); i++) {
            char c = name.charAt(i);
            plain = c >= ' ' && c < 0x7f && c != '\\';
        }
        return plain;
    }

    private static String escaped(Path file) {
        return Escapes.escape(RawNames.lastName(file));
    }

    /** The first watcher that tells of a file is taken at its word: the own host's. */
    private Map<String, Integer> places() throws IOException {
        if (places == null) {
            places = new HashMap<>();
            for (HostNote.Reasons told : reasons()) {
                for (String name : told.byName().keySet()) {
                    places.putIfAbsent(name, places.size());
                }
            }
        }
        return places;
    }

    private List<HostNote.Reasons> reasons() throws IOException {
        if (reasons == null) {
            reasons = new ArrayList<>();
            for (HostNote host : hosts) {
                reasons.add(host.reasons());
            }
        }
        return reasons;
    }

    /** When a watcher wrote why jobs wait, the longest ago where several did; milliseconds since 1970. */
    OptionalLong asOf() throws IOException {
        OptionalLong oldest = OptionalLong.empty();
        for (HostNote.Reasons told : reasons()) {
            boolean older =
                    told.asOf().isPresent() && (oldest.isEmpty() || told.asOf().getAsLong() < oldest.getAsLong());
            oldest = older ? told.asOf() : oldest;
        }
        return oldest;
    }

    /** Why a job waits, by its dropped file's escaped name or its id; empty where nobody says. */
    String reason(String name) throws IOException {
        String forOthers = "";
        for (HostNote.Reasons told : reasons()) {
            String reason = told.byName().getOrDefault(name, "");
            if (!reason.isEmpty() && !HostNote.isForOthers(reason)) {
                return reason;
            }
            forOthers = forOthers.isEmpty() ? reason : forOthers;
        }
        return forOthers;
    }
}
