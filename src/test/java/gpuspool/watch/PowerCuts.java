package gpuspool.watch;

import gpuspool.chaos.Ledger;
import gpuspool.chaos.TestJob;
import gpuspool.config.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Cuts the power at every point of a recorded run, lets a watcher find each thing the disk may hold, and says what is wrong then. */
final class PowerCuts {
    private static final String NEXT_BOOT = "22222222-boot";
    /** More than any job here needs; what waits for somebody's hand waits for ever. */
    private static final int TURNS = 40;

    private final List<TestJob> jobs;
    private final Set<String> durableDrops;
    private final ModelDisk disk;
    private final int cards;
    /** Jobs that were claimed with {@code durability = "fast"}: they may lose what they left, but never start twice. */
    private final Set<String> fast = new TreeSet<>();

    private Settings next = FaultBed.settings(Settings.Durability.FULL, 0);
    private Meddler nextMeddler = Meddler.none();
    private final Map<ModelDisk.State, After> seen = new HashMap<>();
    private final Set<String> violations = new TreeSet<>();
    private int cuts;
    private final Set<String> handed = new TreeSet<>();
    private int handsOff;
    private int shortOutput;

    /** What a watcher made of one state. */
    private record After(Map<String, String> files, List<Ledger.Event> events, List<String> hurt, List<String> log) {
        long starts(TestJob job) {
            return events.stream()
                    .filter(event ->
                            event.what().equals(Ledger.START) && event.token().equals(job.token()))
                    .count();
        }

        List<String> copies(TestJob job) {
            return files.keySet().stream()
                    .filter(path -> path.endsWith("/" + job.name()))
                    .toList();
        }
    }

    PowerCuts(ModelDisk disk, List<TestJob> jobs, Set<String> durableDrops, int cards) {
        this.disk = disk;
        this.jobs = jobs;
        this.durableDrops = durableDrops;
        this.cards = cards;
    }

    /** These jobs were claimed without fsyncs; {@code next}: how the watcher goes on that finds them. */
    PowerCuts fast(Set<String> names, Settings.Durability next, Meddler meddler) {
        fast.addAll(names);
        this.next = FaultBed.settings(next, 0);
        nextMeddler = meddler;
        return this;
    }

    /** Judges every cut of a run that was recorded before. */
    static PowerCuts of(ModelDisk disk, FaultBed bed) {
        PowerCuts cuts = new PowerCuts(disk, bed.jobs(), Set.of("kept.job"), 2);
        cuts.judgeAll(true);
        return cuts;
    }

    /**
     * Records a run of some jobs by a watcher with this meddler, and judges every cut.
     *
     * @param synced whether the first job's user made its file durable
     * @param early the first fault will do
     */
    static PowerCuts of(Meddler mutation, boolean twoJobs, boolean synced, boolean early) throws IOException {
        try (FaultBed bed = FaultBed.simulated(2)) {
            ModelDisk disk = new ModelDisk(bed.spool());
            bed.sim().tell(disk);
            drop(bed, disk, "kept.job", 0, synced);
            if (twoJobs) {
                drop(bed, disk, "loose.job", 3, false);
            }
            try (Life life = bed.life(mutation.over(disk.recorder()))) {
                life.recover();
                boolean unused = life.settle(TURNS);
            }
            PowerCuts cuts = new PowerCuts(disk, bed.jobs(), Set.of("kept.job"), 2);
            cuts.judgeAll(early);
            return cuts;
        }
    }

    static void drop(FaultBed bed, ModelDisk disk, String name, int code, boolean synced) throws IOException {
        TestJob job = bed.drop(name, 1, code);
        disk.dropped(bed.spool().resolve("incoming").resolve(name), job.text(), synced);
    }

    void judgeAll(boolean early) {
        for (int cut = 0; cut <= disk.length(); cut++) {
            int here = cut;
            Set<String> notes = disk.notesBefore(cut);
            disk.statesAt(cut, state -> {
                cuts++;
                After after = seen.computeIfAbsent(state, this::live);
                judge(here, notes, after);
            });
            if (early && !violations.isEmpty()) {
                return;
            }
        }
    }

    List<String> violations() {
        return List.copyOf(violations);
    }

    @Override
    public String toString() {
        return cuts + " cuts, " + seen.size() + " different, " + handsOff + " left to an operator " + handed + ", "
                + shortOutput + " done with output cut short";
    }

    private After live(ModelDisk.State state) {
        try {
            Path root = FaultBed.newRoot();
            state.materialize(Files.createDirectory(root.resolve("spool")));
            try (FaultBed bed = FaultBed.after(root, cards, jobs)) {
                bed.set(next);
                try (Life life = bed.lifeAfterBoot(nextMeddler, NEXT_BOOT)) {
                    life.recover();
                    boolean unused = life.settle(TURNS);
                }
                return new After(
                        files(bed.spool()),
                        bed.ledger().read().events(),
                        bed.sim().hurt(),
                        bed.log());
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Map<String, String> files(Path spool) throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> all = Files.walk(spool)) {
            for (Path path : all.filter(Files::isRegularFile).toList()) {
                found.put(spool.relativize(path).toString(), Files.readString(path, StandardCharsets.ISO_8859_1));
            }
        }
        return found;
    }

    private void judge(int cut, Set<String> notes, After after) {
        after.hurt().forEach(hurt -> report(cut, "a process that is none of ours was hurt: " + hurt, after));
        for (TestJob job : jobs) {
            judge(cut, job, notes, after);
        }
        Set<String> ids = new TreeSet<>();
        after.files().keySet().stream()
                .filter(path -> path.matches("(running|done|failed)/[^/]+/status"))
                .map(path -> path.split("/", -1)[1])
                .filter(id -> !ids.add(id))
                .forEach(id -> report(cut, "one id twice: " + id, after));
    }

    private void judge(int cut, TestJob job, Set<String> notes, After after) {
        String id = job.name().replace(".job", ".1." + FaultBed.HOST);
        boolean begun = notes.contains("BEGAN " + job.token());
        // Before the spawn all of it is on the disk: from here on it never starts again by itself.
        boolean launched = notes.contains("LAUNCH " + id);
        boolean filed = launched
                && notes.stream().anyMatch(note -> note.startsWith("RETIRE ") && note.endsWith("-" + id + ".lock"));
        boolean kept = launched || durableDrops.contains(job.name()) && notes.contains("DROPPED " + job.name());
        long starts = after.starts(job) + (begun ? 1 : 0);
        if (starts > 1) {
            report(cut, job.name() + " was started twice", after);
        } else if (launched && after.starts(job) > 0) {
            report(cut, job.name() + " started again although it may have run", after);
        }
        List<String> copies = after.copies(job);
        if (copies.size() > 1) {
            report(cut, job.name() + " is in several places: " + copies, after);
        }
        if (kept && copies.isEmpty()) {
            report(cut, job.name() + " is lost", after);
        }
        if (!kept || copies.size() != 1) {
            return;
        }
        String copy = copies.get(0);
        String directory = copy.substring(0, copy.lastIndexOf('/') + 1);
        boolean synced = !fast.contains(job.name());
        if (synced && !after.files().get(copy).equals(job.text())) {
            report(cut, job.name() + " has lost bytes", after);
        }
        if (synced && launched && !job.text().equals(after.files().get(directory + "script"))) {
            report(cut, job.name() + "'s script has lost bytes", after);
        }
        String status = after.files().getOrDefault(directory + "status", "");
        if (synced && launched && !(status.contains("name = " + job.name() + "\n") && status.contains("armed = "))) {
            report(cut, job.name() + "'s facts are lost", after);
        }
        judgeEnd(cut, job, directory, launched, filed, starts, after);
    }

    private void judgeEnd(
            int cut, TestJob job, String directory, boolean launched, boolean filed, long starts, After after) {
        String place = directory.substring(0, directory.indexOf('/'));
        if (place.equals("running")
                && after.files().getOrDefault(directory + "reason", "").contains("attention")) {
            handsOff++;
            // What a rename left half done in the eyes of the disk is shown to somebody; nothing of it is lost or run.
            handed.add((launched ? "after" : "before") + " the batch: "
                    + after.files().get(directory + "reason").strip());
            return;
        }
        if (!place.equals("done") && !place.equals("failed")) {
            report(cut, job.name() + " is stuck in " + directory, after);
            return;
        }
        String status = after.files().getOrDefault(directory + "status", "");
        boolean exited = after.files().containsKey(directory + "exit." + job.code());
        boolean otherCode = after.files().keySet().stream()
                .anyMatch(path -> path.startsWith(directory + "exit.") && !path.endsWith("." + job.code()));
        if (otherCode || exited && starts == 0) {
            report(cut, job.name() + " has a code that nobody gave it", after);
        }
        // Filed without a sync it may have lost the record of its end; where it lies still tells.
        boolean placed = fast.contains(job.name()) && place.equals(job.code() == 0 ? "done" : "failed") && launched;
        if (!exited && !placed && !status.contains("ending = interrupted\n")) {
            report(cut, job.name() + " has no ending", after);
        }
        if (place.equals("done") && (job.code() != 0 || !launched && starts == 0)) {
            report(cut, job.name() + " is called done and was not", after);
        }
        boolean whole = job.stdout().equals(after.files().get(directory + "output.log"));
        if (exited && !whole) {
            shortOutput++;
        }
        if (filed && !fast.contains(job.name()) && !(exited && whole && status.contains("ending = exited\n"))) {
            report(cut, job.name() + " was filed, and its ending or output is lost", after);
        }
    }

    private void report(int cut, String words, After after) {
        // One example of each kind is enough.
        if (violations.stream().noneMatch(known -> known.startsWith(words))) {
            violations.add(words + " [cut at " + cut + "; " + after.files().keySet() + "; log " + after.log() + "]");
        }
    }
}
