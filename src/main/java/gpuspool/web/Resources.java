package gpuspool.web;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;

/** The files of the page, by their names; there are no others. */
final class Resources {
    private static final Map<String, String> TYPES = Map.of(
            "index.html", "text/html; charset=utf-8",
            "app.js", "text/javascript; charset=utf-8",
            "timeline.js", "text/javascript; charset=utf-8",
            "style.css", "text/css; charset=utf-8",
            "icon.svg", "image/svg+xml");

    private Resources() {}

    static Optional<Answer> find(String name) throws IOException {
        String type = TYPES.get(name);
        if (type == null) {
            return Optional.empty();
        }
        try (InputStream in = Resources.class.getResourceAsStream("/web/" + name)) {
            if (in == null) {
                throw new IOException("the program has no /web/" + name + ": it was not built whole");
            }
            return Optional.of(Answer.of(Answer.OK, type, in.readAllBytes()));
        }
    }
}
