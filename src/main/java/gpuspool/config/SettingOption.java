package gpuspool.config;

/**
 * A setting given on the command line.
 *
 * @param source what messages call it: {@code --set grace=5s}, {@code --devices}
 * @param key the name of a key, as it was written
 */
public record SettingOption(String source, String key, String value) {
    /** Of {@code KEY=VALUE}; without {@code =} the value is empty. */
    public static SettingOption ofSet(String given) {
        int equals = given.indexOf('=');
        return new SettingOption(
                "--set " + given,
                equals < 0 ? given : given.substring(0, equals),
                equals < 0 ? "" : given.substring(equals + 1));
    }
}
