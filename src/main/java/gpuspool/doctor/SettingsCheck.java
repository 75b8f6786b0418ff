package gpuspool.doctor;

import gpuspool.config.SettingsRead;
import java.util.List;

/** Whether the settings are understood. */
final class SettingsCheck {
    static final String CHECK = "settings";

    private SettingsCheck() {}

    static List<Finding> judge(SettingsRead read) {
        return read.mistakes().stream()
                .map(mistake -> Finding.problem(
                        CHECK,
                        mistake.where() + ": " + mistake.problem().what(),
                        mistake.problem().todo()))
                .toList();
    }
}
