package gpuspool.cli;

import gpuspool.config.HostName;
import gpuspool.config.SettingKey;
import gpuspool.config.SettingOption;
import gpuspool.gpu.BadDeviceListException;
import gpuspool.gpu.CardSource;
import gpuspool.gpu.Discovery;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.Inventory;
import gpuspool.gpu.Roster;
import gpuspool.parallel.Session;
import gpuspool.posix.LockPlace;
import gpuspool.spool.DiskFs;
import gpuspool.spool.Fs;
import gpuspool.spool.Layout;
import gpuspool.spool.ScratchSpool;
import gpuspool.view.Words;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** {@code parallel} without a spool that is there: which GPUs there are, how many commands that lets run at once, and a queue of its own. */
final class ParallelAlone {
    private static final Duration FIRST_LOOK = Duration.ofSeconds(20);
    /** How many commands run at once where it is not known yet how many cards there are. */
    static final int UNKNOWN = 64;
    /** How many wait in the queue at most, so that a GPU that becomes free has the next at once. */
    static final int MOST_AHEAD = 16;

    private final Invocation call;
    private final Fs fs = new DiskFs();
    private final Consumer<String> say;
    private final int gpus;
    private final Integer jobs;
    private final List<SettingOption> options;

    /**
     * @param gpus for each command
     * @param jobs how many at once at most; null or 0: as many as there is room for
     * @param options settings that the command line names
     */
    ParallelAlone(Invocation call, Consumer<String> say, int gpus, Integer jobs, List<SettingOption> options) {
        this.call = call;
        this.say = say;
        this.gpus = gpus;
        this.jobs = jobs;
        this.options = options;
    }

    int run(Session session) throws IOException, InterruptedException, BadDeviceListException {
        SpoolSettings first = settings(List.of());
        if (!first.read().mistakes().isEmpty()) {
            first.read().mistakes().forEach(mistake -> say.accept(mistake.text()));
            return ExitStatus.USAGE.code;
        }
        CardSource source = gpus == 0
                ? CardSource.onTrust(List.of())
                : Discovery.find(
                        first.read().namedDevices(), first.read().origin(SettingKey.DEVICES), call.environment());
        if (isAssumed(source, first)) {
            say.accept("no GPU is found here, so nothing was run. Without GPUs: -n 0. To try it out: --devices sim:4."
                    + " If there are some that no driver tells of: --devices 0,1");
            return ExitStatus.NEVER.code;
        }
        source.warning().ifPresent(warning -> say.accept("warning: " + warning));
        Roster cards = Roster.of(source, FIRST_LOOK);
        cards.check();
        int most = UNKNOWN * Math.max(1, gpus);
        if (cards.inventory() instanceof Inventory.Cards known) {
            most = known.devices().size();
            if (gpus > most) {
                say.accept("each command needs " + Words.count(gpus, "GPU") + ", and here "
                        + (most == 1 ? "is " : "are ") + Words.number(most)
                        + "; ask for fewer, or for none: -n 0");
                return ExitStatus.NEVER.code;
            }
        } else if (cards.inventory() instanceof Inventory.Unknown unknown) {
            say.accept("warning: GPUs not known: " + unknown.reason() + "; commands wait until they are");
        }
        int room = gpus == 0 ? Runtime.getRuntime().availableProcessors() : most / gpus;
        int atOnce = jobs == null || jobs == 0 ? room : gpus == 0 ? jobs : Math.min(jobs, room);
        SpoolSettings begun = settings(limits(atOnce, atOnce < room));
        LockPlace.Place locks = LockPlace.find(begun.read().settings().lockDir(), call.environment());
        locks.warning().ifPresent(warning -> say.accept("warning: " + warning));
        String host = begun.read().settings().host().orElse(HostName.current());
        ScratchSpool spool = ScratchSpool.make(temporary(), fs);
        return session.run(
                spool,
                host,
                atOnce,
                Math.min(atOnce, MOST_AHEAD),
                locks.directory(),
                news -> Watchers.of(
                        spool.spool().root(),
                        spool.spool(),
                        cards,
                        locks.directory(),
                        begun,
                        call.environment(),
                        line -> {
                            if (line.startsWith("attention") || line.startsWith("warning")) {
                                session.say(line);
                            }
                        },
                        news));
    }

    /** Nobody named a GPU and nothing tells of one. */
    private boolean isAssumed(CardSource source, SpoolSettings read) {
        return gpus > 0
                && source instanceof CardSource.OnTrust trusted
                && read.read().namedDevices().isEmpty()
                && trusted.devices().stream().noneMatch(card -> card.id() instanceof GpuId.Simulated)
                && !call.environment().containsKey("CUDA_VISIBLE_DEVICES");
    }

    private Path temporary() {
        return Path.of(call.environment().getOrDefault("TMPDIR", "/tmp")).toAbsolutePath();
    }

    private List<SettingOption> limits(int atOnce, boolean fewer) {
        List<SettingOption> limits = new ArrayList<>();
        limits.add(of(SettingKey.DURABILITY, "fast"));
        limits.add(of(SettingKey.CPU_SLOTS, Integer.toString(atOnce)));
        limits.add(of(SettingKey.MAX_FILE_SIZE, "64MiB"));
        if (fewer && gpus > 0) {
            limits.add(of(SettingKey.MAX_JOBS_PER_USER, Integer.toString(atOnce)));
        }
        return limits;
    }

    private static SettingOption of(SettingKey key, String value) {
        return new SettingOption("parallel", key.key(), value);
    }

    /** No spool has a say in them: only the command and the environment do. */
    private SpoolSettings settings(List<SettingOption> more) throws IOException {
        List<SettingOption> all = new ArrayList<>(more);
        all.addAll(options);
        return SpoolSettings.of(new Layout(Path.of("/nonexistent")), call.environment(), all);
    }
}
