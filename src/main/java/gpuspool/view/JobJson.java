package gpuspool.view;

import gpuspool.job.Ending;
import gpuspool.spool.RunLook;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.core.JsonGenerator;

/** All that is known of one job, as JSON. What is not known is {@code null}. */
public final class JobJson {
    private JobJson() {}

    /**
     * @param state for people, such as {@code running}
     * @param path where it lies
     * @param look empty for a job that nobody has claimed
     * @param why why it waits, or what is wrong with it; empty text for nothing
     * @param usage what it used of its cards
     * @param facts of its {@code status}
     */
    public static void write(
            JsonGenerator out,
            String name,
            String state,
            Path path,
            Optional<RunLook> look,
            String why,
            Optional<UsageView> usage,
            Map<String, String> facts) {
        out.writeStartObject();
        out.writeStringProperty("job", name);
        Json.string(out, "id", look.map(at -> at.dir().id().toString()));
        out.writeStringProperty("state", state);
        Json.string(out, "ending", look.flatMap(RunLook::ending).map(Ending::word));
        Json.number(out, "exit", look.map(at -> at.contents().mark().exitCode()).orElse(OptionalInt.empty()));
        Json.string(out, "reason", Optional.of(why.strip()).filter(text -> !text.isEmpty()));
        out.writeStringProperty("path", path.toString());
        usage.ifPresentOrElse(seen -> seen.write(out), () -> out.writeNullProperty("usage"));
        out.writeName("status");
        out.writeStartObject();
        facts.forEach(out::writeStringProperty);
        out.writeEndObject();
        out.writeEndObject();
    }
}
