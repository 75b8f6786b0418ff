package gpuspool.doctor;

import gpuspool.posix.FailureText;
import gpuspool.posix.ProcessFacts;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Whether limits leave room for a watcher and its jobs. */
final class LimitCheck {
    static final String CHECK = "limits";
    private static final Path INOTIFY = Path.of("/proc/sys/fs/inotify");
    private static final Path EVENTS = INOTIFY.resolve("max_queued_events");
    /** A watcher's own files, its locks, and a few for each of many jobs. */
    private static final long FEW_OPEN_FILES = 256;
    /** What a watcher and a job or two start. */
    private static final long FEW_THREADS = 64;

    private LimitCheck() {}

    /**
     * Limits and what is used of them; {@link Long#MAX_VALUE} for no limit, empty where nothing tells.
     *
     * @param who whose limits these are, for people
     * @param inotify what the kernel answered when one more inotify instance and watch was made; empty when it could be
     */
    record Facts(
            String who,
            OptionalLong openFiles,
            OptionalLong threads,
            OptionalLong threadsUsed,
            Optional<Pids> pids,
            OptionalLong instances,
            OptionalLong watches,
            ProcessFacts.Inotify inotifyUsed,
            OptionalLong queuedEvents,
            Optional<String> inotify) {

        /**
         * @param process a living watcher, or ourselves
         * @param user whom it runs as
         */
        static Facts of(String who, long process, long user) throws IOException {
            // The limit on processes does not count for root.
            boolean bound = user != 0;
            return new Facts(
                    who,
                    ProcessFacts.limit(process, "Max open files"),
                    bound ? ProcessFacts.limit(process, "Max processes") : OptionalLong.empty(),
                    bound ? OptionalLong.of(ProcessFacts.threadsOf(user)) : OptionalLong.empty(),
                    Pids.of(ProcessFacts.groups(process)),
                    ProcessFacts.numberIn(INOTIFY.resolve("max_user_instances")),
                    ProcessFacts.numberIn(INOTIFY.resolve("max_user_watches")),
                    ProcessFacts.inotifyOf(user),
                    ProcessFacts.numberIn(EVENTS),
                    tryInotify());
        }
    }

    private static Optional<String> tryInotify() {
        try (WatchService service = FileSystems.getDefault().newWatchService()) {
            Path.of("/").register(service, StandardWatchEventKinds.ENTRY_CREATE);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(FailureText.of(e));
        }
    }

    static List<Finding> judge(Facts facts) {
        List<Finding> findings = new ArrayList<>();
        if (facts.openFiles.isPresent() && facts.openFiles.getAsLong() < FEW_OPEN_FILES) {
            findings.add(Finding.problem(
                    CHECK,
                    facts.who + " may have only " + facts.openFiles.getAsLong() + " files open; jobs need some each",
                    "ulimit -n 1024 before gpuspool watch, or LimitNOFILE=1024 in its unit"));
        }
        boolean counted = facts.threads.isPresent() && facts.threadsUsed.isPresent();
        if (counted && facts.threads.getAsLong() - facts.threadsUsed.getAsLong() < FEW_THREADS) {
            findings.add(Finding.problem(
                    CHECK,
                    facts.threadsUsed.getAsLong() + " of " + facts.threads.getAsLong()
                            + " processes and threads of the user of " + facts.who + " are in use: jobs may not start",
                    "end some, or raise it: ulimit -u before gpuspool watch, or LimitNPROC= in its unit"));
        }
        facts.pids
                .filter(pids -> pids.most() - pids.used() < FEW_THREADS)
                .ifPresent(pids -> findings.add(Finding.problem(
                        CHECK,
                        pids.used() + " of " + pids.most() + " processes of " + pids.file()
                                + " are in use: jobs may not start",
                        "raise it: TasksMax= in the unit, or the container's limit on processes (--pids-limit)")));
        facts.inotify.ifPresent(answer -> findings.add(noInotify(facts, answer)));
        if (findings.isEmpty()) {
            findings.add(Finding.ok(CHECK, summary(facts)));
        }
        return findings;
    }

    private static Finding noInotify(Facts facts, String answer) {
        return Finding.problem(
                CHECK,
                "no more directories can be watched; " + answer + " (" + facts.inotifyUsed.instances() + " of "
                        + shown(facts.instances) + " instances and " + facts.inotifyUsed.watches() + " of "
                        + shown(facts.watches) + " watches are in use)",
                "sudo sysctl fs.inotify.max_user_instances=1024 fs.inotify.max_user_watches=524288 (in /etc/sysctl.d to"
                        + " stay)");
    }

    private static String summary(Facts facts) {
        return facts.who + ": " + shown(facts.openFiles) + " open files; inotify: "
                + facts.inotifyUsed.instances() + " of " + shown(facts.instances) + " instances, "
                + facts.inotifyUsed.watches() + " of " + shown(facts.watches) + " watches, "
                + shown(facts.queuedEvents) + " events at once";
    }

    private static String shown(OptionalLong limit) {
        if (limit.isEmpty()) {
            return "?";
        }
        return limit.getAsLong() == Long.MAX_VALUE ? "unlimited" : Long.toString(limit.getAsLong());
    }
}
