package gpuspool.watch;

import gpuspool.gpu.GpuId;
import gpuspool.job.CardWish;
import gpuspool.job.Ending;
import gpuspool.job.JobSpec;
import gpuspool.job.Turn;
import gpuspool.plan.Placement;
import gpuspool.posix.FileFacts;
import gpuspool.posix.Lock;
import gpuspool.spool.HistoryState;
import gpuspool.spool.JobDir;
import gpuspool.supervise.Stopping;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;

/** What the watcher knows of one job directory in running/. Memory only: all of it can be read off the tree again. */
final class Job implements Placement.Request {
    /** How far it has come, as far as this watcher has to act. */
    enum Phase {
        /** Token: waits for cards, then starts. */
        CLAIMED,
        /** Armed, without a child: waits for cards, then the batch and the spawn. */
        ARMED,
        /** Its processes live, or somebody else holds its lock. */
        LIVE,
        /** Its ending is known; what it left behind is being swept. */
        SWEEPING,
        /** Nothing of it lives: its copy is on the way back into the queue, then it is filed. */
        REQUEUING,
        /** Only the filing is left. */
        FILING,
        /** A sweep: its members are released. */
        GROUP,
        /** Needs attention; hands off. */
        SET_ASIDE,
        /** Filed, removed or taken away: to be forgotten. */
        GONE
    }

    final JobDir dir;
    final String lockName;
    Phase phase = Phase.LIVE;
    Optional<Lock> jobLock = Optional.empty();

    /** Cards it has, with our copies of their locks where we hold one. */
    final Map<GpuId, Optional<Lock>> cards = new TreeMap<>();

    /** What its file asks for: known while it is CLAIMED or ARMED. */
    Optional<JobSpec> spec = Optional.empty();

    String droppedName = "";
    /** The dropped file when it was last seen standing still. */
    Optional<FileFacts> seen = Optional.empty();

    /** Uid of its file's owner. */
    int owner;

    String cookie = "";
    /** Whether its status says that it was claimed, or begun again, since the machine started. */
    boolean ofThisBoot = true;

    /** What its claim says of its syncs; empty: nothing. */
    String durability = "";

    String command = "";
    Optional<Duration> time = Optional.empty();
    Duration grace = Duration.ofSeconds(30);
    /** Where it runs; there with its spec. */
    Path cwd;

    OptionalInt supervisor = OptionalInt.empty();
    /** The session of the job's own processes; 0 = not known. */
    int session;
    /** Its own first process, leader of that session. */
    OptionalInt jobPid = OptionalInt.empty();

    boolean jobPidWritten;
    /** Milliseconds since boot at which its supervisor started. */
    OptionalLong startedAt = OptionalLong.empty();
    /** The same by our own monotonic clock, where we started it: finer, for the figure in the log. */
    OptionalLong spawnedNanos = OptionalLong.empty();

    /** Cancelled or out of time: decided before the first signal. */
    Optional<Ending> decided = Optional.empty();

    Optional<Ending> ending = Optional.empty();
    OptionalInt code = OptionalInt.empty();
    /** From its start to its end, once that is announced: what it waits for afterwards does not count. */
    Optional<Duration> ranFor = Optional.empty();

    Optional<Stopping> stopping = Optional.empty();
    /** To be queued again before it is filed. */
    boolean again;
    /** The filer has it. */
    boolean filingSubmitted;

    /** Id of the sweep that it is a member of, and its number there; empty and 0 where it is none. */
    String group = "";

    int member;
    /** A sweep itself, while it is open. */
    Optional<OpenGroup> open = Optional.empty();

    /** Claimed by this watcher, which has not noted that for the record yet. */
    boolean claimUnnoted;
    /** Steps done by this watcher that are still to be written into the record. */
    final List<HistoryState> unrecorded = new ArrayList<>();

    /** What stranger turned up on one of its cards; empty: none that was seen. */
    Optional<String> collision = Optional.empty();

    /** Why it waits, for people; empty when it does not. */
    String waits = "";
    /** Monotonic time before which it is left alone. */
    long notBefore;
    /** Nothing to do before the end of its supervisor is reported. */
    boolean sleeping;

    Job(JobDir dir, String lockName) {
        this.dir = dir;
        this.lockName = lockName;
    }

    @Override
    public String name() {
        return dir.id().shortName();
    }

    @Override
    public int gpus() {
        return spec.map(JobSpec::gpus).orElse(0);
    }

    @Override
    public CardWish wish() {
        return spec.map(JobSpec::cards).orElse(CardWish.ANY);
    }

    @Override
    public int priority() {
        return spec.map(JobSpec::turn).map(Turn::priority).orElse(0);
    }

    @Override
    public int owner() {
        return owner;
    }

    @Override
    public Optional<Duration> time() {
        return time;
    }

    /** What it asks for is known now, or never will be: its claim can be told. */
    void noteClaim() {
        if (claimUnnoted) {
            claimUnnoted = false;
            unrecorded.add(HistoryState.CLAIMED);
        }
    }

    OptionalInt unwrittenPid() {
        return jobPidWritten ? OptionalInt.empty() : jobPid;
    }

    boolean isDue(long now) {
        return !sleeping && now - notBefore >= 0;
    }

    void wakeAt(long time) {
        sleeping = false;
        notBefore = time;
    }

    boolean isWaitingToStart() {
        return (phase == Phase.CLAIMED || phase == Phase.ARMED) && spec.isPresent();
    }

    List<Lock> cardLocks() {
        return cards.values().stream().flatMap(Optional::stream).toList();
    }

    /** Nothing of it lives any more. */
    void endedWhole() {
        phase = again ? Phase.REQUEUING : Phase.FILING;
    }

    /** Nothing of it is left in running/: its lock's name is never used again. */
    void forget() {
        jobLock.ifPresent(Lock::retire);
        jobLock = Optional.empty();
        dropCards();
        phase = Phase.GONE;
    }

    /** Closes our copies of the card locks: the cards are free once nobody else has one. */
    void dropCards() {
        cardLocks().forEach(Lock::close);
        cards.clear();
    }

    void closeJobLock() {
        jobLock.ifPresent(Lock::close);
        jobLock = Optional.empty();
    }
}
