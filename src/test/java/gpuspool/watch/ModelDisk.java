package gpuspool.watch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/**
 * A disk that keeps only what it was made to keep. It records every change and every fsync, and tells what may be found after the
 * power went at any point of the record.
 *
 * <p>Its rules, no kinder than the kindest of ext4, xfs and btrfs: a write, a name made and a name removed are each kept or lost on
 * their own until an fsync covers them. An fsync of a file covers its bytes, and the name it was last renamed to; of a directory, its
 * names. A rename may show both names but never neither; a directory's rename shows one, and is covered by an fsync of either parent.
 */
final class ModelDisk implements SimWorld.Witness {
    /** Where a lost write lies before one that was kept. */
    private static final char HOLE = '\0';

    private static final int ROOT = 0;
    private static final int NOT_YET = Integer.MAX_VALUE;
    private static final int NONE = -1;

    private sealed interface Event {}

    private record Wrote(int node, long offset, String text) implements Event {}

    private record Cut(int node) implements Event {}

    private record Named(int directory, String name, int node, boolean renamed) implements Event {}

    /** @param partner the event that gave it its new name; NONE where it was deleted */
    private record Unnamed(int directory, String name, int node, int partner) implements Event {}

    private record Moved(int from, String name, int to, String toName, int node) implements Event {}

    private record Synced(int node) implements Event {}

    private record Noted(String what) implements Event {}

    private final Path spool;
    private final List<Event> events = new ArrayList<>();
    private final Map<Integer, Map<String, Integer>> directories = new HashMap<>();
    private final Map<Integer, Long> sizes = new HashMap<>();
    private final Map<Path, Integer> opened = new HashMap<>();
    private final Map<Integer, Map<String, Integer>> firstDirectories = new HashMap<>();
    private final Map<Integer, String> firstFiles = new HashMap<>();
    private int nodes = ROOT + 1;

    /** The spool as it lies there is safe. */
    ModelDisk(Path spool) throws IOException {
        this.spool = spool;
        directories.put(ROOT, new TreeMap<>());
        load(spool, ROOT);
        directories.forEach((node, names) -> firstDirectories.put(node, new TreeMap<>(names)));
    }

    private void load(Path directory, int node) throws IOException {
        try (var entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                int child = nodes++;
                directories.get(node).put(entry.getFileName().toString(), child);
                if (Files.isDirectory(entry)) {
                    directories.put(child, new TreeMap<>());
                    load(entry, child);
                } else {
                    String text = Files.readString(entry, StandardCharsets.ISO_8859_1);
                    firstFiles.put(child, text);
                    sizes.put(child, (long) text.length());
                }
            }
        }
    }

    // --- recording ---

    private int at(Path path) {
        int node = ROOT;
        for (Path name : spool.relativize(path)) {
            Map<String, Integer> names = directories.get(node);
            if (name.toString().isEmpty()) {
                continue;
            }
            if (names == null || !names.containsKey(name.toString())) {
                return NONE;
            }
            node = names.get(name.toString());
        }
        return node;
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }

    private int named(Path path, boolean isDirectory) {
        int node = nodes++;
        if (isDirectory) {
            directories.put(node, new TreeMap<>());
        } else {
            sizes.put(node, 0L);
        }
        int parent = at(path.getParent());
        directories.get(parent).put(name(path), node);
        events.add(new Named(parent, name(path), node, false));
        return node;
    }

    private void write(int node, long offset, String text) {
        sizes.merge(node, offset + text.length(), Math::max);
        events.add(new Wrote(node, offset, text));
    }

    private static String text(Step step) {
        return new String(step.content(), StandardCharsets.ISO_8859_1);
    }

    /** Records what really happens below all that a test does to the calls. */
    Meddler recorder() {
        return (step, call) -> {
            if (step.is(Step.Kind.LAUNCH) || step.is(Step.Kind.RETIRE)) {
                note(step.kind() + " " + step.name());
            }
            Object result = call.run();
            record(step);
            return result;
        };
    }

    private void record(Step step) {
        Path path = step.path();
        switch (step.kind()) {
            case MKDIR -> {
                int unused = named(path, true);
            }
            case CREATE -> write(named(path, false), 0, text(step));
            case APPEND -> write(at(path), sizes.get(at(path)), text(step));
            case ADD_LINES -> {
                int node = at(path) == NONE ? named(path, false) : at(path);
                write(node, sizes.get(node), text(step));
            }
            case OVERWRITE -> {
                if (at(path) == NONE) {
                    write(named(path, false), 0, text(step));
                } else {
                    events.add(new Cut(at(path)));
                    sizes.put(at(path), 0L);
                    write(at(path), 0, text(step));
                }
            }
            case RENAME, RENAME_TO_FREE -> rename(path, step.to());
            case DELETE -> {
                int parent = at(path.getParent());
                int node = directories.get(parent).remove(name(path));
                events.add(new Unnamed(parent, name(path), node, NONE));
            }
            case SYNC -> events.add(new Synced(at(path)));
            default -> {
                // Nothing on the disk.
            }
        }
    }

    private void rename(Path from, Path to) {
        int old = at(from.getParent());
        int now = at(to.getParent());
        int node = directories.get(old).remove(name(from));
        directories.get(now).put(name(to), node);
        if (directories.containsKey(node)) {
            events.add(new Moved(old, name(from), now, name(to), node));
        } else {
            events.add(new Named(now, name(to), node, true));
            events.add(new Unnamed(old, name(from), node, events.size() - 1));
        }
    }

    /** A user's file appears. */
    void dropped(Path file, String text, boolean synced) {
        int node = named(file, false);
        write(node, 0, text);
        if (synced) {
            events.add(new Synced(node));
            events.add(new Synced(at(file.getParent())));
            note("DROPPED " + name(file));
        }
    }

    void note(String what) {
        events.add(new Noted(what));
    }

    @Override
    public void opened(Path file) {
        int node = at(file);
        opened.put(file, node == NONE ? named(file, false) : node);
    }

    @Override
    public void wrote(Path asItWasOpened, long offset, byte[] bytes) {
        write(opened.get(asItWasOpened), offset, new String(bytes, StandardCharsets.ISO_8859_1));
    }

    @Override
    public void began(String token) {
        note("BEGAN " + token);
    }

    // --- after the cut ---

    int length() {
        return events.size();
    }

    /** What had been noted when the power went. */
    Set<String> notesBefore(int cut) {
        Set<String> notes = new HashSet<>();
        for (Event event : events.subList(0, cut)) {
            if (event instanceof Noted noted) {
                notes.add(noted.what());
            }
        }
        return notes;
    }

    private static boolean covers(int synced, Event change) {
        if (change instanceof Wrote wrote) {
            return wrote.node() == synced;
        } else if (change instanceof Cut cut) {
            return cut.node() == synced;
        } else if (change instanceof Named named) {
            return named.directory() == synced || named.renamed() && named.node() == synced;
        } else if (change instanceof Unnamed unnamed) {
            return unnamed.directory() == synced;
        } else if (change instanceof Moved moved) {
            return moved.from() == synced || moved.to() == synced;
        }
        return false;
    }

    /** For each event, from where on it is safe. */
    private int[] safeFrom() {
        int[] safe = new int[events.size()];
        for (int i = 0; i < safe.length; i++) {
            safe[i] = NOT_YET;
            for (int s = i + 1; s < safe.length && safe[i] == NOT_YET; s++) {
                if (events.get(s) instanceof Synced synced && covers(synced.node(), events.get(i))) {
                    safe[i] = s;
                }
            }
        }
        for (int i = 0; i < safe.length; i++) {
            if (events.get(i) instanceof Unnamed unnamed && unnamed.partner() != NONE) {
                safe[unnamed.partner()] = Math.min(safe[unnamed.partner()], safe[i]);
            }
        }
        return safe;
    }

    /** @param files path → content; {@code nodes} tells which of them are one file */
    record State(Set<String> directories, Map<String, String> files, Map<String, Integer> nodes) {
        /** Writes it into an empty directory. */
        void materialize(Path root) throws IOException {
            for (String directory : directories) {
                Files.createDirectories(root.resolve(directory));
            }
            Map<Integer, Path> written = new HashMap<>();
            for (Map.Entry<String, String> file : files.entrySet()) {
                Path path = root.resolve(file.getKey());
                Path first = written.putIfAbsent(nodes.get(file.getKey()), path);
                if (first == null) {
                    Files.writeString(path, file.getValue(), StandardCharsets.ISO_8859_1);
                } else {
                    Files.createLink(path, first);
                }
            }
        }
    }

    /** Everything that may be found after a cut before this event: nothing unsafe kept, all of it, each one alone, all but one. */
    void statesAt(int cut, Consumer<State> take) {
        int[] safe = safeFrom();
        List<Integer> unsafe = new ArrayList<>();
        for (int i = 0; i < cut; i++) {
            boolean change = !(events.get(i) instanceof Synced) && !(events.get(i) instanceof Noted);
            if (change && safe[i] >= cut) {
                unsafe.add(i);
            }
        }
        IntPredicate isSafe = i -> safe[i] < cut;
        take.accept(state(cut, isSafe));
        take.accept(state(cut, i -> true));
        for (int one : unsafe) {
            take.accept(state(cut, isSafe.or(i -> i == one)));
            take.accept(state(cut, i -> i != one));
        }
    }

    private State state(int cut, IntPredicate kept) {
        Map<Integer, Map<String, Integer>> names = new HashMap<>();
        directories.keySet().forEach(node -> names.put(node, new TreeMap<>()));
        firstDirectories.forEach((node, entries) -> names.put(node, new TreeMap<>(entries)));
        Map<Integer, StringBuilder> texts = new HashMap<>();
        sizes.keySet().forEach(node -> texts.put(node, new StringBuilder(firstFiles.getOrDefault(node, ""))));
        for (int i = 0; i < cut; i++) {
            if (kept.test(i)) {
                apply(events.get(i), names, texts);
            }
        }
        removeRenamed(cut, kept, names);
        State state = new State(new java.util.TreeSet<>(), new TreeMap<>(), new TreeMap<>());
        collect(ROOT, "", names, texts, state);
        return state;
    }

    private static void apply(
            Event event, Map<Integer, Map<String, Integer>> names, Map<Integer, StringBuilder> texts) {
        if (event instanceof Wrote wrote) {
            StringBuilder text = texts.get(wrote.node());
            while (text.length() < wrote.offset()) {
                text.append(HOLE);
            }
            int from = (int) wrote.offset();
            text.replace(from, Math.min(text.length(), from + wrote.text().length()), wrote.text());
        } else if (event instanceof Cut cut) {
            texts.get(cut.node()).setLength(0);
        } else if (event instanceof Named named) {
            names.get(named.directory()).put(named.name(), named.node());
        } else if (event instanceof Unnamed unnamed) {
            if (unnamed.partner() == NONE) {
                names.get(unnamed.directory()).remove(unnamed.name(), unnamed.node());
            }
        } else if (event instanceof Moved moved) {
            // Its own making may have been lost: then there is nothing to move.
            if (names.get(moved.from()).remove(moved.name(), moved.node())) {
                names.get(moved.to()).put(moved.toName(), moved.node());
            }
        }
    }

    /** A rename may show both names, never neither: the old one goes only where the new one can be found. */
    private void removeRenamed(int cut, IntPredicate kept, Map<Integer, Map<String, Integer>> names) {
        Set<Integer> reachable = new HashSet<>();
        reach(ROOT, names, reachable);
        for (int i = 0; i < cut; i++) {
            if (kept.test(i)
                    && events.get(i) instanceof Unnamed unnamed
                    && unnamed.partner() != NONE
                    && kept.test(unnamed.partner())
                    && events.get(unnamed.partner()) instanceof Named named
                    && reachable.contains(named.directory())) {
                names.get(unnamed.directory()).remove(unnamed.name(), unnamed.node());
            }
        }
    }

    private static void reach(int directory, Map<Integer, Map<String, Integer>> names, Set<Integer> reachable) {
        reachable.add(directory);
        names.get(directory).values().stream()
                .filter(names::containsKey)
                .forEach(child -> reach(child, names, reachable));
    }

    private static void collect(
            int node,
            String path,
            Map<Integer, Map<String, Integer>> names,
            Map<Integer, StringBuilder> texts,
            State state) {
        names.get(node).forEach((name, child) -> {
            String below = path.isEmpty() ? name : path + "/" + name;
            if (names.containsKey(child)) {
                state.directories().add(below);
                collect(child, below, names, texts, state);
            } else {
                state.files().put(below, texts.get(child).toString());
                state.nodes().put(below, child);
            }
        });
    }
}
