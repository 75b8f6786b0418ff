package gpuspool.watch;

import gpuspool.job.Mention;
import gpuspool.job.Turn;
import gpuspool.plan.Dependence;
import gpuspool.spool.Escapes;
import gpuspool.spool.Fs;
import gpuspool.spool.HostFiles;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Jobs whose turn cannot have come yet: for another host, for a later time, or after other jobs ({@code spool-layout.md}, section
 * 11.4). They stand in the {@link Backlog}, out of the queues, until something happens that they wait for.
 */
final class Waits {
    /** Between two looks at a calendar that may be set: {@code begin} is a time by it. */
    private static final Duration LONGEST_SLEEP = Duration.ofHours(1);

    /** Apart, so that watchers of jobs without such a key do not pay for it. */
    private static final class Format {
        static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
    }

    private final Setup setup;
    private final Fs fs;
    private final Clocks clocks;
    private final Backlog backlog;
    private final OtherJobs others;
    /** Whether there is a watcher of that name. */
    private final Map<String, Boolean> watchers = new HashMap<>();

    Waits(Setup setup, Fs fs, Clocks clocks, Backlog backlog, OtherJobs others) {
        this.setup = setup;
        this.fs = fs;
        this.clocks = clocks;
        this.backlog = backlog;
        this.others = others;
    }

    boolean isForThisHost(Turn turn) {
        return turn.hosts().isEmpty() || turn.hosts().contains(setup.host());
    }

    /** Puts a file that was understood where it belongs now. */
    void place(Entry entry, long now) {
        if (!isForThisHost(entry.turn)) {
            backlog.sleep(entry, isForOthers(entry.turn));
            return;
        }
        Dependence.Verdict verdict = others.judge(entry.stem, entry.turn);
        Optional<Instant> begin = notBefore(entry.turn, entry.queued());
        if (verdict instanceof Dependence.Never) {
            backlog.refuse(entry);
        } else if (begin.isPresent()) {
            long sleep = Math.min(
                    LONGEST_SLEEP.toMillis(),
                    begin.get().toEpochMilli() - clocks.calendar().millis());
            backlog.holdUntil(now + Duration.ofMillis(sleep).toNanos(), entry, tell(begin.get()), true);
        } else if (verdict instanceof Dependence.Waits waits) {
            backlog.sleep(entry, waits.why());
        } else {
            backlog.ready(entry);
        }
    }

    /** What became of the jobs that some wait for may be known better now. */
    void turn(long now) throws IOException {
        others.turn(now).forEach(entry -> again(entry, now));
    }

    /** The same, looking at everything; and whether the calendar was set, and which hosts there are. */
    void scan(long now) throws IOException {
        for (Entry entry : List.copyOf(backlog.heldBack())) {
            if (entry.turn.begin().isPresent()
                    && notBefore(entry.turn, entry.queued()).isEmpty()) {
                backlog.readAgain(entry.file.path());
            }
        }
        Map<String, Boolean> before = Map.copyOf(watchers);
        watchers.clear();
        before.keySet().forEach(this::hasWatcher);
        if (!watchers.equals(before)) {
            List.copyOf(backlog.sleeping()).stream()
                    .filter(entry -> !isForThisHost(entry.turn))
                    .forEach(entry -> place(entry, now));
        }
        others.scan();
        turn(now);
    }

    private void again(Entry entry, long now) {
        boolean never = others.judge(entry.stem, entry.turn) instanceof Dependence.Never;
        if (entry.state == Entry.State.REFUSED && !never) {
            backlog.readAgain(entry.file.path());
        } else if (entry.state != Entry.State.REFUSED) {
            place(entry, now);
        }
    }

    /** Why a job that is claimed by now can never start; empty: it can. What its file says now counts. */
    List<String> never(Job job, Turn turn) throws IOException {
        String file = Escapes.escape(job.droppedName);
        if (!isForThisHost(turn)) {
            return List.of(file + ":1:1: hosts is " + String.join(",", turn.hosts()) + ", and " + setup.host()
                    + " had claimed it before that was written; drop it again");
        }
        List<String> lines = new ArrayList<>();
        if (others.judgeClaimed(job, turn) instanceof Dependence.Never never) {
            never.reasons().forEach(reason -> lines.add(reason.in(file)));
        }
        return lines;
    }

    /** Why a job that is claimed by now may not start yet; empty: it may. */
    Optional<String> notYet(Job job, Turn turn) throws IOException {
        Optional<String> begin =
                job.queued.flatMap(queued -> notBefore(turn, queued)).map(Waits::tell);
        return begin.isEmpty() && others.judgeClaimed(job, turn) instanceof Dependence.Waits waits
                ? Optional.of(waits.why())
                : begin;
    }

    /** The time that it waits for, while that is to come. */
    private Optional<Instant> notBefore(Turn turn, Instant queued) {
        return turn.begin()
                .map(begin -> begin.from(queued, ZoneId.systemDefault()))
                .filter(time -> time.toEpochMilli() > clocks.calendar().millis());
    }

    private static String tell(Instant begin) {
        return "not before " + Format.TIME.format(begin.atZone(ZoneId.systemDefault()));
    }

    private String isForOthers(Turn turn) {
        List<String> silent =
                turn.hosts().stream().filter(host -> !hasWatcher(host)).toList();
        String hosts = (turn.hosts().size() == 1 ? "for host " : "for hosts ") + String.join(", ", turn.hosts());
        return hosts + "; this is " + setup.host()
                + (silent.isEmpty() ? "" : ", and there is no watcher of " + String.join(" or ", silent));
    }

    private boolean hasWatcher(String host) {
        return watchers.computeIfAbsent(host, name -> {
            try {
                return fs.look(HostFiles.watcherFile(setup.spool().places().host(name)))
                        .isPresent();
            } catch (IOException e) {
                // Not known: then nothing is said of it.
                return true;
            }
        });
    }

    /** Whether something that waits here can still start without anybody's doing. */
    boolean somethingMoves() {
        return others.mayChange()
                || backlog.sleeping().stream()
                        .anyMatch(entry -> isForThisHost(entry.turn)
                                && others.judge(entry.stem, entry.turn) instanceof Dependence.Waits waits
                                && waits.on().stream().map(Mention::job).allMatch(others::runsElsewhere));
    }

    OtherJobs others() {
        return others;
    }

    long nextDue() {
        return others.nextDue();
    }
}
