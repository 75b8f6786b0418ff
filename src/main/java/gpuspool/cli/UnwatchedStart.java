package gpuspool.cli;

import gpuspool.config.HostName;
import gpuspool.config.SettingKey;
import gpuspool.config.SettingsRead;
import gpuspool.foreground.Order;
import gpuspool.foreground.Teller;
import gpuspool.foreground.UnwatchedRun;
import gpuspool.gpu.BadDeviceListException;
import gpuspool.gpu.CardSource;
import gpuspool.gpu.Discovery;
import gpuspool.job.JobFile;
import gpuspool.job.JobSpec;
import gpuspool.posix.LockPlace;
import gpuspool.spool.DiskFs;
import gpuspool.spool.QuarantineFile;
import gpuspool.spool.Spool;
import java.io.IOException;
import java.util.Optional;

/** How {@code run} finds its cards where no watcher runs. */
final class UnwatchedStart {
    /** Simulated cards belong to a spool; those of no spool to everybody who has none. */
    private static final String NO_SPOOL = "none";

    private final Invocation call;
    private final Teller teller;
    private final SettingsRead read;

    UnwatchedStart(Invocation call, Teller teller, SettingsRead read) {
        this.call = call;
        this.teller = teller;
        this.read = read;
    }

    int run(Order order, Optional<Spool> spool) throws IOException, InterruptedException {
        if (!read.mistakes().isEmpty()) {
            read.mistakes().forEach(mistake -> teller.note(mistake.text()));
            return ExitStatus.USAGE.code;
        }
        if (!(RunStart.read(order, read.settings()) instanceof JobFile.Valid valid)) {
            teller.note("its options are not understood; see: gpuspool run --help");
            return ExitStatus.NEVER.code;
        }
        Optional<String> watched = onlyWatched(valid.spec());
        if (watched.isPresent()) {
            teller.note(watched.get() + " needs a watcher, and none runs here"
                    + spool.map(opened -> "; start it: gpuspool watch --spool " + opened.root())
                            .orElse(": there is no spool; make one: gpuspool watch"));
            return ExitStatus.TRY_AGAIN.code;
        }
        teller.note(
                "no watcher runs " + spool.map(opened -> "on " + opened.root()).orElse("here")
                        + ": it looks for free GPUs by itself, and no record is kept"
                        + (valid.spec().time().isPresent() ? "; nobody stops it when its time is over" : ""));
        try {
            CardSource source =
                    Discovery.find(read.namedDevices(), read.origin(SettingKey.DEVICES), call.environment());
            source.warning().ifPresent(warning -> teller.note("warning: " + warning));
            LockPlace.Place locks = LockPlace.find(read.settings().lockDir(), call.environment());
            locks.warning().ifPresent(warning -> teller.note("warning: " + warning));
            String host = read.settings().host().orElse(HostName.current());
            UnwatchedRun.Ground ground = new UnwatchedRun.Ground(
                    source,
                    read.settings().gpus(),
                    locks.directory(),
                    spool.map(Spool::id).orElse(NO_SPOOL),
                    spool.map(opened -> new QuarantineFile(opened.places(), host, new DiskFs())));
            return RunStart.status(new UnwatchedRun(ground, teller).run(order, valid.spec(), call.environment()));
        } catch (BadDeviceListException e) {
            teller.note(e.getMessage());
            return ExitStatus.USAGE.code;
        }
    }

    /** What it asks for that only a queue can give. */
    private static Optional<String> onlyWatched(JobSpec spec) {
        if (!spec.turn().after().isEmpty() || !spec.turn().afterAny().isEmpty()) {
            return Optional.of("--after");
        }
        return spec.turn().begin().isPresent() ? Optional.of("--begin") : Optional.empty();
    }
}
