package gpuspool.watch;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.GpuProcess;
import gpuspool.gpu.GpuRules;
import gpuspool.gpu.Reading;
import gpuspool.plan.Collision;
import gpuspool.plan.Past;
import gpuspool.spool.StatusFile;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Looks for strangers on the cards of running jobs: soon after each start, and whenever the driver was asked anyway. */
final class CollisionWatch {
    private static final List<Long> AFTER_START =
            List.of(Duration.ofSeconds(2).toNanos(), Duration.ofSeconds(10).toNanos());

    private final Setup setup;
    private final Edges edges;
    private final JobBook jobs;
    private final CardDesk desk;
    private final CardWatch watch;
    private final Owners owners;
    private final Ender ender;
    /** Topics that are shown to the operator. */
    private final Set<String> shown = new HashSet<>();

    CollisionWatch(Setup setup, Edges edges, JobBook jobs, CardDesk desk, CardWatch watch, Owners owners, Ender ender) {
        this.setup = setup;
        this.edges = edges;
        this.jobs = jobs;
        this.desk = desk;
        this.watch = watch;
        this.owners = owners;
        this.ender = ender;
    }

    /**
     * Takes in a look at all cards.
     *
     * @param began monotonic time at which it began
     * @param holders processes that hold cards for us
     */
    void look(long began, Map<Integer, String> holders) throws IOException {
        Map<GpuId, Set<Integer>> own = new HashMap<>();
        for (Job job : jobs.all()) {
            boolean seen = job.spawnedNanos.isEmpty() || began - job.spawnedNanos.getAsLong() >= 0;
            if (job.phase == Job.Phase.LIVE && job.collision.isEmpty() && seen) {
                for (Device device : desk.describe(job.cards.keySet())) {
                    own.computeIfAbsent(device.id(), card -> ofJobsOn(card, holders.keySet()));
                }
                look(job, own, began);
            }
        }
    }

    /** The processes on a card that belong there: those of the jobs that have it, and those that hold it for us. */
    private Set<Integer> ofJobsOn(GpuId card, Set<Integer> holders) {
        Set<Integer> own = new HashSet<>(holders);
        for (GpuProcess process : desk.reading(card).map(Owners::processes).orElse(List.of())) {
            if (owners.owner(process.pid())
                    .filter(job -> job.cards.containsKey(card))
                    .isPresent()) {
                own.add(process.pid());
            }
        }
        return own;
    }

    /** What is shown of jobs that have ended is shown no more. */
    void tidy() {
        Set<String> over = new HashSet<>(shown);
        jobs.all().stream().filter(job -> job.phase == Job.Phase.LIVE).forEach(job -> over.remove(topic(job)));
        over.forEach(setup.attention()::clear);
        shown.removeAll(over);
    }

    private void look(Job job, Map<GpuId, Set<Integer>> own, long now) throws IOException {
        for (Device device : desk.describe(job.cards.keySet())) {
            Optional<Reading> reading = desk.reading(device.id());
            Past past = job.memory.isPresent() ? watch.justLeft(device.id(), now) : Past.NOTHING;
            GpuRules rules = setup.settings().gpus();
            Optional<String> who =
                    reading.flatMap(told -> Collision.on(device, told, own.get(device.id()), past, rules));
            if (who.isPresent()) {
                collided(job, who.get());
                return;
            }
        }
    }

    private void collided(Job job, String who) throws IOException {
        job.collision = Optional.of(who);
        boolean requeue = setup.settings().gpus().collision() == GpuRules.Collision.REQUEUE;
        shown.add(topic(job));
        setup.attention()
                .set(
                        topic(job),
                        "collision " + job.name() + ": " + who
                                + (requeue ? "; the job is stopped and queued again" : "; the job runs on"));
        job.dir.append(edges.fs(), new StatusFile.Lines().add("collision", who));
        if (requeue) {
            boolean unused = ender.requeue(job, who);
        }
    }

    private static String topic(Job job) {
        return "collision " + job.name();
    }

    /** When a look is wanted next because a job was started; {@link Engine#NEVER} when none is. */
    long nextLook() {
        if (!desk.isDriven()) {
            return Engine.NEVER;
        }
        long next = Engine.NEVER;
        for (Job job : jobs.all()) {
            boolean wanted = job.phase == Job.Phase.LIVE
                    && job.collision.isEmpty()
                    && job.spawnedNanos.isPresent()
                    && !job.cards.isEmpty();
            for (long delay : wanted ? AFTER_START : List.<Long>of()) {
                long time = job.spawnedNanos.getAsLong() + delay;
                if (desk.lookedAt().isEmpty() || time - desk.lookedAt().get() > 0) {
                    next = Math.min(next, time);
                    break;
                }
            }
        }
        return next;
    }
}
