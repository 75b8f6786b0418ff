package gpuspool.job;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Joins the parser's tree, which has types but no places, with {@link TomlPlaces}, which have no types.
 *
 * <p>Tables and arrays that lie deeper than any key of ours come out empty: dotted keys can nest without limit, and
 * following them would exhaust the stack.
 */
final class TomlValues {

    /** The kind of a value that is a date, a time or both. */
    static final String DATE = "a date or time";

    private final TomlPlaces places;

    private TomlValues(TomlPlaces places) {
        this.places = places;
    }

    /** The whole file; a file without any key is an empty table. */
    static Value.Table of(JsonNode root, String text) {
        return new TomlValues(TomlPlaces.of(text)).table(root, List.of());
    }

    private Value value(JsonNode node, List<String> path) {
        TomlPlaces.Found found = places.find(path);
        Place at = found.value();
        if (node.isString()) {
            // The parser hands dates out as strings; only a string begins with a quote.
            return found.isQuoted()
                    ? new Value.Text(node.stringValue(), at)
                    : new Value.Other(DATE, written(found, node), at);
        }
        if (node.isIntegralNumber()) {
            return new Value.Whole(node.bigIntegerValue(), written(found, node), at);
        }
        boolean isDeepest = path.size() >= TomlPlaces.DEEPEST;
        if (node.isArray()) {
            return isDeepest ? new Value.Array(List.of(), at) : array(node, path, at);
        }
        if (node.isObject()) {
            return isDeepest ? new Value.Table(List.of(), at) : table(node, path);
        }
        return new Value.Other(node.isBoolean() ? "a boolean" : "a float", written(found, node), at);
    }

    /** As it stands in the file: 0.10 is not 0.1 to who wrote it. Where that place is not known, what it means. */
    private static String written(TomlPlaces.Found found, JsonNode node) {
        return found.bare().isEmpty() ? node.asString() : found.bare();
    }

    private Value.Array array(JsonNode node, List<String> path, Place at) {
        List<Value> elements = new ArrayList<>();
        for (JsonNode element : node) {
            elements.add(value(element, TomlPlaces.child(path, String.valueOf(elements.size()))));
        }
        return new Value.Array(elements, at);
    }

    private Value.Table table(JsonNode node, List<String> path) {
        List<Value.Entry> entries = new ArrayList<>();
        node.properties().forEach(property -> {
            List<String> child = TomlPlaces.child(path, property.getKey());
            entries.add(
                    new Value.Entry(property.getKey(), places.find(child).key(), value(property.getValue(), child)));
        });
        return new Value.Table(entries, places.find(path).value());
    }
}
