package gpuspool.watch;

import gpuspool.posix.Lock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Watchers with one mistake each, made by a wrapper around what they touch the world with. */
final class Mutants {
    private Mutants() {}

    /** A lock that locks nothing. */
    record NoLock() implements Lock {
        @Override
        public int fd() {
            throw new AssertionError("not a descriptor");
        }

        @Override
        public boolean share() {
            return true;
        }

        @Override
        public void close() {
            // Nothing is held.
        }

        @Override
        public void retire() {
            // Nothing is held.
        }
    }

    static boolean isJobLock(Step step) {
        return step.is(Step.Kind.LOCK) && step.name().startsWith("job-");
    }

    static boolean isCardLock(Step step) {
        return step.is(Step.Kind.LOCK) && step.name().startsWith("sim-");
    }

    static Meddler withoutLocks(Predicate<Step> which) {
        return (step, call) -> which.test(step) ? Optional.of(new NoLock()) : call.run();
    }

    /** Skips some fsyncs; {@code filing}: those after the first start, else those before it. */
    static Meddler withoutSync(boolean filing, Predicate<Step> which) {
        boolean[] launched = {false};
        return (step, call) -> {
            launched[0] |= step.is(Step.Kind.LAUNCH);
            return step.is(Step.Kind.SYNC) && launched[0] == filing && which.test(step) ? null : call.run();
        };
    }

    /** token becomes started only when the child is there. */
    static Meddler armedAfterTheSpawn() {
        List<Meddler.Call> held = new ArrayList<>();
        return (step, call) -> {
            if (step.isRename() && step.to().endsWith("started")) {
                held.add(call);
                return null;
            }
            if (step.is(Step.Kind.SYNC) && step.name().equals("started") && !held.isEmpty()) {
                return null;
            }
            Object result = call.run();
            if (step.is(Step.Kind.LAUNCH)) {
                for (Meddler.Call rename : held) {
                    Object unused = rename.run();
                }
                held.clear();
            }
            return result;
        };
    }

    /** Asks for its locks only when the child is there. */
    static Meddler lockedAfterTheSpawn(Predicate<Step> which) {
        List<Meddler.Call> held = new ArrayList<>();
        return (step, call) -> {
            if (which.test(step)) {
                held.add(call);
                return Optional.of(new NoLock());
            }
            Object result = call.run();
            if (step.is(Step.Kind.LAUNCH)) {
                for (Meddler.Call lock : held) {
                    Object unused = lock.run();
                }
                held.clear();
            }
            return result;
        };
    }

    /** Looks into a job directory before it asks for its lock, and judges by that; {@code between}: what happens meanwhile. */
    static Meddler judgesByAnOldListing(Path running, Runnable between) {
        Map<Path, Object> old = new HashMap<>();
        return (step, call) -> {
            if (isJobLock(step)) {
                remember(running, old);
                between.run();
            }
            Object seen = step.is(Step.Kind.LIST) || step.is(Step.Kind.READ) ? old.remove(step.path()) : null;
            return seen == null ? call.run() : seen;
        };
    }

    private static void remember(Path running, Map<Path, Object> old) throws IOException {
        try (var directories = Files.newDirectoryStream(running)) {
            for (Path directory : directories) {
                List<String> names = new ArrayList<>();
                try (var files = Files.newDirectoryStream(directory)) {
                    for (Path file : files) {
                        names.add(file.getFileName().toString());
                        old.put(file, Files.readAllBytes(file));
                    }
                }
                names.sort(null);
                old.put(directory, names);
            }
        }
    }

    /** Believes an error of the rename that claims: X did not come. */
    static Meddler trustsErrno() {
        List<Path> believed = new ArrayList<>();
        return (step, call) -> {
            if (step.is(Step.Kind.LOOK) && believed.remove(step.path())) {
                return Optional.empty();
            }
            try {
                return call.run();
            } catch (IOException e) {
                if (step.is(Step.Kind.RENAME) && step.parent().equals("incoming")) {
                    believed.add(step.to());
                }
                throw e;
            }
        };
    }

    /** Looks into done/ and failed/ for a used name at the wrong moment: before {@code early}. */
    static Meddler looksForUsedNamesBefore(Predicate<Step> early, Path spool, Runnable between) {
        Map<Path, Object> old = new HashMap<>();
        boolean[] once = {false};
        return (step, call) -> {
            if (early.test(step) && !once[0]) {
                once[0] = true;
                for (String place : List.of("done", "failed")) {
                    Path path = spool.resolve(place).resolve("x.1." + FaultBed.HOST);
                    if (!Files.exists(path)) {
                        old.put(path, Optional.empty());
                    }
                }
                between.run();
            }
            Object seen = step.is(Step.Kind.LOOK) ? old.remove(step.path()) : null;
            return seen == null ? call.run() : seen;
        };
    }

    /** Never looks there at all. */
    static Meddler usesNamesAgain() {
        return (step, call) -> step.is(Step.Kind.LOOK)
                        && (step.parent().equals("done") || step.parent().equals("failed"))
                ? Optional.empty()
                : call.run();
    }
}
