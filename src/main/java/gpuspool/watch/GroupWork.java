package gpuspool.watch;

import gpuspool.job.Ending;
import gpuspool.job.JobId;
import gpuspool.job.JobSpec;
import gpuspool.plan.Release;
import gpuspool.spool.Cancellation;
import gpuspool.spool.Fs;
import gpuspool.spool.JobDir;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the filer does for an open sweep: it looks where the members are, and takes the steps that follow. */
final class GroupWork {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long ELSEWHERE = Duration.ofSeconds(5).toNanos();
    /** Steps before the filer turns to other work: what has ended is filed before more is released. */
    private static final int MOST_STEPS = 16;

    private static final int LONGEST_PROGRESS = 200;
    private static final Pattern PROGRESS =
            Pattern.compile("made [0-9]+, done ([0-9]{1,9}), failed [0-9]+ of [0-9]+\\n?");

    private final Fs fs;
    private final Clocks clocks;
    private final Cancellation cancellation;

    GroupWork(Setup setup, Edges edges) {
        fs = edges.fs();
        clocks = edges.clocks();
        cancellation = new Cancellation(setup.spool().places(), setup.host(), fs);
    }

    /**
     * What the engine knows at the moment of asking.
     *
     * @param halted whether nothing may be started now
     * @param filed runs of its members that this watcher has filed since
     * @param seen members that this watcher has in its books
     */
    record Asked(boolean halted, boolean cancelled, Map<Integer, JobId> filed, Set<Integer> seen, Most most) {}

    /** How many members may be outside, as far as that is for the watcher to say. */
    record Most(int cards, int slots, int jobsPerCard) {
        int of(JobSpec spec) {
            OptionalInt asked = spec.sweep().orElseThrow().maxParallel();
            if (asked.isPresent()) {
                return asked.getAsInt();
            }
            // One more than can run, so that there is one to start when another ends.
            int share = spec.cards().memory().isPresent() ? jobsPerCard : 1;
            return 1 + Math.max(1, spec.gpus() == 0 ? slots : cards * share);
        }
    }

    /**
     * How far it came.
     *
     * @param released where members lie now that were let go
     * @param taken the name in incoming/ that the next one cannot have; empty: nothing is in its way
     * @param more whether there is more to do at once
     * @param nextLook monotonic time of the next look where nothing happens before; {@link Engine#NEVER} for none
     * @param ending how it ended, where it has
     * @param progress how far its members have come
     */
    record Told(
            List<Path> released,
            Optional<Path> taken,
            boolean more,
            long nextLook,
            Optional<Ending> ending,
            String progress) {}

    Told advance(JobDir dir, OpenGroup open, Asked asked) throws IOException {
        if (!open.known) {
            open.group.open();
            open.members.learn(toldDone(dir));
            open.known = true;
        }
        asked.seen().forEach(open.members::isOutside);
        open.members.follow(asked.filed());
        List<Path> released = new ArrayList<>();
        Optional<Path> taken = Optional.empty();
        Optional<Ending> ending = Optional.empty();
        Release.Step step = next(open, asked);
        for (int i = 0; i < MOST_STEPS && !(step instanceof Release.Wait); i++) {
            if (step instanceof Release.Prepare prepare) {
                open.group.prepare(prepare.number());
            } else if (step instanceof Release.LetGo letGo) {
                Optional<Path> place = release(open, letGo.number());
                if (place.isEmpty()) {
                    taken = Optional.of(open.group.place(letGo.number()));
                    break;
                }
                open.members.isOutside(letGo.number());
                released.add(place.get());
            } else if (step instanceof Release.CancelMembers) {
                open.members.cancel(cancellation);
                open.members.follow(Map.of());
                if (open.members.outside() > 0) {
                    break;
                }
            } else if (step instanceof Release.File file) {
                // Somebody may have one of them run once more.
                open.members.lookForAll();
                if (open.members.outside() == 0) {
                    ending = Optional.of(file.ending());
                    break;
                }
            }
            step = next(open, asked);
        }
        String progress = progress(open);
        boolean more = taken.isEmpty() && (step instanceof Release.Prepare || step instanceof Release.LetGo);
        long nextLook = nextLook(open, taken.isPresent() || asked.cancelled());
        nextLook = Math.min(nextLook, tell(open, progress, ending.isPresent()));
        return new Told(released, taken, more, nextLook, ending, progress);
    }

    private static Optional<Path> release(OpenGroup open, int number) throws IOException {
        try {
            return open.group.release(number);
        } catch (IOException e) {
            // It may lie in the queue all the same, and the next look tells.
            open.members.isOutside(number);
            throw e;
        }
    }

    private static Release.Step next(OpenGroup open, Asked asked) throws IOException {
        List<Integer> prepared = open.group.prepared();
        int total = open.group.sweep().members();
        int lowest = prepared.isEmpty() ? 0 : prepared.get(0);
        int highest = prepared.isEmpty() ? 0 : prepared.get(prepared.size() - 1);
        return Release.next(new Release.Found(
                lowest,
                highest,
                total,
                open.members.outside(),
                made(open) - open.members.outside() - open.members.done(),
                asked.most().of(open.group.sweep().spec()),
                asked.cancelled(),
                asked.halted()));
    }

    private static int made(OpenGroup open) throws IOException {
        List<Integer> prepared = open.group.prepared();
        return prepared.isEmpty() ? open.group.sweep().members() : prepared.get(0) - 1;
    }

    private long nextLook(OpenGroup open, boolean soon) {
        long now = clocks.nanos();
        return soon ? now + SECOND : open.members.isElsewhere() ? now + ELSEWHERE : Engine.NEVER;
    }

    /** Who has ended, and not succeeded, has failed: also whom somebody removed from the queue. */
    private static String progress(OpenGroup open) throws IOException {
        int made = made(open);
        int done = Math.min(made, open.members.done());
        int failed = Math.max(0, made - open.members.outside() - done);
        return "made " + made + ", done " + done + ", failed " + failed + " of "
                + open.group.sweep().members();
    }

    /** Writes it down, at most once a second; says when it is due. */
    private long tell(OpenGroup open, String progress, boolean last) throws IOException {
        long now = clocks.nanos();
        if (progress.equals(open.progress)) {
            return Engine.NEVER;
        }
        boolean early = !open.progress.isEmpty() && now - open.progressAt < SECOND;
        if (early && !last) {
            return open.progressAt + SECOND;
        }
        open.group.tell(progress);
        open.progress = progress;
        open.progressAt = now;
        return Engine.NEVER;
    }

    /** What another watcher wrote down: of those whose records are gone since, nothing else tells. */
    private int toldDone(JobDir dir) throws IOException {
        try {
            byte[] text = fs.read(dir.file(JobDir.PROGRESS), LONGEST_PROGRESS);
            Matcher told = PROGRESS.matcher(new String(text, StandardCharsets.UTF_8));
            return told.matches() ? Integer.parseInt(told.group(1)) : 0;
        } catch (NoSuchFileException e) {
            return 0;
        }
    }
}
