package gpuspool.config;

import gpuspool.job.Printable;
import gpuspool.job.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What became of reading the settings from everywhere they may stand.
 *
 * @param settings what holds; where there are mistakes, what could be understood
 * @param origins where each value comes from, such as {@code spool.toml:3}; keys at their default are missing
 * @param mistakes all that is wrong: the file's in its order, then the environment's, then the options'
 */
public record SettingsRead(Settings settings, Map<SettingKey, String> origins, List<Mistake> mistakes) {
    static final String VISIBLE = "$CUDA_VISIBLE_DEVICES";

    public SettingsRead {
        origins = Map.copyOf(origins);
        mistakes = List.copyOf(mistakes);
    }

    /**
     * One thing wrong.
     *
     * @param source {@code spool.toml}, {@code $GPUSPOOL_GRACE}, {@code --set grace=5}
     * @param inFile whether the problem's line and column say where in the source it is
     */
    public record Mistake(String source, boolean inFile, Problem problem) {
        /** {@code spool.toml:3:1}, {@code $GPUSPOOL_GRACE}. */
        public String where() {
            String safe = Printable.escape(source);
            return inFile ? safe + ":" + problem.line() + ":" + problem.column() : safe;
        }

        /** Its line in the file; empty elsewhere. */
        public OptionalInt line() {
            return inFile ? OptionalInt.of(problem.line()) : OptionalInt.empty();
        }

        /** Its column in the file; empty elsewhere. */
        public OptionalInt column() {
            return inFile ? OptionalInt.of(problem.column()) : OptionalInt.empty();
        }

        /** The whole message, on one line. */
        public String text() {
            return where() + ": " + problem.what() + "; " + problem.todo();
        }
    }

    public String origin(SettingKey key) {
        return origins.getOrDefault(key, "default");
    }

    /** The devices that were named for gpuspool; {@code CUDA_VISIBLE_DEVICES} speaks to every program. */
    public Optional<String> namedDevices() {
        return settings.devices().filter(list -> !origin(SettingKey.DEVICES).equals(VISIBLE));
    }
}
