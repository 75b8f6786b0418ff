package gpuspool.watch;

import gpuspool.job.JobId;
import gpuspool.job.Stem;
import gpuspool.plan.Control;
import gpuspool.posix.FileFacts;
import gpuspool.posix.RawNames;
import gpuspool.spool.Escapes;
import gpuspool.spool.Fs;
import gpuspool.spool.Layout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Carries out what {@link Control} says of the requests in control/. The directory is listed before every round of starts, each
 * request looked at when it is new, when something happened to it, and at every scan.
 */
final class ControlDesk {
    /** Refused requests of one name that are kept apart. */
    private static final int MOST_REFUSED = 9;

    private static final int LONGEST_NAME = 255;

    private final Setup setup;
    private final Layout places;
    private final Fs fs;
    private final Backlog backlog;
    private final CardRequests cards;
    /** What lay there at the last look, as Java shows the names. */
    private Set<String> names = Set.of();
    /** Those of them that need no second look before the next scan. */
    private final Set<String> known = new HashSet<>();
    /** Requests that cannot be marked as refused: said once. */
    private final Set<Path> stuck = new HashSet<>();

    private boolean paused;
    private boolean draining;

    ControlDesk(Setup setup, Fs fs, Backlog backlog, CardRequests cards) {
        this.setup = setup;
        this.places = setup.spool().places();
        this.fs = fs;
        this.backlog = backlog;
        this.cards = cards;
    }

    /**
     * Looks at what lies in control/; called before every round of starts, so that nothing is claimed past a request that was
     * there before.
     *
     * @return whether nothing may start
     */
    boolean halts() throws IOException {
        boolean drained = draining;
        // As long as the tree has not answered, nobody leaves.
        draining = false;
        List<String> listed = list();
        paused = listed.contains(Control.PAUSE);
        draining = listed.contains(Control.DRAIN);
        cards.letGo(listed.contains(Control.LET_GO));
        if (draining && !drained) {
            setup.say("draining: control/drain lies there; nothing starts, and this watcher leaves once no job of its"
                    + " host runs");
        }
        boolean allKnown = names.size() == listed.size() && known.size() == names.size() && names.containsAll(listed);
        if (!allKnown) {
            names = new HashSet<>(listed);
            lookAtNew();
        }
        return paused || draining;
    }

    private List<String> list() throws IOException {
        try {
            return fs.list(places.control());
        } catch (IOException e) {
            if (fs.look(places.control()).isEmpty()) {
                return List.of();
            }
            throw e;
        }
    }

    /** Those not seen before, or not since something happened to them. */
    private void lookAtNew() {
        known.retainAll(names);
        Set<Path> files = new HashSet<>();
        for (String name : names) {
            Path request = RawNames.resolve(places.control(), name);
            if (known.add(name)) {
                try {
                    look(request);
                } catch (IOException e) {
                    // It must not hold up the others.
                    setup.say("attention: cannot look at control/" + shown(request) + ": " + e.getMessage()
                            + ". Looked at again with the next scan");
                }
            }
            fileOf(request).ifPresent(files::add);
        }
        backlog.keepFirst(files);
    }

    /** Whether control/drain lay there at the last look. */
    boolean draining() {
        return draining;
    }

    /** Why nothing starts; empty when nobody asked for that. */
    Optional<String> haltedBecause() {
        if (draining) {
            return Optional.of("draining: control/drain lies there; remove it to go on");
        }
        return paused ? Optional.of("paused: control/pause lies there; remove it to go on") : Optional.empty();
    }

    /** Every request is looked at once more, in the next round. */
    void scan() {
        known.clear();
    }

    /** Something happened to this request: it is looked at once more, in the next round. */
    void hint(Path request) {
        known.remove(request.getFileName().toString());
    }

    private void look(Path request) throws IOException {
        Optional<FileFacts> facts = fs.look(request);
        if (facts.isEmpty()) {
            fileOf(request).ifPresent(backlog::notFirst);
            return;
        }
        Control.Verdict verdict;
        try {
            verdict = Control.judge(text(request), file -> placeOf(bytes(file)), this::knownCards);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        if (verdict instanceof Control.First first) {
            backlog.first(in(places.incoming(), first.file()), facts.get().changed());
            return;
        }
        fileOf(request).ifPresent(backlog::notFirst);
        if (verdict instanceof Control.Remove) {
            remove(request);
        } else if (verdict instanceof Control.Release ok) {
            cards.release(ok.card());
            remove(request);
        } else if (verdict instanceof Control.Refuse no) {
            refuse(request, facts.get(), no.why());
        }
    }

    private Control.Cards knownCards() {
        try {
            return cards.known();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Control.Place placeOf(byte[] file) {
        try {
            // In the order in which a job travels: one that moves on meanwhile is not missed.
            if (fs.look(RawNames.entry(places.incoming(), file)).isPresent()) {
                return Control.Place.INCOMING;
            }
            if (isClaimed(file)) {
                return Control.Place.RUNNING;
            }
            boolean held = fs.look(RawNames.entry(places.held(), file)).isPresent();
            return held ? Control.Place.HELD : Control.Place.NOWHERE;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean isClaimed(byte[] file) throws IOException {
        String stem = Stem.of(file);
        for (String name : fs.list(places.running())) {
            boolean fits = JobId.parse(name).map(JobId::stem).equals(Optional.of(stem));
            if (fits
                    && fs.look(RawNames.entry(places.running().resolve(name), file))
                            .isPresent()) {
                return true;
            }
        }
        return false;
    }

    /** The file was claimed: a request for it has been served. */
    void claimed(Path file) {
        if (!names.contains(file.getFileName() + Control.FIRST)) {
            return;
        }
        backlog.notFirst(file);
        Path request = in(places.control(), text(file) + Control.FIRST);
        try {
            remove(request);
        } catch (IOException e) {
            setup.say("attention: cannot remove control/" + shown(request) + ", which has been served: "
                    + e.getMessage() + ". Tried again with the next scan");
        }
    }

    private void remove(Path request) throws IOException {
        try {
            fs.delete(request);
        } catch (IOException e) {
            if (fs.look(request).isPresent()) {
                throw e;
            }
        }
    }

    private void refuse(Path request, FileFacts facts, String why) throws IOException {
        if (RawNames.lastName(request).length > LONGEST_NAME - (".9" + Control.REFUSED).length()) {
            sayStuck(request, why, "its name is too long for that");
            return;
        }
        for (int k = 1; k <= MOST_REFUSED; k++) {
            Path target = in(places.control(), text(request) + (k == 1 ? "" : "." + k) + Control.REFUSED);
            Optional<IOException> error = Fs.attempt(() -> fs.renameToFree(request, target));
            if (fs.look(request).isEmpty()) {
                // Here for the first time if the rename was ours; nothing to add where the request was taken back.
                if (fs.look(target).map(FileFacts::identity).equals(Optional.of(facts.identity()))) {
                    fs.appendIfRegular(target, reason(why, facts));
                    setup.say("refused control/" + shown(request) + ": " + why);
                }
                return;
            }
            boolean taken = error.isPresent() && fs.look(target).isPresent();
            if (!taken) {
                sayStuck(request, why, error.map(IOException::getMessage).orElse("it is still there"));
                return;
            }
        }
        sayStuck(request, why, "too many have been refused under this name; remove those");
    }

    private static byte[] reason(String why, FileFacts facts) {
        // What somebody wrote into it need not end in a line feed.
        return ((facts.size() > 0 ? "\n" : "") + "refused: " + why + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private void sayStuck(Path request, String why, String trouble) {
        if (stuck.add(request)) {
            setup.say("refused control/" + shown(request) + ": " + why
                    + ". It is left there, for it cannot be renamed: " + Escapes.escape(trouble));
        }
    }

    private Optional<Path> fileOf(Path request) {
        String file = Control.fileOf(text(request));
        return file.isEmpty() ? Optional.empty() : Optional.of(in(places.incoming(), file));
    }

    private static Path in(Path directory, String name) {
        return RawNames.entry(directory, bytes(name));
    }

    /** A name's bytes, each as one character. */
    private static String text(Path path) {
        return new String(RawNames.lastName(path), StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(String name) {
        return name.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String shown(Path request) {
        return Escapes.escape(RawNames.lastName(request));
    }
}
