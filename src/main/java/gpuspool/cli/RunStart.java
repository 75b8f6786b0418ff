package gpuspool.cli;

import gpuspool.config.HostName;
import gpuspool.config.Settings;
import gpuspool.config.SettingsRead;
import gpuspool.config.SettingsReader;
import gpuspool.config.SpoolPlace;
import gpuspool.foreground.Order;
import gpuspool.foreground.Outcome;
import gpuspool.foreground.QueuedRun;
import gpuspool.job.JobFile;
import gpuspool.posix.ProcFiles;
import gpuspool.spool.DiskFs;
import gpuspool.spool.HostNote;
import gpuspool.spool.Looker;
import gpuspool.spool.Spool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** How {@code run} goes on once its options are understood. Kept as free of what is slow to load as {@link StatusPage}. */
final class RunStart {
    private final Invocation call;
    private final RunLines lines;

    RunStart(Invocation call) {
        this.call = call;
        lines = new RunLines(call);
    }

    /** With plain options: ends the way all verbs do. */
    static int plain(PlainRun run, Invocation call) {
        try {
            return new RunStart(call).run(run.order(), run.spool());
        } catch (IOException e) {
            return Failures.tell("run", e, call.err());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitStatus.FAILED.code;
        } catch (LinkageError e) {
            return Failures.tellNoNativeCode(e, call.err());
        }
    }

    /** Returns only where this process did not become the command. */
    int run(Order order, Optional<Path> flag) throws IOException, InterruptedException {
        Path place = SpoolPlace.find(flag, call.environment());
        boolean named = flag.isPresent()
                || !call.environment().getOrDefault("GPUSPOOL_SPOOL", "").isEmpty();
        Optional<Spool> spool = named || Files.exists(place) ? Optional.of(Spool.open(place)) : Optional.empty();
        if (spool.isPresent()) {
            Looker looker =
                    new Looker(HostName.of(spool.get().places().settings(), call.environment()), ProcFiles.bootId());
            String hosts = order.settings().getOrDefault("hosts", looker.host());
            if (!List.of(hosts.split(",")).contains(looker.host())) {
                lines.note("--hosts " + hosts + ": a command at this prompt runs on this host, " + looker.host()
                        + "; run it there");
                return ExitStatus.NEVER.code;
            }
            if (isWatched(spool.get(), looker)) {
                return status(
                        new QueuedRun(spool.get(), looker.host(), new DiskFs(), lines).run(order, call.environment()));
            }
        }
        return unwatched(order, spool);
    }

    /** Apart, so that nobody else pays for what it needs. */
    private int unwatched(Order order, Optional<Spool> spool) throws IOException, InterruptedException {
        SettingsRead read = spool.isPresent()
                ? SpoolSettings.read(spool.get().places(), call.environment())
                : new SettingsReader(call.environment(), List.of(), HostName.current()).read(new byte[0]);
        return new UnwatchedStart(call, lines, read).run(order, spool);
    }

    /** What its job file would say. */
    static JobFile read(Order order, Settings settings) {
        return Defaults.read(order.name() + ".toml", order.fileWithoutProcess(), settings);
    }

    private static boolean isWatched(Spool spool, Looker looker) throws IOException {
        List<HostNote> hosts = HostNote.readAll(spool.places(), looker);
        return !hosts.isEmpty()
                && hosts.get(0).host().equals(looker.host())
                && hosts.get(0).life() == HostNote.Life.ALIVE;
    }

    static int status(Outcome outcome) {
        return switch (outcome) {
            case NEVER -> ExitStatus.NEVER.code;
            case NOT_NOW -> ExitStatus.TRY_AGAIN.code;
            case CANCELLED -> ExitStatus.FAILED.code;
            case NOT_FOUND -> ExitStatus.NOT_FOUND.code;
            case NOT_EXECUTED -> ExitStatus.NOT_EXECUTED.code;
        };
    }
}
