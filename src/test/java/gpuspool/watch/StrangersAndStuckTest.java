package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.chaos.SpoolChecker;
import gpuspool.chaos.TestJob;
import gpuspool.posix.JobProcess;
import gpuspool.posix.Processes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whose process is it: ids that a stranger has now, processes that cannot be killed, supervisors that were. With real ones. */
@Timeout(120)
class StrangersAndStuckTest {
    private static final String ID = "x.1." + FaultBed.HOST;

    private static void kill(long pid) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-KILL", Long.toString(pid))
                .inheritIO()
                .start();
        assertTrue(kill.waitFor(10, TimeUnit.SECONDS));
    }

    /** A process of this user in a session of its own, with nothing of any job. */
    private static Process stranger() throws IOException {
        return new ProcessBuilder("setsid", "sleep", "100").start();
    }

    private static Path running(FaultBed bed) {
        return bed.spool().resolve("running").resolve(ID);
    }

    private static void rewrite(Path file, String from, String to) throws IOException {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        Files.writeString(file, text.replaceAll(from, to), StandardCharsets.ISO_8859_1);
    }

    /** A job that was killed together with its supervisor and its watcher, whose ids are a stranger's by now. */
    private static void assertStrangerIsLeftAlone(String ending, boolean cookieLost, boolean ended) throws Exception {
        Process stranger = stranger();
        try (FaultBed bed = FaultBed.real(1)) {
            TestJob job = bed.drop("x.job", 1, 0, 60);
            bed.lifeUntilStarted(job);
            bed.harm(job, SpoolChecker.Harm.SUPERVISOR_KILLED);
            bed.killJob(running(bed));
            Path status = running(bed).resolve("status");
            String pid = Long.toString(stranger.pid());
            rewrite(status, "pid = [0-9]+", "pid = " + pid);
            Path mark = running(bed).resolve("started");
            rewrite(mark, "pid=[0-9]+", "pid=" + pid);
            rewrite(mark, "go [0-9]+", "go " + pid);
            if (ended) {
                rewrite(mark, "(?s)(go [0-9]+\n).*", "$1exit=5 end\n");
            }
            if (cookieLost) {
                rewrite(status, "cookie = .*\n", "");
            }
            try (Life next = bed.life(Meddler.none())) {
                next.recover();
                next.drain();
            }
            String filed =
                    Files.readString(bed.spool().resolve("failed").resolve(ID).resolve("status"));
            assertTrue(filed.contains("ending = " + ending + "\n"), () -> filed + bed.log());
            assertTrue(stranger.isAlive(), "a stranger was killed");
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void idsOfAStranger_areNotTheJobs() throws Exception {
        assertStrangerIsLeftAlone("unknown", false, false);
    }

    @Test
    void idsOfAStranger_withTheCookieLost() throws Exception {
        assertStrangerIsLeftAlone("unknown", true, false);
    }

    @Test
    void idsOfAStranger_afterTheEndWasWritten() throws Exception {
        assertStrangerIsLeftAlone("exited", false, true);
        assertStrangerIsLeftAlone("exited", true, true);
    }

    /** Of a process that waits in the kernel, seen from here: signals do nothing. */
    private static final class Unkillable extends HeardSignals {
        private final String name;
        private final AtomicBoolean stuck;
        private final List<Integer> signals;

        Unkillable(Processes real, String name, AtomicBoolean stuck, List<Integer> signals) {
            super(real);
            this.name = name;
            this.stuck = stuck;
            this.signals = signals;
        }

        @Override
        public void signal(JobProcess process, int signal) throws IOException {
            signals.add(signal);
            if (!(stuck.get() && process.name().equals(name))) {
                real.signal(process, signal);
            }
        }
    }

    @Test
    void unkillableProcess_keepsItsCards_andIsNamed() throws Exception {
        try (FaultBed bed = FaultBed.real(1)) {
            // What it leaves behind has its cookie and nothing else.
            TestJob job = bed.dropText("x.job", "setsid sleep 77 >/dev/null 2>&1 & sleep 0.05\n");
            TestJob next = bed.drop("y.job", 1, 0);
            AtomicBoolean stuck = new AtomicBoolean(true);
            List<Integer> signals = new ArrayList<>();
            try (Life life = bed.life(new Unkillable(bed.world().processes(), "sleep", stuck, signals))) {
                life.recover();
                Path reason = running(bed).resolve("reason");
                for (int i = 0; i < 3000 && Files.notExists(reason); i++) {
                    boolean unused = life.turn();
                }
                String words = Files.readString(reason);
                assertTrue(words.matches("(?s)process [0-9]+ \\(sleep, state [A-Z]\\).*"), words);
                assertTrue(signals.contains(9), "KILL was tried");
                assertEquals(0, bed.starts(next), "its card is kept");
                assertTrue(Files.exists(running(bed)));
                stuck.set(false);
                life.drain();
            }
            assertEquals(1, bed.starts(job));
            assertEquals(1, bed.starts(next));
            assertTrue(Files.exists(bed.spool().resolve("done").resolve(ID)));
            assertEquals(
                    List.of(),
                    bed.checker().check().stream()
                            .filter(v -> !v.contains("x.job"))
                            .toList());
        }
    }

    /** Before its first instruction: nothing ran, so it starts once more; the shell that was killed never counts. */
    @Test
    void supervisorKilledBeforeGo_startsOnce() throws Exception {
        try (FaultBed bed = FaultBed.simulated(1)) {
            TestJob job = bed.drop("x.job", 1, 7);
            for (int steps = 0; steps <= 1; steps++) {
                boolean unused = bed.life(KillAt.at(Step.Kind.LAUNCH, 1, true)).run();
                for (int i = 0; i < steps; i++) {
                    boolean unusedToo = bed.sim().step();
                }
                bed.sim().killAll();
            }
            bed.drain();
            assertEquals(1, bed.starts(job));
            assertEquals(List.of(), bed.checker().check());
            Path filed = bed.spool().resolve("failed").resolve(ID);
            assertTrue(Files.exists(filed.resolve("unspawned.1")) && Files.exists(filed.resolve("unspawned.2")));
        }
    }

    /** After it, by a watcher that is there: its job lives on, has its card, and ends unseen. */
    @Test
    void supervisorKilledAfterGo_isUnknown() throws Exception {
        try (FaultBed bed = FaultBed.real(1)) {
            TestJob job = bed.drop("x.job", 1, 0, 0.3);
            TestJob next = bed.drop("y.job", 1, 0);
            bed.harm(job, SpoolChecker.Harm.SUPERVISOR_KILLED);
            try (Life life = bed.life(Meddler.none())) {
                life.recover();
                bed.turnUntilStarted(life, job);
                String cookie = bed.cookie(running(bed));
                kill(bed.supervisor(running(bed)));
                // Its job alone: known by its cookie, and on its card.
                while (!bed.world().processes().ofJob(cookie, 0).isEmpty()) {
                    boolean unused = life.turn();
                    assertTrue(bed.starts(next) == 0
                            || bed.world().processes().ofJob(cookie, 0).isEmpty());
                }
                life.drain();
            }
            Path filed = bed.spool().resolve("failed").resolve(ID);
            assertTrue(Files.readString(filed.resolve("status")).contains("ending = unknown\n"));
            assertEquals(List.of(), bed.checker().check(), bed.log()::toString);
            assertEquals(1, bed.starts(next));
            assertFalse(Files.exists(bed.spool().resolve("done").resolve(ID)));
        }
    }
}
