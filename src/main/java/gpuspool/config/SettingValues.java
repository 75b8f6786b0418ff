package gpuspool.config;

import gpuspool.gpu.BadDeviceListException;
import gpuspool.gpu.DeviceList;
import gpuspool.gpu.IgnoreRule;
import gpuspool.job.BadValueException;
import gpuspool.job.JobId;
import gpuspool.job.Key;
import gpuspool.job.Printable;
import gpuspool.job.Problems;
import gpuspool.job.Value;
import gpuspool.job.Values;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** From values as written to values that only settings have; {@link Values} has those that jobs have too. */
final class SettingValues {
    private static final Duration LONGEST_SETTLE = Duration.ofHours(1);
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*\\*?|\\*");

    private static final Pattern WEIGHT = Pattern.compile("([^ \t]{1,64})[ \t]+([0-9]{1,4}(?:\\.[0-9]{1,4})?)");
    private static final double LEAST_WEIGHT = 0.01;
    private static final double MOST_WEIGHT = 1000;

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

    /** Of users by name or uid, each with a number; empty after an element was noted as a problem. */
    static Optional<Map<String, Double>> weights(Key key, Value value, Problems problems) {
        Optional<List<String>> texts = value instanceof Value.Array array
                ? Values.words(key, array, problems)
                : Optional.of(List.of(Values.text(key, value).split(",", -1)));
        Map<String, Double> weights = new HashMap<>();
        for (String text : texts.orElse(List.of())) {
            Matcher pair = WEIGHT.matcher(text.strip());
            double weight = pair.matches() ? Double.parseDouble(pair.group(2)) : 0;
            if (weight < LEAST_WEIGHT || weight > MOST_WEIGHT) {
                throw new BadValueException(
                        key.key() + " has " + Printable.quote(text)
                                + ", which is no user and a number from 0.01 to 1000",
                        Values.write(key));
            }
            if (weights.put(pair.group(1), weight) != null) {
                throw new BadValueException(
                        key.key() + " has " + Printable.quote(pair.group(1)) + " twice", "name each once");
            }
        }
        return texts.map(all -> weights);
    }

    static String host(Key key, Value value) {
        String name = Values.text(key, value);
        if (!JobId.isHost(name)) {
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
