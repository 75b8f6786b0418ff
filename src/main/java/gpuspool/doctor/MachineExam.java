package gpuspool.doctor;

import gpuspool.posix.LockPlace;
import gpuspool.posix.Mount;
import gpuspool.posix.ProcessFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All that is asked of this machine; most of it of the watcher that lives here, where one does. */
final class MachineExam {
    private final Patient patient;
    private final Questions questions;
    private final List<Mount> mounts;
    private final Optional<String> nativeTrouble;
    private final Optional<WatcherCheck.Host> watcher;

    MachineExam(
            Patient patient,
            Questions questions,
            List<Mount> mounts,
            Optional<String> nativeTrouble,
            Optional<WatcherCheck.Host> watcher) {
        this.patient = patient;
        this.questions = questions;
        this.mounts = mounts;
        this.nativeTrouble = nativeTrouble;
        this.watcher = watcher;
    }

    void examine() throws InterruptedException {
        long process = watcher.isPresent()
                ? watcher.get().pid()
                : ProcessHandle.current().pid();
        long user = ProcessFacts.user(process).orElse(patient.user());
        String who = watcher.isPresent() ? "the watcher" : "a watcher started from here";
        Map<String, String> environment = patient.environment();
        questions.ask(LockCheck.CHECK, this::lockFindings);
        questions.ask(
                NativeCheck.CHECK, () -> NativeCheck.judge(NativeCheck.Facts.of(nativeTrouble, environment, mounts)));
        questions.ask(ProcCheck.CHECK, () -> List.of(ProcCheck.judge(mounts)));
        questions.ask(ProgramCheck.CHECK, () -> ProgramCheck.judge(ProgramCheck.Facts.ofThisMachine()));
        questions.ask(LimitCheck.CHECK, () -> LimitCheck.judge(LimitCheck.Facts.of(who, process, user)));
        questions.ask(
                LocaleCheck.CHECK,
                () -> List.of(LocaleCheck.judge(System.getProperty("sun.jnu.encoding", "US-ASCII"), environment)));
        if (watcher.isPresent()) {
            questions.ask(ServiceCheck.CHECK, () -> serviceFindings(process));
        }
    }

    private List<Finding> lockFindings() throws IOException {
        Optional<Path> used = watcher.flatMap(WatcherCheck.Host::lockDirectory);
        LockPlace.Seen chosen = LockPlace.foresee(patient.settings().lockDir(), patient.environment());
        Path path = used.orElse(chosen.directory());
        boolean tryLocks = nativeTrouble.isEmpty() && Files.isWritable(path);
        Optional<LockPlace.Why> why = used.isPresent() ? Optional.empty() : Optional.of(chosen.why());
        return LockCheck.judge(LockCheck.Facts.of(path, why, mounts, tryLocks));
    }

    private List<Finding> serviceFindings(long process) throws IOException {
        Optional<String> unit = ServiceCheck.unit(ProcessFacts.groups(process));
        return unit.isEmpty()
                ? List.of()
                : List.of(ServiceCheck.judge(
                        unit.get(), ServiceCheck.killMode(unit.get(), ServiceCheck.places(patient.environment()))));
    }
}
