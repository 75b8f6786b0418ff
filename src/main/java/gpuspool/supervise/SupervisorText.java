package gpuspool.supervise;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the supervisor is: one POSIX shell per job, given this text whole at its start, so that no upgrade and no edit can change
 * it under a running job. It runs in the job directory, with the mark as descriptor 3, and lives to write down how the job ended.
 */
public final class SupervisorText {
    /** The shell that supervises; POSIX guarantees it. */
    public static final String SHELL = "/bin/sh";

    /*
     * trap :    not '': a handler is back at its default in the job, an ignored signal would stay ignored there.
     * cd /proc/self    the shell's own process id without a fork: $$ would be the supervisor's in a subshell.
     * kill -KILL $$    `go` could not be written, so nothing may run: without an ending the next look starts it again.
     * SETSID, MV    by their full names: PATH is the job's own, and may lead anywhere.
     * setsid    the job's `kill 0` must not reach the shell that waits for it.
     * mv    the last resort on a full disk: a rename needs no space, exec needs no fork.
     * No EXIT trap: bash would run it when killed by some signals, while the job lives.
     */
    private static final String MERGED =
            """
            trap : TERM INT HUP QUIT USR1 USR2 ALRM
            printf 'pid=%s\\n' $$ >&3
            (
              cd -P /proc/self; echo "go ${PWD##*/}" >&3 || { kill -KILL $$; exit; }
              echo 500 >/proc/self/oom_score_adj
              cd -- "$1" || exit 126; unset OLDPWD; shift
              exec SETSID "$@" 3>&- 2>&1
            )
            code=$?
            printf 'exit=%s end\\n' "$code" >&3 || exec MV -T started "exit.$code"
            """.replace("SETSID", program("setsid")).replace("MV", program("mv"));

    private static final String SPLIT = MERGED.replace("3>&- 2>&1", "3>&- 2>&4 4>&-");

    /*
     * For output that goes elsewhere. What cannot be opened is said where the output would be without.
     * true    not `:`: a redirection that fails ends a shell at once where the builtin is a special one.
     * >>    not what `true` opened: the two may be one file.
     */
    private static final String ELSEWHERE = """
              shift; exec 2>&1 3>&-
              test -z "$1" || { printf 'output goes to %s\\n' "$1"; true >"$1" || exit 126; }
              test -z "$2" || { printf 'errors go to %s\\n' "$2"; true >"$2" || exit 126; }
              if test -z "$1"; then exec 2>>"$2"
              elif test -z "$2"; then exec >>"$1" 2>&1
              else exec >>"$1" 2>>"$2"
              fi
              shift 2; exec SETSID "$@"
            """.replace("SETSID", program("setsid"));

    private static final String MERGED_ELSEWHERE = elsewhere(MERGED, ELSEWHERE);

    private static final String SPLIT_ELSEWHERE =
            elsewhere(SPLIT, ELSEWHERE.replace("exec 2>&1 3>&-", "exec 2>&4 3>&- 4>&-"));

    private SupervisorText() {}

    private static String elsewhere(String text, String instead) {
        int start = text.indexOf(" shift\n", text.indexOf("cd -- ")) + 1;
        return text.substring(0, start) + instead.strip() + "\n" + text.substring(text.indexOf(")\ncode="));
    }

    /** The full name of a program that the supervisor runs; the bare name where it is in none of the usual places. */
    public static String program(String name) {
        for (String directory : List.of("/usr/bin/", "/bin/", "/run/current-system/sw/bin/")) {
            if (Files.isExecutable(Path.of(directory + name))) {
                return directory + name;
            }
        }
        return name;
    }

    /**
     * The supervisor's arguments.
     *
     * @param split whether stderr goes to a file of its own, descriptor 4
     * @param logs where they go instead
     * @param cwd where the job runs
     * @param command the job's program and its arguments
     */
    static List<String> arguments(boolean split, Launcher.Logs logs, String cwd, List<String> command) {
        String text = split ? SPLIT : MERGED;
        if (logs.any()) {
            text = split ? SPLIT_ELSEWHERE : MERGED_ELSEWHERE;
        }
        List<String> arguments = new ArrayList<>(List.of(SHELL, "-c", text, "gpuspool-job", cwd));
        if (logs.any()) {
            arguments.add(logs.stdout().map(Path::toString).orElse(""));
            arguments.add(logs.stderr().map(Path::toString).orElse(""));
        }
        arguments.addAll(command);
        return arguments;
    }
}
