package gpuspool.doctor;

import gpuspool.posix.DiskSpace;
import gpuspool.posix.FailureText;
import gpuspool.posix.FileFacts;
import gpuspool.posix.Mount;
import gpuspool.posix.ProcessFacts;
import gpuspool.spool.DiskFs;
import gpuspool.spool.FileSystemKind;
import gpuspool.spool.Fs;
import gpuspool.spool.Layout;
import gpuspool.spool.Spool;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All that is asked of the spool. */
final class SpoolExam {
    private Patient patient;
    private final Questions questions;
    private final List<Mount> mounts;
    private final boolean nativeCode;
    private final Fs fs = new DiskFs();

    SpoolExam(Patient patient, Questions questions, List<Mount> mounts, boolean nativeCode) {
        this.patient = patient;
        this.questions = questions;
        this.mounts = mounts;
        this.nativeCode = nativeCode;
    }

    /** The patient, with its settings known. */
    Patient patient() {
        return patient;
    }

    /** @return the watcher of this machine, where one lives */
    Optional<WatcherCheck.Host> examine() throws InterruptedException {
        Optional<SpoolFormat.Seen> seen = questions.spoolFacts(SpoolFormat.CHECK, () -> SpoolFormat.look(patient));
        seen.ifPresent(found -> questions.add(List.of(found.finding())));
        Optional<Spool> spool = seen.flatMap(SpoolFormat.Seen::spool);
        readSettings(spool.map(Spool::places));
        if (spool.isEmpty()) {
            return Optional.empty();
        }
        Layout places = spool.get().places();
        questions.askSpool(
                SpoolDirectories.CHECK,
                () -> SpoolDirectories.judge(SpoolDirectories.Facts.of(places, mounts), patient.user()));
        questions.askSpool(FileSystemCheck.CHECK, () -> mountFindings(places));
        questions.askSpool(FileSystemCheck.CHECK, () -> probe(places));
        questions.askSpool(
                DiskCheck.CHECK,
                () -> DiskCheck.judge(
                        DiskSpace.of(places.root(), nativeCode),
                        patient.settings().minFreeDisk(),
                        places));
        return examineContents(places);
    }

    private void readSettings(Optional<Layout> places) throws InterruptedException {
        Patient asked = patient;
        questions
                .spoolFacts(SettingsCheck.CHECK, () -> SettingsCheck.read(asked.settingsReader(), places, fs))
                .ifPresent(read -> {
                    questions.add(SettingsCheck.judge(read, asked));
                    patient = asked.with(read.settings());
                });
    }

    private List<Finding> mountFindings(Layout places) {
        return Mount.under(mounts, places.root()).map(FileSystemCheck::judge).orElse(List.of());
    }

    private List<Finding> probe(Layout places) throws IOException {
        if (!Files.isWritable(places.tmp())) {
            return List.of(Finding.note(
                    FileSystemCheck.CHECK, "not tried out: that takes a directory tmp/ in which you may write"));
        }
        FileProbe.Result result;
        try {
            result = FileProbe.tryOut(places, fs, nativeCode);
        } catch (IOException e) {
            return List.of(FileSystemCheck.broken(FailureText.of(e)));
        }
        boolean leases = FileSystemKind.of(places.root()).hasLeases();
        List<Finding> findings = new ArrayList<>(FileSystemCheck.judge(result, leases));
        findings.add(ClockCheck.judge(result.aheadMillis()));
        return findings;
    }

    private Optional<WatcherCheck.Host> examineContents(Layout places) throws InterruptedException {
        Optional<List<WatcherCheck.Host>> hosts =
                questions.spoolFacts(WatcherCheck.CHECK, () -> WatcherCheck.Host.readAll(places, patient.looker()));
        if (hosts.isEmpty()) {
            return Optional.empty();
        }
        Optional<Strays> strays = questions.spoolFacts(
                StrayCheck.CHECK,
                () -> Strays.of(
                        places,
                        fs,
                        patient.looker(),
                        hosts.get().stream().map(WatcherCheck.Host::note).toList()));
        if (strays.isPresent()) {
            questions.add(StrayCheck.judge(strays.get(), places));
            questions.ask(
                    WatcherCheck.CHECK,
                    () -> WatcherCheck.judge(hosts.get(), strays.get(), WatcherCheck.Here.of(patient)));
        }
        questions.askSpool(
                QuarantineCheck.CHECK,
                () -> QuarantineCheck.judge(
                        QuarantineCheck.of(places, hosts.get(), WatcherCheck.Here.of(patient), fs), places.root()));
        Optional<WatcherCheck.Host> watcher =
                hosts.get().stream().filter(WatcherCheck.Host::livesHere).findFirst();
        if (watcher.isPresent()) {
            questions.askSpool(SpoolDirectories.CHECK, () -> ownerFindings(watcher.get(), places));
        }
        return watcher;
    }

    private static List<Finding> ownerFindings(WatcherCheck.Host watcher, Layout places) throws IOException {
        Optional<FileFacts> incoming = FileFacts.of(places.incoming());
        var user = ProcessFacts.user(watcher.pid());
        return incoming.isPresent() && user.isPresent()
                ? Owners.judge(user.getAsLong(), incoming.get().owner()).stream()
                        .toList()
                : List.of();
    }
}
