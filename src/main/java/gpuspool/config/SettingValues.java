package gpuspool.config;

import gpuspool.gpu.BadDeviceListException;
import gpuspool.gpu.DeviceList;
import gpuspool.gpu.IgnoreRule;
import gpuspool.job.BadValueException;
import gpuspool.job.Key;
import gpuspool.job.Printable;
import gpuspool.job.Problems;
import gpuspool.job.Value;
import gpuspool.job.Values;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** From values as written to values that only settings have; {@link Values} has those that jobs have too. */
final class SettingValues {
    private static final Duration LONGEST_SETTLE = Duration.ofHours(1);
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9-]{1,63}");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*\\*?|\\*");

    private SettingValues() {}

    static String devices(Key key, Value value) {
        String list = Values.text(key, value).strip();
        try {
            if (DeviceList.parse(list, key.key()).isEmpty()) {
                throw new BadValueException(key.key() + " is empty", Values.write(key));
            }
            return list;
        } catch (BadDeviceListException e) {
            throw new BadValueException(e.what(), e.todo());
        }
    }

    static Duration settle(Key key, Value value) {
        Duration settle = Values.duration(key, value);
        if (settle.compareTo(LONGEST_SETTLE) > 0) {
            throw new BadValueException(key.key() + " is too long", Values.write(key));
        }
        return settle;
    }

    /** Bytes, least to most. */
    static long size(Key key, Value value, long least, long most) {
        long size = Values.size(key, value);
        if (size < least || size > most) {
            throw new BadValueException(
                    key.key() + (size < least ? " is too small" : " is too large"), Values.write(key));
        }
        return size;
    }

    /** The rules of an array, or those between commas; empty after an element was noted as a problem. */
    static Optional<List<IgnoreRule>> ignoreRules(Key key, Value value, Problems problems) {
        Optional<List<String>> texts = value instanceof Value.Array array
                ? Values.words(key, array, problems)
                : Optional.of(List.of(Values.text(key, value).split(",", -1)));
        List<IgnoreRule> rules = new ArrayList<>();
        for (String text : texts.orElse(List.of())) {
            rules.add(IgnoreRule.parse(text)
                    .orElseThrow(() -> new BadValueException(
                            key.key() + " has " + Printable.quote(text) + ", which is no rule", Values.write(key))));
        }
        return texts.map(all -> rules);
    }

    static String host(Key key, Value value) {
        String name = Values.text(key, value);
        if (!HOST.matcher(name).matches()) {
            throw new BadValueException(key.key() + " is " + Printable.quote(name), Values.write(key));
        }
        return name;
    }

    /** The names of an array, or those that stand between blanks or commas; empty after an element was noted as a problem. */
    static Optional<List<String>> variables(Key key, Value value, Problems problems) {
        Optional<List<String>> names = value instanceof Value.Array array
                ? Values.words(key, array, problems)
                : Optional.of(List.of(Values.text(key, value).strip().split("[ \t,]+", -1)));
        for (String name : names.orElse(List.of())) {
            if (!VARIABLE.matcher(name).matches()) {
                throw new BadValueException(
                        key.key() + " has " + Printable.quote(name) + ", which is no name of a variable",
                        Values.write(key));
            }
        }
        return names;
    }
}
