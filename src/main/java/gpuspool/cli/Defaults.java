package gpuspool.cli;

import gpuspool.job.JobDefaults;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What job files leave open and this machine answers. */
final class Defaults {
    private Defaults() {}

    static JobDefaults ofThisMachine() {
        for (String shell : List.of("/bin/bash", "/usr/bin/bash")) {
            if (Files.isExecutable(Path.of(shell))) {
                return new JobDefaults(List.of(shell));
            }
        }
        return new JobDefaults(List.of("/bin/sh"));
    }
}
