package gpuspool.doctor;

import gpuspool.posix.Mount;
import gpuspool.posix.NativeCode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes all checks, the spool's first; each of them may fail or hang without keeping the next from being made. */
public final class Doctor {
    private Doctor() {}

    /**
     * Examines a spool and this machine.
     *
     * @param place the spool, which need not be there
     * @param environment the caller's
     * @param version of this program
     * @param patience how long one question may take
     */
    public static List<Finding> examine(Path place, Map<String, String> environment, String version, Duration patience)
            throws IOException, InterruptedException {
        if (!ProcCheck.isMounted()) {
            return List.of(ProcCheck.notMounted());
        }
        Questions questions = new Questions(patience);
        List<Mount> mounts = Mount.all();
        Optional<String> nativeTrouble =
                questions.facts(NativeCheck.CHECK, NativeCode::trouble).orElse(Optional.of("JNA did not load in time"));
        SpoolExam spool =
                new SpoolExam(Patient.of(place, environment, version), questions, mounts, nativeTrouble.isEmpty());
        Optional<WatcherCheck.Host> watcher = spool.examine();
        new MachineExam(spool.patient(), questions, mounts, nativeTrouble, watcher).examine();
        return questions.findings();
    }
}
