package gpuspool.doctor;

import gpuspool.job.JobId;
import gpuspool.posix.FileFacts;
import gpuspool.posix.RawNames;
import gpuspool.spool.DroppedName;
import gpuspool.spool.Escapes;
import gpuspool.spool.Fs;
import gpuspool.spool.HostNote;
import gpuspool.spool.Layout;
import gpuspool.spool.Looker;
import gpuspool.spool.RunLook;
import gpuspool.spool.Where;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What lies in a spool that somebody should look at. Names are escaped.
 *
 * @param noIds names in {@code running/} that are no job's
 * @param unclear jobs that fit no rule, each with why
 * @param odd jobs about which something is worth knowing, each with what
 * @param running how many job directories each host has in {@code running/}
 * @param queued how many files in {@code incoming/} are job files
 * @param empty those of them that are empty
 * @param unfit names of those that are no regular files
 * @param noJobs names in {@code incoming/} that are no job files
 * @param halfMade how many things lie in {@code tmp/}
 * @param saved names in {@code tmp/} of what holds a dropped file
 * @param refused names of requests in {@code control/} that were refused
 */
record Strays(
        List<String> noIds,
        List<String> unclear,
        List<String> odd,
        SortedMap<String, Integer> running,
        int queued,
        int empty,
        List<String> unfit,
        List<String> noJobs,
        int halfMade,
        List<String> saved,
        List<String> refused) {

    /** Directories that are missing hold nothing; they are told of elsewhere. */
    static Strays of(Layout places, Fs fs, Looker looker, List<HostNote> hosts) throws IOException {
        Collector found = new Collector(fs);
        for (Path entry : found.list(places.running())) {
            found.addRunning(entry, looker, hosts);
        }
        for (Path entry : found.list(places.incoming())) {
            found.addIncoming(entry);
        }
        for (Path entry : found.list(places.tmp())) {
            found.addHalfMade(entry);
        }
        for (Path entry : found.list(places.control())) {
            if (entry.toString().endsWith(".refused")) {
                found.refused.add(shown(entry));
            }
        }
        return new Strays(
                found.noIds,
                found.unclear,
                found.odd,
                found.running,
                found.queued,
                found.empty,
                found.unfit,
                found.noJobs,
                found.halfMade,
                found.saved,
                found.refused);
    }

    private static String shown(Path entry) {
        return Escapes.escape(RawNames.lastName(entry));
    }

    private static final class Collector {
        private static final String SET_ASIDE = "needs attention: ";

        private final Fs fs;
        private final List<String> noIds = new ArrayList<>();
        private final List<String> unclear = new ArrayList<>();
        private final List<String> odd = new ArrayList<>();
        private final SortedMap<String, Integer> running = new TreeMap<>();
        private int queued;
        private int empty;
        private final List<String> unfit = new ArrayList<>();
        private final List<String> noJobs = new ArrayList<>();
        private int halfMade;
        private final List<String> saved = new ArrayList<>();
        private final List<String> refused = new ArrayList<>();

        Collector(Fs fs) {
            this.fs = fs;
        }

        List<Path> list(Path directory) throws IOException {
            List<Path> entries = new ArrayList<>();
            if (fs.look(directory).filter(FileFacts::isDirectory).isPresent()) {
                for (String name : fs.list(directory)) {
                    entries.add(RawNames.resolve(directory, name));
                }
            }
            return entries;
        }

        void addRunning(Path entry, Looker looker, List<HostNote> hosts) throws IOException {
            Optional<JobId> id = JobId.parse(entry.getFileName().toString());
            if (id.isEmpty()) {
                noIds.add(shown(entry));
                return;
            }
            running.merge(id.get().host(), 1, Integer::sum);
            for (HostNote host : hosts) {
                String told = host.reasons().byName().getOrDefault(id.get().toString(), "");
                if (told.startsWith(SET_ASIDE)) {
                    unclear.add(id.get().shortName() + ": " + told.substring(SET_ASIDE.length()));
                    return;
                }
            }
            RunLook.at(entry, id.get(), Where.RUNNING, looker, fs)
                    .filter(RunLook::needsAttention)
                    .ifPresent(look -> (look.state().equals("unclear") ? unclear : odd)
                            .add(id.get().shortName() + ": " + look.state() + ", " + look.note()));
        }

        void addIncoming(Path entry) throws IOException {
            String name = entry.getFileName().toString();
            Optional<FileFacts> facts = fs.look(entry);
            if (facts.isEmpty() || isInTheMaking(name)) {
                return;
            }
            if (!DroppedName.isJob(name)) {
                noJobs.add(shown(entry));
            } else if (!facts.get().isRegular()) {
                unfit.add(shown(entry) + ", " + facts.get().kind());
            } else {
                queued++;
                empty += facts.get().size() == 0 ? 1 : 0;
            }
        }

        /** Editors and copying programs make such files, and take them away again. */
        private static boolean isInTheMaking(String name) {
            boolean backup = name.endsWith("~") || name.startsWith("#") && name.endsWith("#");
            return backup
                    || name.startsWith(".")
                    || name.endsWith(".tmp")
                    || name.endsWith(".part")
                    || name.endsWith(".swp");
        }

        void addHalfMade(Path entry) throws IOException {
            halfMade++;
            boolean cleaned = entry.getFileName().toString().startsWith("clean-");
            for (Path inside : cleaned ? List.<Path>of() : list(entry)) {
                if (DroppedName.isJob(inside.getFileName().toString())) {
                    saved.add(shown(entry));
                    return;
                }
            }
        }
    }
}
