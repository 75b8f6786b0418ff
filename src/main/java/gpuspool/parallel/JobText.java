package gpuspool.parallel;

import gpuspool.job.BadValueException;
import gpuspool.job.KeyText;
import java.util.LinkedHashMap;
import java.util.Map;

/** A command as a job file: option lines, then the command as it is. */
final class JobText {
    private final Map<String, String> common = new LinkedHashMap<>();
    private final String move;

    /**
     * @param keys of job files, the same for all
     * @param cwd where the commands run
     */
    JobText(Map<String, String> keys, String cwd) {
        common.putAll(keys);
        move = move(common, cwd);
    }

    /** A directory that no option line can name is gone into by the shell. */
    private static String move(Map<String, String> keys, String cwd) {
        try {
            String unused = KeyText.line("cwd", cwd);
            keys.put("cwd", cwd);
            return "";
        } catch (BadValueException e) {
            return "cd -- " + Quoting.quote(Raw.of(cwd)) + " || exit 126\n";
        }
    }

    /**
     * Writes one.
     *
     * @param more keys of this one
     * @param slot a number that no other job has that may run at the same time
     */
    byte[] of(Task task, Map<String, String> more, int slot) {
        Map<String, String> keys = new LinkedHashMap<>(common);
        keys.putAll(more);
        keys.put("env.PARALLEL_SEQ", Long.toString(task.seq()));
        StringBuilder text = new StringBuilder(task.command().length() + 512);
        keys.forEach(
                (key, value) -> text.append(Raw.of(KeyText.line(key, value))).append('\n'));
        text.append(move);
        text.append(task.late() ? LatePlaces.script(task.command(), slot) : task.command());
        return Raw.bytes(text.append('\n').toString());
    }
}
