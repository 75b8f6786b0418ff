package gpuspool.cli;

import gpuspool.job.JobFlag;
import gpuspool.job.JobKey;
import gpuspool.job.KeyText;
import gpuspool.view.Json;
import gpuspool.view.Table;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/** What {@code gpuspool check --explain} prints: keys of job files, and how each is written. */
final class KeysPage {
    private static final String NO_LINE = "the script is the command";

    private final List<JobKey> keys;

    KeysPage(List<JobKey> keys) {
        this.keys = List.copyOf(keys);
    }

    String text() {
        StringBuilder text = new StringBuilder();
        for (JobKey key : keys) {
            text.append(text.isEmpty() ? "" : "\n").append(key.key()).append('\n');
            text.append("  ").append(key.doc()).append('\n');
            Table rows = new Table()
                    .row("  value", key.allowed())
                    .row("  default", key.byDefault().isEmpty() ? "none" : key.byDefault())
                    .row("  TOML", KeyText.exampleInToml(key))
                    .row("  script", line(key).orElse(NO_LINE))
                    .row("  option", option(key));
            text.append(rows);
        }
        return text.toString();
    }

    private static Optional<String> line(JobKey key) {
        return key.inScript() ? Optional.of(KeyText.exampleInScript(key)) : Optional.empty();
    }

    private static String option(JobKey key) {
        if (key == JobKey.COMMAND) {
            return "gpuspool add -- " + key.example();
        }
        List<String> names = new JobFlag(key).names();
        List<String> others = names.subList(0, names.size() - 1);
        return "gpuspool add " + KeyText.exampleAsFlag(key)
                + (others.isEmpty() ? "" : " (or " + String.join(", ", others) + ")");
    }

    void write(JsonGenerator out) {
        out.writeStartArray();
        for (JobKey key : keys) {
            out.writeStartObject();
            out.writeStringProperty("key", key.key());
            out.writeStringProperty("type", key.type().word());
            out.writeStringProperty("doc", key.doc());
            out.writeStringProperty("allowed", key.allowed());
            out.writeStringProperty("default", key.byDefault());
            out.writeStringProperty("toml", KeyText.exampleInToml(key));
            Json.string(out, "script", line(key));
            out.writeStringProperty("option", option(key));
            out.writeEndObject();
        }
        out.writeEndArray();
    }
}
