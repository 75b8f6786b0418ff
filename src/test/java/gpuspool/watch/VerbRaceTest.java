package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.chaos.TestJob;
import gpuspool.spool.Cancellation;
import gpuspool.spool.DiskFs;
import gpuspool.spool.Fs;
import gpuspool.spool.JobRefs;
import gpuspool.spool.QueuedFile;
import gpuspool.spool.Where;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What verbs do to a queued job, and a watcher that works between any two of their steps: what they report is what is true. */
class VerbRaceTest {
    private static final int ENDLESS = 200;
    private static final int A_WHILE = 20;

    private enum Deed {
        HOLD {
            @Override
            boolean act(FaultBed bed, Fs fs) throws IOException {
                return done(file(bed, Where.INCOMING, fs).moveTo(Where.HELD));
            }
        },
        RELEASE {
            @Override
            boolean act(FaultBed bed, Fs fs) throws IOException {
                return done(file(bed, Where.HELD, fs).moveTo(Where.INCOMING));
            }
        },
        FIRST {
            @Override
            boolean act(FaultBed bed, Fs fs) throws IOException {
                return done(file(bed, Where.INCOMING, fs).toFront());
            }
        },
        LAST {
            @Override
            boolean act(FaultBed bed, Fs fs) throws IOException {
                return done(file(bed, Where.INCOMING, fs).toEnd());
            }
        },
        CANCEL {
            @Override
            boolean act(FaultBed bed, Fs fs) throws IOException {
                return new Cancellation(bed.places(), FaultBed.HOST, fs)
                        .fileQueued(queued(bed, Where.INCOMING))
                        .isPresent();
            }
        };

        abstract boolean act(FaultBed bed, Fs fs) throws IOException;

        private static boolean done(QueuedFile.Outcome outcome) {
            assertFalse(outcome == QueuedFile.Outcome.TAKEN);
            return outcome == QueuedFile.Outcome.DONE;
        }

        private static JobRefs.Queued queued(FaultBed bed, Where where) {
            return new JobRefs.Queued(where.in(bed.places()).resolve("x.job"), where, "x");
        }

        private static QueuedFile file(FaultBed bed, Where where, Fs fs) {
            return new QueuedFile(queued(bed, where), bed.places(), fs);
        }
    }

    /** @param turns how far the watcher gets there; 0 = as far as it can */
    private static List<String> race(Deed deed, int k, int turns, boolean[] reached) throws IOException {
        List<String> wrong = new ArrayList<>();
        try (FaultBed bed = FaultBed.simulated(1);
                Life life = bed.life(Meddler.none())) {
            TestJob x = bed.drop("x.job", 1, 3);
            if (deed == Deed.RELEASE) {
                Files.move(
                        bed.places().incoming().resolve("x.job"),
                        bed.places().held().resolve("x.job"));
            }
            int[] seen = {0};
            Meddler between = (step, call) -> {
                if (++seen[0] == k) {
                    life.recover();
                    if (turns == 0) {
                        life.work();
                    }
                    for (int i = 0; i < turns; i++) {
                        boolean unused = life.turn();
                    }
                }
                return call.run();
            };
            boolean done = deed.act(bed, Seams.fs(new DiskFs(), between.over(FaultBed.UNFORCED)));
            reached[0] = seen[0] >= k;
            boolean startedBefore = bed.starts(x) > 0;
            if (!reached[0]) {
                life.recover();
            }
            boolean settled = life.settle(A_WHILE);
            bed.drain();
            boolean outOfTheQueue = done && (deed == Deed.HOLD || deed == Deed.CANCEL);
            long starts = bed.starts(x);
            if (starts != (outOfTheQueue ? 0 : 1)) {
                wrong.add("started " + starts + " times");
            }
            Path held = bed.places().held().resolve("x.job");
            if (Files.exists(held) != (done && deed == Deed.HOLD)) {
                wrong.add(Files.exists(held) ? "held" : "not held");
            }
            if (!done && !startedBefore && deed != Deed.RELEASE && !Files.exists(running(bed)) && !settled) {
                wrong.add("not done, though nobody else took it");
            }
            List<String> left = WatcherBed.list(bed.places().control());
            // A request for a job that is over may be refused before its maker sees that it was too late.
            if (k == 1 ? !left.isEmpty() : left.contains("x.job.first")) {
                wrong.add("left in control/: " + left);
            }
            if (!outOfTheQueue) {
                wrong.addAll(bed.checker().check());
            }
        }
        return wrong;
    }

    private static Path running(FaultBed bed) {
        return bed.places().running().resolve("x.1." + FaultBed.HOST);
    }

    @ParameterizedTest
    @EnumSource(Deed.class)
    void watcher_worksBetweenAnyTwoSteps(Deed deed) throws IOException {
        List<String> wrong = new ArrayList<>();
        int runs = 0;
        for (int turns = 0; turns <= 3; turns++) {
            boolean[] reached = {true};
            for (int k = 1; reached[0] && k < ENDLESS; k++, runs++) {
                for (String violation : race(deed, k, turns, reached)) {
                    wrong.add("before step " + k + ", " + turns + " turns: " + violation);
                }
            }
        }
        assertEquals("", String.join("\n", wrong));
        assertTrue(runs >= 8, runs + " runs");
    }
}
