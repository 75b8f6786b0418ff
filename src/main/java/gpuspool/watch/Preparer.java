package gpuspool.watch;

import gpuspool.gpu.GpuId;
import gpuspool.job.Attempt;
import gpuspool.job.Ending;
import gpuspool.job.JobSpec;
import gpuspool.job.Member;
import gpuspool.job.Printable;
import gpuspool.job.Slurm;
import gpuspool.posix.Lock;
import gpuspool.posix.RandomId;
import gpuspool.spool.Claims;
import gpuspool.spool.DropReader;
import gpuspool.spool.Fs;
import gpuspool.spool.JobDir;
import gpuspool.spool.Lineage;
import gpuspool.spool.Mark;
import gpuspool.spool.Predecessor;
import gpuspool.spool.StatusFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Steps 1 to 4 of {@code spool-layout.md}, section 3: from a chosen file to an armed job that no power cut can take back. */
final class Preparer {
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    /** The same where it waits for a time or another job: its file was changed just when it was claimed. */
    private static final Duration NOT_YET = Duration.ofSeconds(5);

    private final Setup setup;
    private final Edges edges;
    private final Fs fs;
    private final CardDesk desk;
    private final CardBook cards;
    private final Claims claims;
    private final Succession succession;
    private final Verdicts verdicts;
    private final Durable durable;
    private final Waits waits;

    Preparer(
            Setup setup,
            Edges edges,
            CardDesk desk,
            CardBook cards,
            Claims claims,
            Succession succession,
            Verdicts verdicts,
            Durable durable,
            Waits waits) {
        this.setup = setup;
        this.edges = edges;
        this.fs = edges.fs();
        this.desk = desk;
        this.cards = cards;
        this.claims = claims;
        this.succession = succession;
        this.verdicts = verdicts;
        this.durable = durable;
        this.waits = waits;
    }

    /**
     * Takes a file out of incoming/ with these cards locked for it.
     *
     * @return the job, now in running/; empty when somebody else was quicker, or the file cannot be moved
     */
    Optional<Job> claim(Entry entry, Map<GpuId, Lock> locked, Backlog backlog, long now) throws IOException {
        String durability = durable.word();
        Optional<Predecessor> previous;
        try {
            previous = succession.of(entry);
        } catch (IOException e) {
            backlog.hold(entry, "cannot look at its earlier runs: " + e.getMessage(), false, now);
            return Optional.empty();
        }
        StatusFile.Lines lines = desk.facts(locked.keySet());
        previous.ifPresent(run -> lines.add(Lineage.lines(run)));
        int owner = previous.map(Predecessor::owner).orElse(OptionalInt.empty()).orElse(entry.owner());
        if (owner != entry.file.facts().owner()) {
            lines.add(StatusFile.OWNER, owner);
        }
        if (!entry.waitedFor.isEmpty()) {
            lines.add(StatusFile.WAITED_FOR, entry.waitedFor);
        }
        Claims.Outcome outcome = claims.claim(entry.file, lines, durability);
        if (outcome instanceof Claims.Lost lost) {
            if (lost.why().isPresent() && fs.look(entry.file.path()).isPresent()) {
                backlog.hold(
                        entry,
                        "cannot be moved to running/: " + lost.why().get().getMessage(),
                        false,
                        now);
            } else {
                backlog.remove(entry.file.path());
            }
            return Optional.empty();
        }
        backlog.remove(entry.file.path());
        Claims.Won won = (Claims.Won) outcome;
        Job job = verdicts.newJob(won.dir().id());
        job.phase = Job.Phase.CLAIMED;
        job.claimUnnoted = true;
        job.jobLock = Optional.of(won.jobLock());
        job.cookie = won.cookie();
        job.durability = durability;
        job.attempt = previous.map(Predecessor::next).orElse(Attempt.FIRST);
        job.seen = Optional.of(entry.file.facts());
        job.queued = Optional.of(entry.queued());
        job.owner = owner;
        job.droppedName = entry.file.path().getFileName().toString();
        job.memory = entry.wish().memory();
        locked.forEach((card, lock) -> job.cards.put(card, Optional.of(lock)));
        waits.others().claimed(job.dir.id());
        return Optional.of(job);
    }

    /** Locks cards for a job that is in running/ already and says so in its status. */
    boolean lockCards(Job job, List<GpuId> chosen, long now) throws IOException {
        OptionalLong memory = job.wish().memory();
        Optional<Map<GpuId, Lock>> locked = cards.lock(chosen, memory, now);
        if (locked.isEmpty()) {
            return false;
        }
        locked.get().forEach((card, lock) -> job.cards.put(card, Optional.of(lock)));
        StatusFile.Lines lines = desk.facts(chosen);
        if (memory.isEmpty() && job.memory.isPresent()) {
            // It asked for a share when it was read before.
            lines.add("gpu_mem", "");
        }
        if (!job.ofThisBoot) {
            renew(job, lines);
        }
        job.memory = memory;
        job.dir.append(fs, lines);
        job.ofThisBoot = true;
        return true;
    }

    /** Whoever finds it from now on must know that it was begun in this boot, under these locks, with this cookie. */
    private void renew(Job job, StatusFile.Lines lines) throws IOException {
        job.cookie = RandomId.next();
        lines.add("boot", edges.bootId()).add("lockdir", edges.locks().id()).add("cookie", job.cookie);
    }

    /**
     * Reads the claimed file for good and writes what runs.
     *
     * @return whether it may be armed with the cards it has; else it is refused, waits, or is planned again
     */
    boolean snapshot(Job job, long now) throws IOException {
        DropReader.Outcome outcome = setup.snapshot().read(job.dir.file(job.droppedName));
        if (outcome instanceof DropReader.Refused refused) {
            refused.member().ifPresent(member -> noteMember(job, member));
            refuse(job, refused.problems());
            return false;
        }
        if (outcome instanceof DropReader.Empty && !job.ofThisBoot) {
            refuse(
                    job,
                    List.of(job.droppedName
                            + ":1:1: its text was lost when the power went, before whoever wrote it had it"
                            + " on disk; drop it again"));
            return false;
        }
        if (!(outcome instanceof DropReader.Understood understood)) {
            String why = whyNot(outcome);
            return putOff(job, why, now + LOOK_AGAIN.toNanos());
        }
        if (!understood.leased()
                && !job.seen.map(understood.facts()::hasSameContentAs).orElse(false)) {
            // No lease tells whether somebody writes it: it has to stand still once more.
            job.seen = Optional.of(understood.facts());
            return putOff(
                    job,
                    "waits until its file does not change",
                    now + setup.settle(false).toNanos());
        }
        JobSpec spec = understood.spec();
        job.foreground = spec.foreground();
        if (job.foreground.isPresent() && !verdicts.foregroundLives(job)) {
            cancelDeserted(job, spec);
            return false;
        }
        job.tells = spec.telling().tell().isPresent();
        // Armed, it was all judged before.
        if (job.phase == Job.Phase.CLAIMED) {
            List<String> never = waits.never(job, spec.turn());
            if (!never.isEmpty()) {
                refuse(job, never);
                return false;
            }
            Optional<String> notYet = waits.notYet(job, spec.turn());
            if (notYet.isPresent()) {
                return putOff(job, notYet.get(), now + NOT_YET.toNanos());
            }
        }
        if (spec.sweep().isPresent()) {
            return openGroup(job, spec);
        }
        spec.member().ifPresent(member -> noteMember(job, member));
        job.spec = Optional.of(spec);
        job.command = spec.command();
        job.time = spec.time();
        job.grace = spec.grace();
        job.runs = spec.runs();
        job.cwd = setup.cwdOf(spec);
        job.logs = JobLogs.of(spec, job.dir.id(), job.cwd);
        Optional<String> never = desk.impossible(
                        spec.gpus(), spec.cards(), setup.settings().gpus().keepIdle())
                .or(() -> missingDirectory(job.cwd))
                .or(job.logs::impossible);
        if (never.isPresent()) {
            refuse(job, List.of(job.droppedName + ":1:1: " + never.get()));
            return false;
        }
        boolean otherShare = !spec.cards().memory().equals(job.memory);
        if (spec.gpus() != job.cards.size() || otherShare || !desk.suits(spec.cards(), job.cards.keySet())) {
            // It asks for something else than when it was chosen: planned again, from here.
            job.dropCards();
            return false;
        }
        fs.overwrite(job.dir.file(JobDir.SCRIPT), spec.script().bytes());
        job.dir.append(fs, facts(spec, job));
        job.noteClaim();
        tellIgnored(job, spec);
        return true;
    }

    /** A sweep runs nothing itself: it needs no card, and what runs later is made of this copy. */
    private boolean openGroup(Job job, JobSpec spec) throws IOException {
        job.dropCards();
        job.spec = Optional.empty();
        job.command = spec.command();
        Optional<String> never = desk.impossible(
                spec.gpus(), spec.cards(), setup.settings().gpus().keepIdle());
        if (never.isPresent()) {
            refuse(job, List.of(job.droppedName + ":1:1: " + never.get()));
            return false;
        }
        fs.overwrite(job.dir.file(JobDir.SCRIPT), spec.script().bytes());
        long members = spec.sweep().orElseThrow().members().orElseThrow();
        job.dir.append(
                fs,
                new StatusFile.Lines()
                        .add("command", spec.command())
                        .add("members", members)
                        .add(telling(job)));
        job.noteClaim();
        job.phase = Job.Phase.GROUP;
        setup.say("opened " + job.name() + ": a sweep of " + members + (members == 1 ? " job" : " jobs"));
        return false;
    }

    /** Nobody is there to have the cards. */
    private void cancelDeserted(Job job, JobSpec spec) throws IOException {
        job.command = spec.command();
        job.dir.append(fs, new StatusFile.Lines().add("command", spec.command()).add(foreground(job)));
        job.noteClaim();
        verdicts.writeReason(job, List.of(Verdicts.deserted(job)));
        job.dropCards();
        job.ending = Optional.of(new Ending.Cancelled());
        job.code = OptionalInt.empty();
        job.phase = Job.Phase.FILING;
        setup.say("cancelled " + job.name() + ": " + Verdicts.deserted(job));
    }

    private static StatusFile.Lines foreground(Job job) {
        StatusFile.Lines lines = new StatusFile.Lines();
        job.foreground.ifPresent(process -> lines.add(StatusFile.FOREGROUND, process.words()));
        return lines;
    }

    private static void noteMember(Job job, Member member) {
        job.group = member.group();
        job.member = member.number();
    }

    /** Each member of a sweep is like the others: of them it is not said again and again. */
    private void tellIgnored(Job job, JobSpec spec) {
        List<String> ignored = spec.slurm().map(Slurm::ignored).orElse(List.of());
        if (!ignored.isEmpty() && spec.member().isEmpty()) {
            setup.say("ignored #SBATCH options of " + job.name() + ": " + Printable.escape(String.join(", ", ignored)));
        }
    }

    private static String whyNot(DropReader.Outcome outcome) {
        if (outcome instanceof DropReader.NotYet notYet) {
            return notYet.why();
        }
        return outcome instanceof DropReader.Empty ? "its file is empty" : "its file is gone";
    }

    private static boolean putOff(Job job, String why, long until) {
        job.waits = why;
        job.spec = Optional.empty();
        job.wakeAt(until);
        job.dropCards();
        return false;
    }

    private static Optional<String> missingDirectory(Path cwd) {
        return Files.isDirectory(cwd)
                ? Optional.empty()
                : Optional.of("its directory " + cwd + " does not exist here; make it, or correct cwd");
    }

    private static StatusFile.Lines facts(JobSpec spec, Job job) {
        StatusFile.Lines lines = new StatusFile.Lines()
                .add("command", spec.command())
                .add("gpus", spec.gpus())
                .add("cwd", job.cwd.toString())
                .add(job.logs.lines())
                .add("grace", spec.grace().toMillis());
        spec.time().ifPresent(time -> lines.add("time", time.toMillis()));
        lines.add(telling(job)).add(foreground(job));
        spec.slurm().ifPresent(slurm -> {
            slurm.name().ifPresent(name -> lines.add("job_name", name));
            if (!slurm.ignored().isEmpty()) {
                lines.add("ignored", String.join(", ", slurm.ignored()));
            }
        });
        spec.cards().memory().ifPresent(bytes -> lines.add("gpu_mem", bytes));
        spec.member().ifPresent(member -> lines.add(membership(member.group(), member.number())));
        return lines.add(Lineage.lines(spec.runs()));
    }

    private static StatusFile.Lines telling(Job job) {
        StatusFile.Lines lines = new StatusFile.Lines();
        return job.tells ? lines.add("notify", "its own") : lines;
    }

    private static StatusFile.Lines membership(String group, int number) {
        return new StatusFile.Lines().add(StatusFile.GROUP, group).add(StatusFile.MEMBER, number);
    }

    private void refuse(Job job, List<String> problems) throws IOException {
        if (job.member > 0) {
            job.dir.append(fs, membership(job.group, job.member));
        }
        verdicts.writeReason(job, problems);
        job.dropCards();
        job.ending = Optional.of(new Ending.Refused());
        job.code = OptionalInt.empty();
        job.phase = Job.Phase.FILING;
        setup.say("refused " + job.name() + ": " + problems.get(0)
                + (problems.size() == 1 ? "" : "; and " + (problems.size() - 1) + " more, in its reason"));
    }

    /** From here on it may have run; one in the foreground arms itself. */
    void arm(Job job) throws IOException {
        if (job.phase == Job.Phase.CLAIMED && job.foreground.isEmpty()) {
            job.dir.append(
                    fs, new StatusFile.Lines().add("armed", edges.clocks().stamp()));
            fs.rename(job.dir.file(Mark.TOKEN), job.dir.file(Mark.STARTED));
            job.phase = Job.Phase.ARMED;
        }
    }

    /** The batch that makes armed jobs durable; a failure must keep all of them from being spawned. */
    void sync(List<Job> armed) throws IOException {
        List<Job> whole = armed.stream().filter(durable::syncs).toList();
        for (Job job : whole) {
            durableFiles(job).forEach(fs::announceSync);
        }
        for (Job job : whole) {
            for (Path file : durableFiles(job)) {
                fs.sync(file);
            }
            fs.sync(job.dir.path());
        }
        // Always: without, a job that has run could lie in incoming/ again after a power cut, like one that was just
        // dropped.
        fs.sync(setup.spool().places().running());
        fs.sync(setup.spool().places().incoming());
    }

    private static List<Path> durableFiles(Job job) {
        return List.of(
                job.dir.file(JobDir.SCRIPT),
                job.dir.file(job.droppedName),
                job.dir.status(),
                job.dir.file(job.foreground.isPresent() ? Mark.TOKEN : Mark.STARTED));
    }
}
