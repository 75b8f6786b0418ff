package gpuspool.cli;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What people type who come from Slurm, from other queues and from the shell, and which verbs do that here. */
final class Habits {
    private static final Map<String, List<String>> VERBS = Map.ofEntries(
            same("sbatch", "add"),
            same("qsub", "add"),
            same("bsub", "add"),
            same("enqueue", "add"),
            same("push", "add"),
            same("srun", "run"),
            same("salloc", "run"),
            same("exec", "run"),
            same("squeue", "status"),
            same("qstat", "status"),
            same("bjobs", "status"),
            same("ls", "status"),
            same("list", "status"),
            same("jobs", "status"),
            same("ps", "status"),
            same("queue", "status"),
            same("stat", "status"),
            same("htop", "top", "status"),
            same("sinfo", "gpus"),
            same("nvidia-smi", "gpus"),
            same("smi", "gpus"),
            same("nvtop", "top", "gpus"),
            same("scancel", "cancel"),
            same("qdel", "cancel"),
            same("bkill", "cancel"),
            same("kill", "cancel"),
            same("stop", "cancel", "pause"),
            same("abort", "cancel"),
            same("rm", "cancel", "clean"),
            same("remove", "cancel", "clean"),
            same("del", "cancel", "clean"),
            same("delete", "cancel", "clean"),
            same("purge", "clean"),
            same("logs", "log"),
            same("cat", "log"),
            same("tail", "log"),
            same("output", "log"),
            same("start", "watch", "add"),
            same("serve", "watch"),
            same("daemon", "watch"),
            same("server", "watch"),
            same("sacct", "report", "show"),
            same("history", "report", "show"),
            same("info", "show"),
            same("inspect", "show"),
            same("describe", "show"),
            same("scontrol", "show", "hold"),
            same("explain", "why"),
            same("requeue", "retry"),
            same("rerun", "retry"),
            same("restart", "retry"),
            same("again", "retry"),
            same("continue", "resume"),
            same("unpause", "resume"),
            same("unhold", "release"),
            same("park", "hold"),
            same("validate", "check"),
            same("lint", "check"),
            same("config", "check"),
            same("settings", "check"),
            same("create", "init"),
            same("new", "init", "add"),
            same("mkspool", "init"),
            same("join", "wait"));

    private Habits() {}

    private static Map.Entry<String, List<String>> same(String word, String... verbs) {
        return Map.entry(word, List.of(verbs));
    }

    /** The verbs that are there and may be meant, the likeliest first; none where the word is nobody's habit. */
    static List<VerbTable> meant(String word) {
        return VERBS.getOrDefault(word, List.of()).stream()
                .map(VerbTable::named)
                .flatMap(verb -> verb.stream())
                .toList();
    }

    /** All verbs that habits lead to. */
    static Stream<String> verbs() {
        return VERBS.values().stream().flatMap(List::stream).distinct();
    }
}
