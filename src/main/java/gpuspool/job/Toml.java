package gpuspool.job;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/**
 * Reads TOML as values with places. The parser only makes a tree of it, which its reader walks: unlike binding it to a class, that
 * keeps every value's own type and finds all mistakes at once.
 */
public final class Toml {

    private static final TomlMapper MAPPER = new TomlMapper();

    private Toml() {}

    /** The whole file, whatever the bytes are; empty after noting why it is not TOML. */
    public static Optional<Value.Table> read(byte[] bytes, Problems problems) {
        return decode(bytes, problems).flatMap(text -> parse(text, problems).map(tree -> TomlValues.of(tree, text)));
    }

    private static Optional<String> decode(byte[] bytes, Problems problems) {
        CharBuffer text = CharBuffer.allocate(bytes.length);
        boolean malformed = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes), text, true)
                .isError();
        String decoded = text.flip().toString();
        if (malformed) {
            List<String> lines = List.of(decoded.split("\n", -1));
            String last = lines.get(lines.size() - 1);
            problems.add(Place.inLine(lines.size(), last, last.length()), "is not UTF-8 here", "save it as UTF-8");
            return Optional.empty();
        }
        return Optional.of(decoded.startsWith("\uFEFF") ? decoded.substring(1) : decoded);
    }

    private static Optional<JsonNode> parse(String text, Problems problems) {
        try {
            return Optional.of(MAPPER.readTree(text));
        } catch (JacksonException e) {
            problems.add(TomlSyntax.problem(text, e));
        } catch (RuntimeException | StackOverflowError e) {
            // A parser that gives up on odd input is no reason for a watcher to end.
            problems.add(Place.START, "is not readable as TOML", "write it anew, in a simpler form");
        }
        return Optional.empty();
    }
}
