package gpuspool.watch;

import gpuspool.gpu.Inventory;
import gpuspool.posix.LockDirectory;
import gpuspool.posix.ProcFiles;
import gpuspool.spool.DiskFs;
import gpuspool.spool.HostFiles;
import gpuspool.spool.StatusFile;
import gpuspool.spool.Times;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a watcher tells of itself in {@code hosts/<host>/watcher}; {@code spool-layout.md}, section 1.4.
 *
 * @param since when this process began to watch
 * @param machine what this machine is called whatever its name, where it has an id
 */
record Introduction(String version, Instant since, Optional<String> machine) {
    void write(Setup setup, Inventory cards, LockDirectory locks) throws IOException {
        long pid = ProcessHandle.current().pid();
        StatusFile.Lines facts = new StatusFile.Lines().add("pid", pid);
        ProcFiles.startTicks(pid).ifPresent(ticks -> facts.add("pid_start", ticks));
        machine.ifPresent(id -> facts.add("machine", id));
        HostFiles files = new HostFiles(setup.spool().places(), setup.host(), new DiskFs());
        if (machine.isPresent()) {
            files.writeMachine(machine.get());
        }
        if (cards instanceof Inventory.Cards known) {
            List<String> words =
                    known.devices().stream().map(device -> device.id().word()).toList();
            facts.add("devices", String.join(" ", words)).add("indices", CardFacts.indices(known.devices()));
        }
        files.writeWatcher(facts.add("boot", ProcFiles.bootId())
                .add("since", Times.format(since))
                .add("version", version)
                .add("lockdir", locks.path().toString()));
    }
}
