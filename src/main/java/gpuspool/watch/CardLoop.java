package gpuspool.watch;

import gpuspool.gpu.Device;
import gpuspool.gpu.Gauge;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.GpuProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What there is to do about cards besides giving them to jobs: hearing what their driver says, holding them, meeting strangers. */
final class CardLoop {
    private static final String LOOKING = "cards";
    /** How often it is looked whether a job is on its card, while that is held for it. */
    private static final long WHILE_HELD = Duration.ofMillis(500).toNanos();
    /** What the driver said so long ago is no news. */
    private static final long OUTDATED = Duration.ofSeconds(60).toNanos();

    private final Setup setup;
    private final JobBook jobs;
    private final CardDesk desk;
    private final CardWatch watch;
    private final CardBook cards;
    private final Owners owners;
    private final Holding holding;
    private final CollisionWatch collisions;
    private final CardShares shares;
    private final OverrunWatch overruns;
    private final SampleDesk samples;
    private final CardHealth health;
    private final LetGo letGo;
    private final Trouble trouble;
    private long nextLook = Engine.NEVER;

    CardLoop(
            Setup setup,
            JobBook jobs,
            CardDesk desk,
            CardWatch watch,
            CardBook cards,
            Owners owners,
            Holding holding,
            CollisionWatch collisions,
            CardShares shares,
            OverrunWatch overruns,
            SampleDesk samples,
            CardHealth health,
            LetGo letGo,
            Trouble trouble) {
        this.setup = setup;
        this.jobs = jobs;
        this.desk = desk;
        this.watch = watch;
        this.cards = cards;
        this.owners = owners;
        this.holding = holding;
        this.collisions = collisions;
        this.shares = shares;
        this.overruns = overruns;
        this.samples = samples;
        this.health = health;
        this.letGo = letGo;
        this.trouble = trouble;
    }

    /** Takes in what the driver said before there was anybody to hear it. */
    void begin(long now) {
        setup.cards()
                .first()
                .filter(look -> now - look.at() < OUTDATED)
                .ifPresentOrElse(
                        look -> {
                            boolean unused = heard(look, now);
                        },
                        health::looked);
    }

    /**
     * Takes in what the driver said.
     *
     * @return whether there are other cards now than before
     */
    boolean heard(Gauge.News news, long now) {
        if (news instanceof Gauge.News.Faulted faulted) {
            health.faulted(faulted.fault());
        }
        if (!(news instanceof Gauge.News.Looked looked)) {
            return false;
        }
        boolean others = desk.take(looked);
        if (others) {
            setup.say("cards: " + desk.tell());
        }
        health.looked();
        try {
            Map<Integer, String> holders = holding.pids(now);
            watch.look(looked, jobs.cards(), cards.kept(), holders);
            shares.look(holders, now);
            collisions.look(looked.at() - looked.took(), holders);
            overruns.look();
            samples.look();
            trouble.isOver(LOOKING, "cards can be judged again");
        } catch (IOException e) {
            trouble.is(
                    LOOKING,
                    "attention: cannot tell which cards are free: " + e.getMessage()
                            + ". Tried again with the next look, while a job waits");
        }
        return others;
    }

    /** Does what is due. */
    void turn(long now) {
        Set<GpuId> wanted = new HashSet<>(jobs.wholeCards());
        wanted.addAll(cards.kept());
        if (letGo.isOn()) {
            // A context of ours on a card would keep it from being reset.
            wanted.clear();
        }
        holding.retain(wanted, now);
        Set<GpuId> left = holding.step(now, desk.readings(), onCards());
        watch.left(left, now);
        collisions.tidy();
        overruns.tidy();
        nextLook = Math.min(collisions.nextLook(), nextSample(now));
        if (holding.isBusy() && desk.lookedAt().isPresent()) {
            nextLook = Math.min(nextLook, desk.lookedAt().get() + WHILE_HELD);
        }
        nextLook = watch.askBy(nextLook, now);
    }

    private long nextSample(long now) {
        try {
            return samples.nextLook(now);
        } catch (IOException e) {
            // How long jobs have run cannot be told now; whatever wakes the engine next asks again.
            return Engine.NEVER;
        }
    }

    /** The processes of running jobs on each of their cards. */
    private Map<GpuId, Set<Integer>> onCards() {
        Map<GpuId, Set<Integer>> on = new HashMap<>();
        if (!holding.isBusy()) {
            return on;
        }
        for (Job job : jobs.all()) {
            if (job.phase == Job.Phase.LIVE) {
                job.cards.keySet().forEach(card -> on.put(card, processesOf(job, card)));
            }
        }
        return on;
    }

    private Set<Integer> processesOf(Job job, GpuId card) {
        Set<Integer> own = new HashSet<>();
        for (GpuProcess process : desk.reading(card).map(Owners::processes).orElse(List.of())) {
            if (owners.owner(process.pid()).filter(job::equals).isPresent()) {
                own.add(process.pid());
            }
        }
        return own;
    }

    /** Cards are locked for a job that waits for more: they are held as the settings say, and others no more. */
    void keep(Set<GpuId> kept, long now) {
        for (Device device : desk.describe(kept)) {
            holding.hold(device, desk.reading(device.id()), setup.settings().gpus(), now);
        }
    }

    /** A job was given its cards. One that it shares is not held: others are to see how much of it is free. */
    void given(Job job, long now) {
        if (job.memory.isEmpty()) {
            keep(job.cards.keySet(), now);
        } else {
            job.cards.keySet().forEach(card -> holding.release(card, now));
        }
    }

    /** A job is about to be started on its cards. */
    void starts(Job job, long now) {
        job.cards.keySet().forEach(card -> holding.freeMemory(card, now));
    }

    long nextDue() {
        return Math.min(Math.min(watch.nextDue(), nextLook), holding.due().orElse(Engine.NEVER));
    }

    void release(long now) {
        holding.releaseAll(now);
    }
}
