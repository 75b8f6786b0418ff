package gpuspool.cli;

import gpuspool.config.Settings;
import gpuspool.job.JobDefaults;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What job files leave open, and the settings and this machine answer. */
final class Defaults {
    private static final List<String> MACHINES_SHELL = shellOfThisMachine();

    private Defaults() {}

    static JobDefaults of(Settings settings) {
        List<String> shell = settings.shell().isEmpty() ? MACHINES_SHELL : settings.shell();
        return new JobDefaults(shell, settings.output(), settings.grace());
    }

    private static List<String> shellOfThisMachine() {
        for (String shell : List.of("/bin/bash", "/usr/bin/bash")) {
            if (Files.isExecutable(Path.of(shell))) {
                return List.of(shell);
            }
        }
        return List.of("/bin/sh");
    }
}
