package gpuspool.cli;

import gpuspool.config.Settings;
import gpuspool.job.JobDefaults;
import gpuspool.job.JobFile;
import gpuspool.job.JobReader;
import gpuspool.job.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What job files leave open, and the settings and this machine answer. */
final class Defaults {
    private static final List<String> MACHINES_SHELL = shellOfThisMachine();

    private Defaults() {}

    static JobDefaults of(Settings settings) {
        List<String> shell = settings.shell().isEmpty() ? MACHINES_SHELL : settings.shell();
        return new JobDefaults(
                shell, settings.output(), settings.grace(), settings.queue().maxSweep());
    }

    /** What a watcher with these settings will make of a job file. */
    static JobFile read(String fileName, byte[] bytes, Settings settings) {
        if (bytes.length > settings.maxFileSize()) {
            String what =
                    "the file is " + bytes.length + " bytes long; the limit is " + settings.maxFileSize() + " bytes";
            return new JobFile.Invalid(
                    List.of(new Problem(1, 1, what, "put the data elsewhere and let the job read it")));
        }
        return JobReader.read(fileName, bytes, of(settings));
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
