package gpuspool.job;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where the keys and values of a TOML text stand, which the parser does not tell. Meant for texts that the parser
 * took; of any other it finds what it can. A key written with escapes is found under its raw spelling only.
 *
 * <p>Paths are tracked four levels deep, enough for our files ({@code env.NAME}, {@code hosts.NAME.shell.0}) and little
 * memory for a hostile one.
 */
final class TomlPlaces {

    /** No path is longer. */
    static final int DEEPEST = 4;

    /**
     * Where something stands.
     *
     * @param isQuoted whether its value begins with a quote
     * @param bare the value itself where it is a number, a boolean or a date; else empty
     */
    record Found(Place key, Place value, boolean isQuoted, String bare) {}

    private final TomlCursor cursor;
    private final Map<List<String>, Found> found = new HashMap<>();
    private final Set<List<String>> assigned = new HashSet<>();
    private Optional<Place> firstRepeated = Optional.empty();

    private TomlPlaces(String text) {
        cursor = new TomlCursor(text);
    }

    static TomlPlaces of(String text) {
        TomlPlaces places = new TomlPlaces(text);
        places.scan();
        return places;
    }

    static List<String> child(List<String> path, String name) {
        if (path.size() >= DEEPEST) {
            return path;
        }
        List<String> child = new ArrayList<>(path);
        child.add(name);
        return List.copyOf(child);
    }

    /**
     * The entry at a path. Of one that is not known, the places of the nearest around it, at last the start of the
     * file, and the assumption that its value is quoted.
     */
    Found find(List<String> path) {
        Found entry = found.get(path);
        if (entry != null) {
            return entry;
        }
        if (path.isEmpty()) {
            return new Found(Place.START, Place.START, true, "");
        }
        Found around = find(path.subList(0, path.size() - 1));
        return new Found(around.key(), around.value(), true, "");
    }

    /** The first key that was given a value a second time. */
    Optional<Place> firstRepeated() {
        return firstRepeated;
    }

    private void scan() {
        List<String> table = List.of();
        cursor.skipToElement();
        while (!cursor.atEnd()) {
            if (cursor.skip('[')) {
                cursor.skip('[');
                table = key(List.of());
            } else {
                keyAndValue(table);
            }
            cursor.skipLine();
            cursor.skipToElement();
        }
    }

    private void keyAndValue(List<String> table) {
        Place at = cursor.place();
        List<String> path = key(table);
        if (!assigned.add(path) && path.size() < DEEPEST && firstRepeated.isEmpty()) {
            firstRepeated = Optional.of(at);
        }
        if (cursor.skip('=')) {
            cursor.skipBlanks();
            value(path);
        }
    }

    /** Reads a dotted key; each part of it has a place of its own. */
    private List<String> key(List<String> base) {
        List<String> path = base;
        do {
            cursor.skipBlanks();
            Place at = cursor.place();
            path = child(path, cursor.keyPart());
            found.putIfAbsent(path, new Found(at, at, false, ""));
            cursor.skipBlanks();
        } while (cursor.skip('.'));
        return path;
    }

    private void value(List<String> path) {
        Place at = cursor.place();
        char first = cursor.peek();
        Found key = found.getOrDefault(path, new Found(at, at, false, ""));
        found.put(path, new Found(key.key(), at, first == '"' || first == '\'', ""));
        if (first == '"' || first == '\'') {
            cursor.skipString();
        } else if (path.size() == DEEPEST && (first == '[' || first == '{')) {
            cursor.skipNested();
        } else if (first == '[') {
            array(path);
        } else if (first == '{') {
            inlineTable(path);
        } else {
            int from = cursor.offset();
            cursor.skipBareValue();
            found.put(path, new Found(key.key(), at, false, cursor.since(from).strip()));
        }
    }

    private void array(List<String> path) {
        cursor.next();
        int index = 0;
        cursor.skipToElement();
        while (!cursor.atEnd() && !cursor.skip(']')) {
            value(child(path, String.valueOf(index++)));
            cursor.skipToElement();
        }
    }

    private void inlineTable(List<String> path) {
        cursor.next();
        cursor.skipToElement();
        while (!cursor.atEnd() && !cursor.skip('}')) {
            keyAndValue(path);
            cursor.skipToElement();
        }
    }
}
