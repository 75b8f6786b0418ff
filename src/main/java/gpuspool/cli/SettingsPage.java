package gpuspool.cli;

import gpuspool.config.SettingKey;
import gpuspool.config.SettingsRead;
import gpuspool.view.Json;
import gpuspool.view.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import tools.jackson.core.JsonGenerator;

/** What {@code gpuspool check --settings} prints: what holds now and why, and what could be written. */
final class SettingsPage {
    private static final String ORDER = """
            [hosts.NAME] in spool.toml holds the same keys for one host. What counts is, in this order: watch --set KEY=VALUE,
            the environment ($GPUSPOOL_GRACE for grace), [hosts.NAME], the top of spool.toml, the default.
            """;

    private final Path file;
    private final SettingsRead read;

    SettingsPage(Path file, SettingsRead read) {
        this.file = file;
        this.read = read;
    }

    /** What is wrong, if anything, then the two tables. */
    String text() {
        StringBuilder page = new StringBuilder();
        page.append(Files.exists(file, LinkOption.NOFOLLOW_LINKS) ? "Settings of " : "There is no ")
                .append(file)
                .append("\n\n");
        read.mistakes().forEach(mistake -> page.append(mistake.text()).append('\n'));
        page.append(read.mistakes().isEmpty() ? "" : "\nThe rest, as far as it is understood:\n\n");
        Table values = new Table().row("KEY", "VALUE", "FROM");
        Table reference = new Table().row("KEY", "WRITE", "DEFAULT", "TAKES EFFECT", "WHAT IT IS");
        for (SettingKey key : SettingKey.values()) {
            values.row(key.key(), read.settings().shown(key), read.origin(key));
            reference.row(key.key(), key.allowed(), key.byDefault(), key.scope().word(), key.doc());
        }
        return page.append(values)
                .append('\n')
                .append(reference)
                .append('\n')
                .append(ORDER)
                .toString();
    }

    void write(JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringProperty("file", file.toString());
        out.writeBooleanProperty("ok", read.mistakes().isEmpty());
        out.writeName("settings");
        out.writeStartArray();
        for (SettingKey key : SettingKey.values()) {
            out.writeStartObject();
            out.writeStringProperty("key", key.key());
            out.writeStringProperty("value", read.settings().shown(key));
            out.writeStringProperty("from", read.origin(key));
            out.writeStringProperty("default", key.byDefault());
            out.writeStringProperty("allowed", key.allowed());
            out.writeStringProperty("takes_effect", key.scope().word());
            out.writeStringProperty("variable", key.variable());
            out.writeStringProperty("doc", key.doc());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeName("problems");
        out.writeStartArray();
        for (SettingsRead.Mistake mistake : read.mistakes()) {
            out.writeStartObject();
            out.writeStringProperty("source", mistake.source());
            Json.number(out, "line", mistake.line());
            Json.number(out, "column", mistake.column());
            out.writeStringProperty("what", mistake.problem().what());
            out.writeStringProperty("todo", mistake.problem().todo());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }
}
