package gpuspool.view;

import java.io.PrintStream;
import java.io.StringWriter;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** One JSON document on one line. What is not known is {@code null}, so every key is always there. */
public final class Json {
    private Json() {}

    public interface Body {
        void write(JsonGenerator json) throws java.io.IOException;
    }

    public static void print(PrintStream out, Body body) throws java.io.IOException {
        out.print(text(body));
    }

    /** The document and a line feed. */
    public static String text(Body body) throws java.io.IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
            body.write(json);
        }
        return safe(text.toString()) + "\n";
    }

    /** The same document with the characters that JSON allows and a terminal obeys as JSON's own escapes. */
    private static String safe(String document) {
        StringBuilder safe = new StringBuilder(document.length());
        document.chars().forEach(c -> {
            if (Words.isRisky((char) c)) {
                safe.append(String.format("\\u%04x", c));
            } else {
                safe.append((char) c);
            }
        });
        return safe.toString();
    }

    public static void string(JsonGenerator json, String key, Optional<String> value) {
        if (value.isPresent()) {
            json.writeStringProperty(key, value.get());
        } else {
            json.writeNullProperty(key);
        }
    }

    public static void number(JsonGenerator json, String key, OptionalLong value) {
        if (value.isPresent()) {
            json.writeNumberProperty(key, value.getAsLong());
        } else {
            json.writeNullProperty(key);
        }
    }

    public static void number(JsonGenerator json, String key, OptionalInt value) {
        number(json, key, value.isPresent() ? OptionalLong.of(value.getAsInt()) : OptionalLong.empty());
    }

    public static void strings(JsonGenerator json, String key, Iterable<String> values) {
        json.writeName(key);
        json.writeStartArray();
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
    }
}
