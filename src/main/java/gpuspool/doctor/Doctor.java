package gpuspool.doctor;

import gpuspool.config.SettingsRead;
import gpuspool.posix.Mount;
import gpuspool.posix.NativeCode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Makes all checks, the spool's first; each of them may fail or hang without keeping the next from being made. */
public final class Doctor {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private Doctor() {}

    /** @param settings reads the settings; asked like all else, for it touches the spool */
    public static List<Finding> examine(Patient patient, Callable<SettingsRead> settings)
            throws IOException, InterruptedException {
        return examine(patient, settings, PATIENCE);
    }

    /** @param patience how long a question may take */
    static List<Finding> examine(Patient caller, Callable<SettingsRead> settings, Duration patience)
            throws IOException, InterruptedException {
        Questions questions = new Questions(patience);
        Optional<SettingsRead> read = questions.spoolFacts(SettingsCheck.CHECK, settings);
        read.ifPresent(found -> questions.add(SettingsCheck.judge(found)));
        Patient patient = read.map(found -> caller.with(found.settings())).orElse(caller);
        List<Mount> mounts = Mount.all();
        Optional<String> nativeTrouble =
                questions.facts(NativeCheck.CHECK, NativeCode::trouble).orElse(Optional.of("JNA did not load in time"));
        Optional<WatcherCheck.Host> watcher =
                new SpoolExam(patient, questions, mounts, nativeTrouble.isEmpty()).examine();
        new MachineExam(patient, questions, mounts, nativeTrouble, watcher).examine();
        return questions.findings();
    }

    /** What is found where nothing can be asked: there is no {@code /proc}. */
    public static Optional<Finding> blind() {
        return ProcCheck.isMounted() ? Optional.empty() : Optional.of(ProcCheck.notMounted());
    }
}
