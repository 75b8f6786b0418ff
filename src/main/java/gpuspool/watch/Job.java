package gpuspool.watch;

import gpuspool.gpu.GpuId;
import gpuspool.job.Attempt;
import gpuspool.job.CardWish;
import gpuspool.job.Ending;
import gpuspool.job.Foreground;
import gpuspool.job.JobSpec;
import gpuspool.job.Runs;
import gpuspool.job.Turn;
import gpuspool.plan.Placement;
import gpuspool.plan.Spent;
import gpuspool.posix.FileFacts;
import gpuspool.posix.Lock;
import gpuspool.spool.HistoryState;
import gpuspool.spool.JobDir;
import gpuspool.spool.Requeue;
import gpuspool.supervise.Stopping;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/** What the watcher knows of one job directory in running/. Memory only: all of it can be read off the tree again. */
final class Job implements Placement.Request {
    /** How far it has come, as far as this watcher has to act. */
    enum Phase {
        /** Token: waits for cards, then starts. */
        CLAIMED,
        /** Armed, without a child: waits for cards, then the batch and the spawn. */
        ARMED,
        /** In the foreground: its cards are kept, without a lock of ours, for its process, which takes them by itself. */
        GRANTED,
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

    /** Bytes of each of its cards that it was given, to share it with others; empty: it has whole cards. */
    OptionalLong memory = OptionalLong.empty();

    /** Cards on which it was once seen to use all that it declared. */
    final Set<GpuId> filled = new HashSet<>();

    /** How much more than it declared it was seen to use, for people; empty: it never was. */
    Optional<String> overrun = Optional.empty();

    /** What its file asks for: known while it is CLAIMED or ARMED. */
    Optional<JobSpec> spec = Optional.empty();

    String droppedName = "";
    /** The dropped file when it was last seen standing still. */
    Optional<FileFacts> seen = Optional.empty();

    /** When its file came into the queue. */
    Optional<Instant> queued = Optional.empty();

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
    /** Where its output goes; there with its spec. */
    JobLogs logs = JobLogs.MERGED;

    /** The process that its cards are for, where that is one that was there already: it has no supervisor, and is never swept. */
    Optional<Foreground> foreground = Optional.empty();

    /** It was told that this process has ended, and nobody has looked yet. */
    boolean deserted;
    /** Whether that lives, and its end will be told. */
    boolean watched;
    /** Monotonic time at which we granted it its cards; empty: another watcher did, or nobody yet. */
    OptionalLong grantedNanos = OptionalLong.empty();
    /** When that was seen to have them, in milliseconds since boot. */
    OptionalLong taken = OptionalLong.empty();

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

    /** When it was started, for people. */
    Optional<Instant> since = Optional.empty();
    /** Monotonic time at which it was first found to lack cards as the first to do so. */
    OptionalLong blockedSince = OptionalLong.empty();

    /** Cancelled or out of time: decided before the first signal. */
    Optional<Ending> decided = Optional.empty();

    Optional<Ending> ending = Optional.empty();
    OptionalInt code = OptionalInt.empty();
    /** From its start to its end, once that is announced: what it waits for afterwards does not count. */
    Optional<Duration> ranFor = Optional.empty();
    /** Cards it had and for how long, once it has given them back. */
    Optional<Spent> spent = Optional.empty();

    Optional<Stopping> stopping = Optional.empty();
    /** What becomes of it when it fails, as its file says. */
    Runs runs = Runs.ONE;
    /** Whether it was told that its time is soon over. */
    boolean signalled;
    /** Which of its runs this is. */
    Attempt attempt = Attempt.FIRST;
    /** Ended, and nobody has decided yet whether another run follows. */
    boolean undecided;
    /** To be queued again before it is filed. */
    boolean again;
    /** Was queued again: this end is not its last. */
    boolean handedOn;
    /** Its file names who is told of its end. */
    boolean tells;
    /** That, where it has to be written down first; empty: it is. */
    Optional<Requeue.Wanted> wanted = Optional.empty();
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

    @Override
    public Duration grace() {
        return grace;
    }

    @Override
    public OptionalLong blockedSince() {
        return blockedSince;
    }

    /** What it asks for is known now, or never will be: its claim can be told. */
    void noteClaim() {
        if (claimUnnoted) {
            claimUnnoted = false;
            unrecorded.add(HistoryState.CLAIMED);
        }
    }

    /** Whether it runs, or has something left that does. */
    boolean runs() {
        return phase == Phase.GRANTED || phase == Phase.LIVE || phase == Phase.SWEEPING;
    }

    /** Whether the end of this process says something of the job's. */
    boolean endsWith(int pid) {
        return supervisor.isPresent() && supervisor.getAsInt() == pid
                || foreground
                        .filter(process -> process.untilTaken().stream().anyMatch(owner -> owner.pid() == pid))
                        .isPresent();
    }

    /** How long ago it was started; empty where that is not known. */
    Optional<Duration> runsFor(Clocks clocks) throws IOException {
        if (spawnedNanos.isPresent()) {
            return Optional.of(Duration.ofNanos(clocks.nanos() - spawnedNanos.getAsLong()));
        }
        return startedAt.isPresent()
                ? Optional.of(Duration.ofMillis(Math.max(0, clocks.uptimeMillis() - startedAt.getAsLong())))
                : Optional.empty();
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

    /** Whether it has this card together with others. */
    boolean shares(GpuId card) {
        return memory.isPresent() && cards.containsKey(card);
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
