package gpuspool.gpu.nvml;

import com.sun.jna.Memory;
import java.util.Map;
import java.util.Optional;

/** What the driver says of a card's health while it still answers. Counters of errors are no sign: they may read 0 on broken cards. */
final class Illness {
    private static final int RECOVERY_ACTION = 230;
    private static final Map<Integer, String> ACTIONS = Map.of(
            1, "reset",
            2, "reboot",
            3, "drain peer-to-peer traffic",
            4, "drain and reset",
            5, "recover IMEX",
            6, "reset of the bus",
            7, "reboot of the system");

    private final NvmlLibrary nvml;

    Illness(NvmlLibrary nvml) {
        this.nvml = nvml;
    }

    /** Why it must not be used; empty if nothing is known against it. */
    Optional<String> of(Card card) throws NvmlException {
        Optional<String> action = recovery(card);
        return action.isPresent() ? action : remap(card);
    }

    private Optional<String> recovery(Card card) throws NvmlException {
        Memory field = new Memory(Layouts.FIELD_SIZE);
        field.clear();
        field.setInt(Layouts.FIELD_ID, RECOVERY_ACTION);
        if (!answers(card, "nvmlDeviceGetFieldValues", card.gpu(), 1, field)
                || field.getInt(Layouts.FIELD_RETURN) != Meaning.OK
                || field.getInt(Layouts.FIELD_VALUE) == 0) {
            return Optional.empty();
        }
        int action = field.getInt(Layouts.FIELD_VALUE);
        return Optional.of("the driver asks for recovery: " + ACTIONS.getOrDefault(action, "action") + " (" + action
                + " in field " + RECOVERY_ACTION + ")");
    }

    private Optional<String> remap(Card card) throws NvmlException {
        int[] failed = new int[1];
        if (!answers(card, "nvmlDeviceGetRemappedRows", card.gpu(), new int[1], new int[1], new int[1], failed)
                || failed[0] == 0) {
            return Optional.empty();
        }
        return Optional.of("its memory has failed: a row could not be remapped (nvmlDeviceGetRemappedRows)");
    }

    /** What we may not ask, or what fails for now, tells nothing; what says that the card is lost does. */
    private boolean answers(Card card, String function, Object... arguments) throws NvmlException {
        if (card.lacks(function)) {
            return false;
        }
        int code = nvml.code(function, arguments);
        if (code == Meaning.OK) {
            return true;
        }
        return switch (Meaning.of(code)) {
            case ABSENT -> {
                card.noteAbsent(function);
                yield false;
            }
            case FORBIDDEN, TRANSIENT -> false;
            case SICK, STRANGE, GONE, DOWN -> throw nvml.failure(code, function);
        };
    }
}
