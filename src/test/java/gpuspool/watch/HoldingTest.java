package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.GpuProcess;
import gpuspool.gpu.GpuRules;
import gpuspool.gpu.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, which a shell script plays; the clock is the test's. */
class HoldingTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final Map<GpuId, Set<Integer>> NO_JOBS = Map.of();

    /** Notes what it is told, beside itself, and obeys. */
    private static final String OBEDIENT = """
            echo "$CUDA_VISIBLE_DEVICES $*" >> "$0.asked"
            echo "holding 8 of 8"
            while read -r line; do
              echo "$line" >> "$0.asked"
              echo freed
            done
            """;

    @TempDir
    Path directory;

    private final List<String> log = new ArrayList<>();
    private final Semaphore woken = new Semaphore(0);
    private final Set<GpuId> left = new HashSet<>();
    private final Device device = device(3);
    private final GpuId card = device.id();
    private Holding holding;
    private long now = Long.MAX_VALUE - 1;

    private static Device device(int index) {
        return new Device(
                new GpuId.Uuid("GPU-0000000" + index + "-0000-0000-0000-000000000000"),
                Device.Vendor.NVIDIA,
                OptionalInt.of(index),
                "",
                "",
                OptionalLong.empty(),
                Optional.empty());
    }

    @AfterEach
    void endAll() {
        if (holding != null) {
            holding.releaseAll(now);
            awaitTrue("all holders are gone", () -> {
                now += 10 * SECOND;
                return holding.pids(now).isEmpty();
            });
        }
    }

    private Path holdBy(String script) throws IOException {
        Path file = Files.writeString(directory.resolve("holder"), script);
        return holdBy(List.of("/bin/sh", file.toString()), file);
    }

    private Path holdBy(List<String> program, Path file) {
        holding = new Holding(program, System.getenv(), log::add, woken::release);
        return Path.of(file + ".asked");
    }

    private void hold(GpuRules.Hold how) {
        hold(device, how);
    }

    private void hold(Device which, GpuRules.Hold how) {
        GpuRules usual = GpuRules.DEFAULTS;
        GpuRules rules = new GpuRules(
                usual.minFreeMemory(),
                usual.ignore(),
                usual.keepIdle(),
                usual.collision(),
                usual.pin(),
                how,
                30,
                usual.pickLock());
        holding.hold(which, Optional.of(shared()), rules, now);
    }

    private static Reading shared(int... pids) {
        List<GpuProcess> processes = IntStream.of(pids)
                .mapToObj(pid -> new GpuProcess(
                        pid,
                        GpuProcess.Kind.COMPUTE,
                        OptionalLong.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        OptionalLong.empty()))
                .toList();
        return new Reading.Known(
                Optional.empty(), Optional.of(processes), Reading.ComputeMode.SHARED, Reading.Figures.NONE);
    }

    private void step() {
        step(Map.of(card, shared()), NO_JOBS);
    }

    private void step(Map<GpuId, Reading> latest, Map<GpuId, Set<Integer>> jobs) {
        left.addAll(holding.step(now, latest, jobs));
    }

    /** Steps whenever there is news, as a watcher does, until it is so. */
    private void awaitTrue(String what, Callable<Boolean> condition) {
        Awaitility.await(what).atMost(Duration.ofSeconds(20)).pollInSameThread().until(() -> {
            if (woken.drainPermits() > 0) {
                step();
            }
            return condition.call();
        });
    }

    private void awaitAsked(Path asked, String text) {
        awaitTrue(
                "it is told " + text,
                () -> Files.exists(asked) && Files.readString(asked).equals(text));
    }

    private int awaitPid() {
        awaitTrue("it is there", () -> !holding.pids(now).isEmpty());
        assertEquals(Set.of(Holding.NAME), Set.copyOf(holding.pids(now).values()));
        return holding.pids(now).keySet().iterator().next();
    }

    private static boolean isAlive(int pid) {
        return Files.exists(Path.of("/proc/" + pid));
    }

    private void awaitGone(int pid) {
        awaitTrue("it is gone", () -> !isAlive(pid) && left.contains(card));
    }

    @Test
    void keptCard_isHeldUntilItIsReleased() throws Exception {
        Path asked = holdBy(OBEDIENT);
        hold(GpuRules.Hold.CONTEXT);
        awaitAsked(asked, card.word() + " hold-card\n");
        int pid = awaitPid();
        hold(GpuRules.Hold.CONTEXT);
        now += 3600 * SECOND;
        step();
        assertEquals(OptionalLong.empty(), holding.due());
        assertEquals(Set.of(pid), holding.pids(now).keySet());
        assertTrue(isAlive(pid));
        holding.release(card, now);
        awaitGone(pid);
        assertEquals(Set.of(pid), holding.pids(now).keySet(), "an older reading may show it yet");
        now += 10 * SECOND;
        assertEquals(Map.of(), holding.pids(now));
        assertEquals(List.of(), log);
    }

    @Test
    void fractionIsHeld_andGivenBackBeforeTheJobStarts() throws Exception {
        Path asked = holdBy(OBEDIENT);
        hold(GpuRules.Hold.FRACTION);
        holding.freeMemory(card, now);
        awaitAsked(asked, card.word() + " hold-card --percent 30\nfree\n");
        int pid = awaitPid();
        assertEquals(OptionalLong.of(now + 60 * SECOND), holding.due());
        now += SECOND;
        step(Map.of(card, shared(pid, 99)), Map.of(card, Set.of(70)));
        assertTrue(left.isEmpty() && isAlive(pid), "the job is not there yet");
        step(Map.of(card, shared(pid, 70)), Map.of(card, Set.of(70)));
        awaitGone(pid);
    }

    @Test
    void jobThatIsNeverSeenThere_hasItsCardForItselfAfterAMinute() throws Exception {
        holdBy(OBEDIENT);
        hold(GpuRules.Hold.CONTEXT);
        int pid = awaitPid();
        holding.freeMemory(card, now);
        now += 60 * SECOND - 1;
        step(Map.of(card, shared(pid)), Map.of(card, Set.of(70)));
        assertFalse(holding.pids(now).isEmpty());
        now += 1;
        step(Map.of(), Map.of(card, Set.of(70)));
        awaitGone(pid);
    }

    @Test
    void ruleTakenBack_cardIsLetGoOf() throws Exception {
        holdBy(OBEDIENT);
        hold(GpuRules.Hold.CONTEXT);
        int pid = awaitPid();
        hold(GpuRules.Hold.LOCK);
        awaitGone(pid);
        assertEquals(List.of(), log);
    }

    @Test
    void severalCards_eachHasAProcessOfItsOwn() throws Exception {
        holdBy(OBEDIENT);
        hold(GpuRules.Hold.CONTEXT);
        hold(device(4), GpuRules.Hold.CONTEXT);
        awaitTrue("both are there", () -> holding.pids(now).size() == 2);
        holding.release(card, now);
        awaitTrue("the one is gone", () -> left.equals(Set.of(card)));
        assertEquals(2, holding.pids(now).size(), "one that is there, and one that was a moment ago");
        now += 10 * SECOND;
        assertEquals(1, holding.pids(now).size());
    }

    @Test
    void holderThatCannot_isSaidOnceAndTriedAgainAfterAMinute() throws Exception {
        Path asked =
                holdBy("echo asked >> \"$0.asked\"; echo 'cannot 46 open a context on the GPU: CUDA 46, busy'; exit 1");
        hold(GpuRules.Hold.CONTEXT);
        awaitTrue("it has ended", () -> left.contains(card));
        hold(GpuRules.Hold.CONTEXT);
        now += 60 * SECOND - 1;
        hold(GpuRules.Hold.CONTEXT);
        assertEquals("asked\n", Files.readString(asked));
        left.clear();
        now += 1;
        hold(GpuRules.Hold.CONTEXT);
        awaitTrue("it has ended again", () -> left.contains(card));
        assertEquals("asked\nasked\n", Files.readString(asked));
        assertEquals(List.of("GPU 3 is held by its lock alone: cannot open a context on the GPU: CUDA 46, busy"), log);
    }

    @Test
    void holderThatDies_isSaid() throws Exception {
        holdBy("echo 'gpuspool: needs Java 17 or newer, and found none.' >&2; echo '  more' >&2; exit 69");
        hold(GpuRules.Hold.CONTEXT);
        awaitTrue("it has ended", () -> left.contains(card));
        assertEquals(
                List.of("GPU 3 is held by its lock alone: the process that was to hold it ended with exit status 69:"
                        + " gpuspool: needs Java 17 or newer, and found none."),
                log);
    }

    @Test
    void holderThatIsKilled_isSaid() throws Exception {
        holdBy(OBEDIENT);
        hold(GpuRules.Hold.CONTEXT);
        int pid = awaitPid();
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        awaitGone(pid);
        assertEquals(
                List.of("GPU 3 is held by its lock alone: the process that was to hold it was ended by signal 9"), log);
    }

    @Test
    void programThatIsGone_isSaid() {
        Path none = directory.resolve("none");
        holdBy(List.of(none.toString()), none);
        hold(GpuRules.Hold.CONTEXT);
        awaitTrue("it is told", () -> left.contains(card));
        assertEquals(
                List.of("GPU 3 is held by its lock alone: the process that was to hold it could not be started: start "
                        + none + ": No such file or directory (errno 2)"),
                log);
        assertEquals(Map.of(), holding.pids(now));
    }

    @Test
    void lessMemoryThanWanted_isSaid() throws Exception {
        holdBy("echo 'holding 1610612736 of 32212254720'; while read -r line; do :; done");
        hold(GpuRules.Hold.FRACTION);
        awaitTrue("it is said", () -> !log.isEmpty());
        assertEquals(List.of("GPU 3: 1.5 GiB of its memory are held, not 30.0 GiB: there is no more to be had"), log);
    }

    @Test
    void holderThatDoesNotEnd_isKilledAfterFiveSeconds() throws Exception {
        holdBy("echo 'holding 0 of 0'; exec sleep 1000");
        hold(GpuRules.Hold.CONTEXT);
        int pid = awaitPid();
        holding.release(card, now);
        assertEquals(OptionalLong.of(now + 5 * SECOND), holding.due());
        step();
        assertTrue(isAlive(pid));
        now += 5 * SECOND;
        step();
        awaitGone(pid);
        assertEquals(OptionalLong.empty(), holding.due());
        assertEquals(
                List.of("GPU 3: the process that held it, " + pid + ", did not end when it was told to; it was killed"),
                log);
    }
}
