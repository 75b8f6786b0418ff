package gpuspool.watch;

import gpuspool.job.Ending;
import gpuspool.job.JobId;
import gpuspool.job.MemberName;
import gpuspool.spool.Fs;
import gpuspool.spool.Group;
import gpuspool.spool.GroupMembers;
import gpuspool.spool.JobDir;
import gpuspool.spool.StatusFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/**
 * Has open sweeps gone on with by the filer: members are released as others end, and a sweep is filed when its last member has
 * ended. {@code spool-layout.md}, section 12.
 */
final class GroupDesk {
    private static final String GROUPS = "sweep ";
    private static final long AFTER_TROUBLE = Duration.ofSeconds(10).toNanos();

    private final Setup setup;
    private final Fs fs;
    private final GroupWork work;
    private final Executor filer;
    private final Inbox inbox;
    private final JobBook jobs;
    private final CardDesk desk;
    private final Verdicts verdicts;
    private final Trouble trouble;
    private final Durable durable;

    GroupDesk(
            Setup setup,
            Edges edges,
            Inbox inbox,
            JobBook jobs,
            CardDesk desk,
            Verdicts verdicts,
            Trouble trouble,
            Durable durable) {
        this.setup = setup;
        this.fs = edges.fs();
        this.work = new GroupWork(setup, edges);
        this.filer = edges.filer();
        this.inbox = inbox;
        this.jobs = jobs;
        this.desk = desk;
        this.verdicts = verdicts;
        this.trouble = trouble;
        this.durable = durable;
    }

    /** Hands over all that something has happened to. */
    void submit(boolean halted, long now) {
        for (Job job : jobs.all()) {
            if (job.phase != Job.Phase.GROUP || job.filingSubmitted) {
                continue;
            }
            OpenGroup open = job.open.orElseGet(() -> begin(job, now));
            if (open.halted != halted) {
                open.halted = halted;
                wake(job, now);
            }
            if (job.isDue(now)) {
                hand(job, open);
            }
        }
    }

    private OpenGroup begin(Job job, long now) {
        Group group = new Group(setup.spool().places(), fs, job.dir, setup.snapshot(), durable.syncs(job));
        OpenGroup open = new OpenGroup(group, new GroupMembers(setup.spool().places(), fs, job.dir.id()));
        job.open = Optional.of(open);
        job.wakeAt(now);
        return open;
    }

    private void hand(Job job, OpenGroup open) {
        String id = job.dir.id().toString();
        TreeSet<Integer> seen = new TreeSet<>();
        jobs.all().stream().filter(member -> member.group.equals(id)).forEach(member -> seen.add(member.member));
        int slots = setup.settings().queue().cpuSlots().orElse(setup.slots());
        GroupWork.Most most = new GroupWork.Most(
                desk.devices().size(), slots, setup.settings().queue().maxJobsPerGpu());
        boolean cancelled = job.decided.orElse(null) instanceof Ending.Cancelled;
        GroupWork.Asked asked = new GroupWork.Asked(open.halted, cancelled, new TreeMap<>(open.filed), seen, most);
        open.filed.clear();
        open.dirty = false;
        open.idle = false;
        job.filingSubmitted = true;
        JobDir dir = job.dir;
        filer.execute(() -> advance(dir, open, asked));
    }

    /** On the filer's thread. */
    private void advance(JobDir dir, OpenGroup open, GroupWork.Asked asked) {
        try {
            GroupWork.Told told = work.advance(dir, open, asked);
            inbox.put(new Inbox.OfGroup(dir.id(), Optional.of(told), Optional.empty()));
        } catch (IOException e) {
            inbox.put(new Inbox.OfGroup(dir.id(), Optional.empty(), Optional.of(e)));
        } catch (Error e) {
            inbox.put(new Inbox.Broken(e));
            throw e;
        }
    }

    private static void wake(Job group, long now) {
        group.open.ifPresent(open -> {
            open.dirty = true;
            open.idle = false;
        });
        group.wakeAt(now);
    }

    /** A job was filed; it may be somebody's member. */
    void filed(Job job, long now) {
        Optional<Job> group = JobId.parse(job.group).flatMap(jobs::get);
        if (group.isPresent() && group.get().phase == Job.Phase.GROUP) {
            group.get().open.ifPresent(open -> open.filed.put(job.member, job.dir.id()));
            wake(group.get(), now);
        }
    }

    /** Something happened to this name in incoming/: if a member that nobody claimed here is gone, somebody else has it, or nobody. */
    void hint(Path file, long now) throws IOException {
        String name = file.getFileName().toString();
        List<Job> groups = jobs.all().stream()
                .filter(job -> job.phase == Job.Phase.GROUP)
                .filter(job ->
                        MemberName.numberOfFile(job.dir.id().stem(), name).isPresent())
                .toList();
        // Most files are no members, and in a burst all of this is done for each of them.
        if (!groups.isEmpty()
                && jobs.all().stream().noneMatch(job -> job.droppedName.equals(name))
                && fs.look(file).isEmpty()) {
            groups.forEach(job -> wake(job, now));
        }
    }

    /** The whole tree is looked at, and so is where its members are. */
    void lookAgain(long now) {
        jobs.all().stream().filter(job -> job.phase == Job.Phase.GROUP).forEach(job -> wake(job, now));
    }

    /** Whether there is nothing to do for it before something else happens: a name may be free by now if it is not {@code known}. */
    boolean isIdle(Job job, Predicate<Path> known) {
        return job.open
                .map(open -> open.idle && open.taken.map(known::test).orElse(true))
                .orElse(false);
    }

    /** Looks whether it is to be cancelled, and writes that down before anything is done about it. */
    void checkCancel(Job job, long now) throws IOException {
        boolean decided = job.decided.orElse(null) instanceof Ending.Cancelled;
        boolean asked = job.phase == Job.Phase.GROUP
                && !decided
                && fs.look(job.dir.file(JobDir.CANCEL)).isPresent();
        if (asked) {
            Ending ending = new Ending.Cancelled();
            job.dir.append(fs, new StatusFile.Lines().add("ending", ending.word()));
            fs.sync(job.dir.status());
            job.decided = Optional.of(ending);
            setup.say("stopping " + job.name() + ": cancelled, and its members with it");
            wake(job, now);
        }
    }

    /** How far one of them came. */
    void take(Job job, Inbox.OfGroup event, long now) {
        job.filingSubmitted = false;
        OpenGroup open = job.open.orElseThrow();
        if (event.error().isPresent()) {
            String why = event.error().get().getMessage();
            job.waits = "cannot go on with its members: " + why;
            job.wakeAt(now + AFTER_TROUBLE);
            trouble.is(GROUPS + job.name(), "attention " + job.name() + ": " + job.waits + ". Tried again every 10 s");
            return;
        }
        GroupWork.Told told = event.told().orElseThrow();
        open.taken = told.taken();
        job.waits = told.taken()
                .map(name -> "its next member cannot be released: the name " + name.getFileName()
                        + " is taken in incoming/; tried again until that one is gone")
                .orElse("");
        if (job.waits.isEmpty()) {
            trouble.isOver(GROUPS + job.name(), job.name() + " can go on with its members");
        } else {
            trouble.is(GROUPS + job.name(), "attention " + job.name() + ": " + job.waits);
        }
        boolean more = open.dirty || told.more();
        open.idle = !more && told.progress().equals(open.progress);
        if (told.ending().isPresent()) {
            end(job, told.ending().get(), told.progress());
            job.wakeAt(now);
        } else if (more) {
            job.wakeAt(now);
        } else {
            job.wakeAt(told.nextLook());
            job.sleeping = told.nextLook() == Engine.NEVER;
        }
    }

    private void end(Job job, Ending ending, String progress) {
        if (ending instanceof Ending.SomeFailed) {
            try {
                String again = "; to run the failed ones again: gpuspool retry --failed ";
                verdicts.writeReason(
                        job, List.of(progress + again + job.dir.id().shortName()));
            } catch (IOException e) {
                setup.say("attention " + job.name() + ": its reason cannot be written: " + e.getMessage());
            }
        }
        job.ending = Optional.of(ending);
        job.phase = Job.Phase.FILING;
        trouble.forget(GROUPS + job.name());
        setup.say("finished " + job.name() + " (a sweep) " + ending.describe() + ": " + progress);
    }
}
