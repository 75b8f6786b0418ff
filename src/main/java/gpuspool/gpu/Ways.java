package gpuspool.gpu;

import gpuspool.gpu.amd.AmdBackend;
import gpuspool.gpu.nvml.NoNvmlException;
import gpuspool.gpu.nvml.NvmlBackend;
import gpuspool.gpu.smi.SmiBackend;
import gpuspool.posix.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The ways there are, whether or not this machine has what they go by.
 *
 * @param nvidia in the order in which they are tried
 */
record Ways(List<Way> nvidia, Way amd) {
    private static final String NVML = "libnvidia-ml.so.1";
    private static final String SMI = "nvidia-smi";
    private static final String WSL = "usr/lib/wsl/lib";

    static Ways of(Machine machine) {
        Command command = new Command(SmiBackend.LIMIT);
        return new Ways(List.of(() -> nvml(machine), () -> smi(machine, command)), () -> amd(machine));
    }

    private static Backend nvml(Machine machine) throws Way.AbsentException {
        List<Path> first = new ArrayList<>();
        // One in the system's own directories does not work under WSL.
        if (machine.isWsl()) {
            first.add(machine.root().resolve(WSL));
        }
        if (machine.played()) {
            first.add(machine.root().resolve("usr/lib"));
            if (first.stream().noneMatch(place -> Files.exists(place.resolve(NVML)))) {
                throw new Way.AbsentException("there is no " + NVML);
            }
        }
        try {
            return NvmlBackend.open(first, machine.root());
        } catch (NoNvmlException e) {
            throw new Way.AbsentException(e.getMessage());
        }
    }

    private static Backend smi(Machine machine, Command command) throws Way.AbsentException {
        List<Path> places = new ArrayList<>();
        for (String place : machine.environment().getOrDefault("PATH", "").split(":", -1)) {
            // Others depend on where the watcher happens to be.
            if (place.startsWith("/")) {
                places.add(Path.of(place));
            }
        }
        places.add(machine.root().resolve("usr/bin"));
        places.add(machine.root().resolve(WSL));
        Path program = places.stream()
                .map(place -> place.resolve(SMI))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst()
                .orElseThrow(() -> new Way.AbsentException("there is no " + SMI));
        return new SmiBackend(program, command, machine.environment(), machine.root());
    }

    private static Backend amd(Machine machine) throws Way.AbsentException {
        Path place = AmdBackend.place(machine.root());
        if (!Files.isDirectory(place)) {
            throw new Way.AbsentException("there is no " + place);
        }
        return new AmdBackend(machine.root());
    }
}
