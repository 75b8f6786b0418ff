package gpuspool.job;

import java.util.List;
import java.util.Optional;

/** Looking a key up in its table, with the same help for a wrong one in every kind of file. */
public final class Keys {
    private Keys() {}

    /**
     * The key of that name.
     *
     * @throws BadValueException if there is none, with the name that was probably meant
     */
    public static <K extends Key> K named(String name, List<K> table) {
        return table.stream()
                .filter(known -> known.key().equals(name))
                .findFirst()
                .orElseThrow(() -> unknown(name, table));
    }

    private static BadValueException unknown(String name, List<? extends Key> table) {
        List<String> keys = table.stream().map(Key::key).toList();
        Optional<String> meant = table.stream()
                .filter(known -> known.calledElsewhere().contains(name))
                .map(Key::key)
                .findFirst()
                .or(() -> Suggestion.nearest(name, keys));
        return new BadValueException(
                "unknown key " + Printable.quote(name),
                meant.map(key -> "did you mean \"" + key + "\"?").orElse("the keys are " + String.join(", ", keys)));
    }
}
