package gpuspool.watch;

import gpuspool.chaos.TestJob;
import gpuspool.spool.Cancellation;
import gpuspool.spool.DiskFs;
import gpuspool.spool.JobRefs;
import gpuspool.spool.Layout;
import gpuspool.spool.Where;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;

/** What somebody does to the job {@code x.job} with a file manager or coreutils, and what must be true afterwards. */
enum Deed {
    /** {@code mv incoming/x.job held/} */
    HOLD {
        @Override
        boolean act(FaultBed bed) throws IOException {
            return move(queued(bed), held(bed));
        }

        @Override
        Optional<String> broken(FaultBed bed, boolean acted) throws IOException {
            return acted && (!Files.exists(held(bed)) || bed.starts(x(bed)) > 0)
                    ? Optional.of("held, but not in held/, or started")
                    : Optional.empty();
        }

        @Override
        boolean excuses(String violation, boolean acted) {
            return acted && violation.matches("x\\.job .* is still in held/");
        }
    },
    /** {@code mv -n held/x.job incoming/} */
    RELEASE {
        @Override
        void prepare(FaultBed bed) throws IOException {
            move(queued(bed), held(bed));
        }

        @Override
        boolean act(FaultBed bed) throws IOException {
            return move(held(bed), queued(bed));
        }
    },
    /** Held, and released a while later. */
    HOLD_AND_RELEASE {
        @Override
        boolean act(FaultBed bed) throws IOException {
            return move(queued(bed), held(bed));
        }

        @Override
        void undo(FaultBed bed) throws IOException {
            move(held(bed), queued(bed));
        }
    },
    /** {@code touch -c incoming/x.job} */
    LAST {
        @Override
        boolean act(FaultBed bed) throws IOException {
            try {
                Files.setLastModifiedTime(queued(bed), FileTime.fromMillis(System.currentTimeMillis()));
                return true;
            } catch (NoSuchFileException e) {
                return false;
            }
        }
    },
    /** {@code touch control/x.job.first} */
    FIRST {
        @Override
        boolean act(FaultBed bed) throws IOException {
            return touch(control(bed, "x.job.first"));
        }

        @Override
        Optional<String> broken(FaultBed bed, boolean acted) {
            return Files.exists(control(bed, "x.job.first"))
                    ? Optional.of("the request is still there")
                    : Optional.empty();
        }
    },
    /** {@code touch control/y.job.first}: for the other job, which comes second. */
    FIRST_OF_THE_OTHER {
        @Override
        boolean act(FaultBed bed) throws IOException {
            return touch(control(bed, "y.job.first"));
        }

        @Override
        Optional<String> broken(FaultBed bed, boolean acted) {
            return Files.exists(control(bed, "y.job.first"))
                    ? Optional.of("the request is still there")
                    : Optional.empty();
        }
    },
    /** {@code rm incoming/x.job} */
    REMOVE {
        @Override
        boolean act(FaultBed bed) throws IOException {
            return Files.deleteIfExists(queued(bed));
        }

        @Override
        Optional<String> broken(FaultBed bed, boolean acted) throws IOException {
            return acted && bed.starts(x(bed)) > 0 ? Optional.of("removed, and started") : Optional.empty();
        }

        @Override
        boolean excuses(String violation, boolean acted) {
            return acted && violation.matches("x\\.job .* is lost: .*");
        }
    },
    /** {@code touch running/x.1.*}{@code /cancel} */
    CANCEL {
        @Override
        boolean act(FaultBed bed) throws IOException {
            try {
                return touch(
                        bed.places().running().resolve("x.1." + FaultBed.HOST).resolve("cancel"));
            } catch (NoSuchFileException e) {
                return false;
            }
        }

        @Override
        boolean excuses(String violation, boolean acted) {
            return acted
                    && violation.matches(
                            "x\\.job .*(the ending is cancelled, must be exited|was never started|never came to its end)");
        }
    },
    /** What the verb does to a queued job: {@code failed/x.N.box/} is made, and one rename. */
    CANCEL_QUEUED {
        @Override
        boolean act(FaultBed bed) throws IOException {
            Layout places = bed.places();
            return Files.exists(queued(bed))
                    && new Cancellation(places, FaultBed.HOST, new DiskFs())
                            .fileQueued(new JobRefs.Queued(queued(bed), Where.INCOMING, "x"))
                            .isPresent();
        }

        @Override
        Optional<String> broken(FaultBed bed, boolean acted) throws IOException {
            return acted && bed.starts(x(bed)) > 0
                    ? Optional.of("cancelled in the queue, and started")
                    : Optional.empty();
        }

        @Override
        boolean excuses(String violation, boolean acted) {
            // No watcher ever had it.
            return acted
                    && violation.matches(
                            "failed/x\\.[12]\\.box(: no (boot|lockdir|cookie|claimed) in status| has 0 marks: .*)"
                                    + "|x\\.job .*(the ending is cancelled, must be exited|was never started)");
        }
    },
    /** {@code touch control/pause}, and a while later {@code rm control/pause} */
    PAUSE {
        @Override
        boolean act(FaultBed bed) throws IOException {
            return touch(control(bed, "pause"));
        }

        @Override
        void undo(FaultBed bed) throws IOException {
            Files.deleteIfExists(control(bed, "pause"));
        }
    },
    /** {@code touch control/drain}; taken back when the watcher has left. */
    DRAIN {
        @Override
        boolean act(FaultBed bed) throws IOException {
            return touch(control(bed, "drain"));
        }

        @Override
        void undo(FaultBed bed) throws IOException {
            Files.deleteIfExists(control(bed, "drain"));
        }
    },
    /** Another {@code x.job}, as by {@code cp failed/x.1.*}{@code /x.job incoming/} */
    AGAIN {
        @Override
        boolean act(FaultBed bed) throws IOException {
            if (Files.exists(queued(bed))) {
                return false;
            }
            bed.drop("x.job", 1, 5);
            return true;
        }
    },
    /** {@code touch control/puase}: what asks for nothing that there is. */
    NONSENSE {
        @Override
        boolean act(FaultBed bed) throws IOException {
            return touch(control(bed, "puase"));
        }

        @Override
        Optional<String> broken(FaultBed bed, boolean acted) throws IOException {
            Path refused = control(bed, "puase.refused");
            return !Files.exists(control(bed, "puase"))
                            && Files.readAllLines(refused)
                                    .equals(List.of("refused: not a request: did you mean pause?"))
                    ? Optional.empty()
                    : Optional.of("not refused once with its reason");
        }
    };

    /** Before any watcher comes. */
    void prepare(FaultBed bed) throws IOException {}

    /** Does it; false where there was nothing to do it to. */
    abstract boolean act(FaultBed bed) throws IOException;

    /** A while later. */
    void undo(FaultBed bed) throws IOException {}

    /** What is wrong in the end, besides what holds of every spool. */
    Optional<String> broken(FaultBed bed, boolean acted) throws IOException {
        return Optional.empty();
    }

    /** Whether this would be wrong had the deed not been done. */
    boolean excuses(String violation, boolean acted) {
        return false;
    }

    private static Path queued(FaultBed bed) {
        return bed.places().incoming().resolve("x.job");
    }

    private static Path held(FaultBed bed) {
        return bed.places().held().resolve("x.job");
    }

    private static Path control(FaultBed bed, String name) {
        return bed.places().control().resolve(name);
    }

    private static TestJob x(FaultBed bed) {
        return bed.jobs().get(0);
    }

    private static boolean touch(Path file) throws IOException {
        if (!Files.exists(file)) {
            Files.createFile(file);
        }
        return true;
    }

    private static boolean move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
