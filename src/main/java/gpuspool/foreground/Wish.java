package gpuspool.foreground;

import gpuspool.job.Foreground;
import gpuspool.job.KeyText;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What somebody asks to have for a process that is there already.
 *
 * @param name what to call it in the queue, a valid stem
 * @param command what it is going to run, for the record
 * @param settings other keys of a job file as options have them, all text, such as {@code gpus}
 */
public record Wish(String name, List<String> command, Map<String, String> settings) {
    private static final String GPUS = "gpus";

    public Wish {
        command = List.copyOf(command);
        settings = Map.copyOf(settings);
    }

    /** The whole job file. */
    byte[] toml(Foreground process) {
        // No lambda: the first of a process takes longer to make than all the rest here.
        String asker = process.asker().isEmpty()
                ? ""
                : ", asker = " + process.asker().get().pid() + ", asker_start = "
                        + process.asker().get().start();
        return toml("foreground = { host = \"" + process.host() + "\", pid = " + process.pid() + ", start = "
                + process.start() + asker + " }\n");
    }

    /** @param process a line that says for whom, or empty text */
    byte[] toml(String process) {
        StringBuilder text = new StringBuilder("command = [");
        for (int i = 0; i < command.size(); i++) {
            text.append(i == 0 ? "" : ", ").append(KeyText.tomlString(command.get(i)));
        }
        text.append("]\n").append(process);
        Map<String, String> others = new LinkedHashMap<>(settings);
        String gpus = others.remove(GPUS);
        if (gpus != null) {
            text.append(GPUS).append(" = ").append(gpus).append('\n');
        }
        String cwd = others.remove("cwd");
        if (cwd != null) {
            text.append("cwd = ").append(KeyText.tomlString(cwd)).append('\n');
        }
        if (!others.isEmpty()) {
            text.append(KeyText.toml(others));
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
