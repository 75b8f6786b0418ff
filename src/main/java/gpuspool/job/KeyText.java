package gpuspool.job;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How keys and their values are written, as the readers read them. A value is given as an option of a command has it, all text; that of
 * a key whose parts have names goes by {@code env.NAME} or {@code sweep.NAME}.
 */
public final class KeyText {

    /** What is a number in TOML and stays as it is written. */
    private static final Pattern NUMBER =
            Pattern.compile("-?(?:0|[1-9][0-9]{0,17})(?:\\.[0-9]{1,30})?(?:e-?[0-9]{1,3})?");

    private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");

    private KeyText() {}

    /** The name of a part: {@code env.LR}. */
    public static String part(JobKey key, String name) {
        return key.key() + "." + name;
    }

    /** Words that a value may be, where there are such: {@code uuid} and {@code index}. It may be something else, too. */
    public static List<String> choices(Key key) {
        String before = key.allowed().replaceFirst(",? such as .*", "");
        return QUOTED.matcher(before).results().map(word -> word.group(1)).toList();
    }

    /** Lines of a TOML file, tables last; nothing can follow them but tables. */
    public static String toml(Map<String, String> settings) {
        StringBuilder text = new StringBuilder();
        settings.forEach((name, value) -> {
            JobKey key = keyOf(name);
            if (!key.type().hasParts()) {
                text.append(name).append(" = ").append(tomlValue(key, value)).append('\n');
            }
        });
        for (JobKey table : JobKey.values()) {
            String prefix = part(table, "");
            String entries = settings.entrySet().stream()
                    .filter(entry -> table.type().hasParts() && entry.getKey().startsWith(prefix))
                    .map(entry -> part(table, prefix.length(), entry))
                    .collect(Collectors.joining());
            if (!entries.isEmpty()) {
                text.append("\n[").append(table.key()).append("]\n").append(entries);
            }
        }
        return text.toString();
    }

    /**
     * A line of a script, without its end.
     *
     * @throws BadValueException if no such line can hold the value
     */
    public static String line(String name, String value) {
        return OptionLine.write(name, value);
    }

    /** The names that a script's own lines give, each with the number of its line. */
    public static Map<String, Integer> given(byte[] script) {
        ScriptText text = new ScriptText(script);
        Map<String, Integer> given = new LinkedHashMap<>();
        Problems told = new Problems(); // By who reads the script as a job.
        for (int i = 0; i < text.headLength(); i++) {
            if (OptionLine.isOptionLine(text.lines().get(i))) {
                for (OptionLine.Option option :
                        OptionLine.parse(i + 1, text.lines().get(i), told)) {
                    given.putIfAbsent(option.name(), option.at().line());
                }
            }
        }
        return given;
    }

    /** The key with its example, as a line of TOML. */
    public static String exampleInToml(JobKey key) {
        String name = exampleName(key);
        String value = exampleValue(key);
        return name + " = "
                + (key.type().hasParts()
                        ? partValue(key, name.substring(part(key, "").length()), value)
                        : tomlValue(key, value));
    }

    /** The same as a line of a script; only for a key that may stand there. */
    public static String exampleInScript(JobKey key) {
        return line(exampleName(key), exampleValue(key));
    }

    /** The same as an option of {@code add}, to be pasted. */
    public static String exampleAsFlag(JobKey key) {
        return ShellWords.display(List.of(key.flags().get(key.flags().size() - 1), key.example()));
    }

    private static String exampleName(JobKey key) {
        return key.type().hasParts() ? part(key, key.example().split("=", 2)[0]) : key.key();
    }

    private static String exampleValue(JobKey key) {
        return key.type().hasParts() ? key.example().split("=", 2)[1] : key.example();
    }

    private static JobKey keyOf(String name) {
        int dot = name.indexOf('.');
        String key = dot < 0 ? name : name.substring(0, dot);
        return Arrays.stream(JobKey.values())
                .filter(known -> known.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no key: " + name));
    }

    private static String tomlValue(JobKey key, String value) {
        return switch (key.type()) {
            case INTEGER -> value;
            case LIST -> array(value, false);
            case ENDINGS -> array(value, true);
            default -> tomlString(value);
        };
    }

    private static String part(JobKey table, int prefix, Map.Entry<String, String> entry) {
        String name = entry.getKey().substring(prefix);
        return tomlString(name) + " = " + partValue(table, name, entry.getValue()) + "\n";
    }

    private static String partValue(JobKey key, String name, String value) {
        if (key != JobKey.SWEEP || value.contains("..")) {
            return tomlString(value);
        }
        if (value.isEmpty()) {
            // As in a script: no value, not one that is empty.
            return "[]";
        }
        return SweepWords.RESERVED.contains(name) ? numberOrString(value) : array(value, true);
    }

    private static String array(String value, boolean withNumbers) {
        return Arrays.stream(value.split(",", -1))
                .map(String::strip)
                .map(word -> withNumbers ? numberOrString(word) : tomlString(word))
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private static String numberOrString(String word) {
        return NUMBER.matcher(word).matches() ? word : tomlString(word);
    }

    /** A TOML basic string, on one line. */
    public static String tomlString(String text) {
        return TomlText.quoted(text);
    }
}
