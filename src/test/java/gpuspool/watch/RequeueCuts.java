package gpuspool.watch;

import gpuspool.chaos.Ledger;
import gpuspool.chaos.TestJob;
import gpuspool.chaos.Tree;
import gpuspool.config.Settings.Durability;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Cuts the power at every point of a run in which a job is stopped and queued again, or fails and is retried, and says what is wrong afterwards. */
final class RequeueCuts {
    private static final String NEXT_BOOT = "22222222-boot";
    private static final String FIRST = "x.1." + FaultBed.HOST;
    private static final String SECOND = "x.2." + FaultBed.HOST;
    private static final String DECIDED = "DECIDED";
    /** More than the job here needs; what waits for somebody's hand waits for ever. */
    private static final int TURNS = 60;

    private final ModelDisk disk;
    private final TestJob job;
    private final Durability durability;
    private final Meddler next;
    private final boolean fails;
    private final Map<String, After> seen = new HashMap<>();
    private final Set<String> violations = new TreeSet<>();
    private int cuts;
    private int carriedOn;

    /**
     * What a watcher made of one state.
     *
     * @param started the ids it started
     * @param living where the job file lies that counts now
     * @param handed where the one lies that was queued again
     * @param shown directories that are left to an operator
     */
    private record After(
            List<String> started,
            List<String> living,
            List<String> handed,
            List<String> shown,
            List<String> wrong,
            String log) {}

    private RequeueCuts(ModelDisk disk, TestJob job, Durability durability, Meddler next, boolean fails) {
        this.disk = disk;
        this.job = job;
        this.durability = durability;
        this.next = next;
        this.fails = fails;
    }

    /**
     * Records a run by a watcher with this meddler, and judges every cut.
     *
     * @param another whether a second watcher takes what was queued again the moment it is there
     * @param next stands between the watcher that comes after the cut and everything
     */
    static RequeueCuts of(Meddler mutation, boolean another, Durability durability, Meddler next) throws IOException {
        return of(mutation, another, durability, next, false);
    }

    /** @param fails whether it fails and is retried; else it is stopped */
    static RequeueCuts of(Meddler mutation, boolean another, Durability durability, Meddler next, boolean fails)
            throws IOException {
        try (FaultBed bed = FaultBed.simulated(2)) {
            bed.set(FaultBed.settings(durability, 0));
            ModelDisk disk = new ModelDisk(bed.spool());
            bed.sim().tell(disk);
            Comeback comeback = Comeback.of(bed, fails);
            disk.dropped(
                    bed.places().incoming().resolve("x.job"), comeback.job().text(), true);
            Meddler recorder = noteDecision(disk).over(disk.recorder());
            try (Life second = bed.life(recorder)) {
                Meddler first = another ? takenAtOnceBy(second).over(mutation) : mutation;
                if (!comeback.run(bed.life(first.over(recorder)))) {
                    throw new AssertionError("not drained: " + bed.log());
                }
            }
            RequeueCuts cuts = new RequeueCuts(disk, comeback.job(), durability, next, fails);
            cuts.judgeAll();
            return cuts;
        }
    }

    private static Meddler noteDecision(ModelDisk disk) {
        return (step, call) -> {
            Object result = call.run();
            boolean status = step.is(Step.Kind.SYNC) && step.name().equals("status");
            if (status
                    && step.parent().equals(FIRST)
                    && Tree.status(step.path().getParent()).containsKey("again")) {
                disk.note(DECIDED);
            }
            return result;
        };
    }

    private static Meddler takenAtOnceBy(Life second) {
        return (step, call) -> {
            Object result = call.run();
            if (step.is(Step.Kind.RENAME_TO_FREE) && step.name().equals("again")) {
                second.recover();
                for (int i = 0; i < 3; i++) {
                    long unused = second.engine().turn();
                }
            }
            return result;
        };
    }

    private void judgeAll() {
        for (int cut = 0; cut <= disk.length(); cut++) {
            int here = cut;
            Set<String> notes = disk.notesBefore(cut);
            boolean begun = notes.contains("BEGAN " + job.token());
            disk.statesAt(cut, state -> {
                cuts++;
                judge(here, notes, seen.computeIfAbsent(state + " " + begun, key -> live(state, begun)));
            });
        }
    }

    List<String> violations() {
        return List.copyOf(violations);
    }

    /** After how many cuts the next watcher queued the job again. */
    int carriedOn() {
        return carriedOn;
    }

    @Override
    public String toString() {
        return cuts + " cuts, " + seen.size() + " different, " + carriedOn + " gone on with";
    }

    private After live(ModelDisk.State state, boolean begun) {
        try {
            Path root = FaultBed.newRoot();
            state.materialize(Files.createDirectory(root.resolve("spool")));
            if (begun) {
                Files.writeString(root.resolve("ledger"), "start " + FIRST + " 0 0 " + job.token() + "\n");
            }
            try (FaultBed bed = FaultBed.after(root, 2, List.of(job))) {
                bed.set(FaultBed.settings(durability, 0));
                boolean through;
                try (Life life = bed.lifeAfterBoot(next, NEXT_BOOT)) {
                    life.recover();
                    through = settle(bed, life);
                }
                return after(bed, through);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean settle(FaultBed bed, Life life) throws IOException {
        for (int i = 0; i < TURNS; i++) {
            boolean lives = life.turn();
            // The first run never ends by itself: where it begins only now, that is all there is to see.
            boolean waits = !lives && bed.ledger().read().events().size() > 0;
            if (life.engine().isDrained() || waits && life.engine().jobs().running() > 0) {
                return true;
            }
        }
        return false;
    }

    private After after(FaultBed bed, boolean through) throws IOException {
        List<String> living = new ArrayList<>();
        List<String> handed = new ArrayList<>();
        List<String> wrong = new ArrayList<>(bed.sim().hurt());
        for (Path place : List.of(bed.places().incoming(), bed.places().tmp())) {
            Tree.list(place).stream()
                    .filter(file -> file.endsWith("x.job"))
                    .forEach(file -> living.add(bed.spool().relativize(file).toString()));
        }
        List<String> handsOff = new ArrayList<>();
        for (String place : List.of("running", "done", "failed")) {
            for (Path directory : Tree.list(bed.spool().resolve(place))) {
                Path file = directory.resolve("x.job");
                Map<String, String> status = Tree.status(directory);
                boolean shown = Files.exists(directory.resolve("reason")) && place.equals("running");
                if (shown) {
                    handsOff.add(place + "/" + directory.getFileName());
                }
                if (!Files.exists(file)) {
                    continue;
                }
                String again = status.getOrDefault("again", "");
                String where = place + "/" + directory.getFileName();
                boolean over =
                        again.equals("handed") || again.equals("made") && Files.notExists(directory.resolve("again"));
                (over ? handed : living).add(where);
                String ending = status.get("ending");
                boolean filed = place.equals("failed")
                        && (fails ? "3" : "interrupted").equals(fails ? status.get("exit") : ending);
                if (over && !filed && !shown) {
                    wrong.add(where + " was queued again and is " + status.get("ending"));
                }
                boolean intact =
                        Files.readString(file, StandardCharsets.ISO_8859_1).equals(job.text());
                if (durability == Durability.FULL && !intact) {
                    wrong.add(where + " has lost bytes");
                }
            }
        }
        if (!through && handsOff.isEmpty()) {
            wrong.add("not drained");
        }
        List<String> started = bed.ledger().read().events().stream()
                .filter(event -> event.what().equals(Ledger.START) && event.nanos() > 0)
                .map(Ledger.Event::id)
                .toList();
        return new After(started, living, handed, handsOff, wrong, bed.log().toString());
    }

    private void judge(int cut, Set<String> notes, After after) {
        after.wrong().forEach(words -> report(cut, words, after));
        boolean first = notes.contains("LAUNCH " + FIRST);
        boolean second = notes.contains("LAUNCH " + SECOND);
        boolean full = durability == Durability.FULL;
        // Without fsyncs the record of what was done may be lost, and with it which of the two files counts.
        boolean several = after.living().size() > 1 || after.handed().size() > 1;
        if (several && full) {
            report(cut, "in several places", after);
        }
        boolean nowhere = after.living().isEmpty() && (full || after.handed().isEmpty());
        if (nowhere && notes.contains("DROPPED x.job")) {
            report(cut, "lost", after);
        }
        // One that was not started before fails once more, and is retried.
        if (after.started().size() > (fails && !first ? 2 : 1)) {
            report(cut, "started more than once", after);
        }
        if (second && !after.started().isEmpty()) {
            report(cut, "started a third time", after);
        }
        if (first && after.started().contains(FIRST)) {
            report(cut, "the first run began anew", after);
        }
        if (full && first && !second && notes.contains(DECIDED)) {
            carriedOn++;
            // As any other job it may be interrupted once it is armed, or be shown to somebody for what a rename left
            // half done.
            boolean cameOn = after.living().stream().noneMatch(place -> place.endsWith(FIRST));
            if (after.handed().isEmpty() || !cameOn) {
                report(cut, "not queued again", after);
            }
        }
    }

    private void report(int cut, String words, After after) {
        // One example of each kind is enough.
        if (violations.stream().noneMatch(known -> known.startsWith(words))) {
            violations.add(words + " [cut at " + cut + "; " + after + "]");
        }
    }
}
