package gpuspool.watch;

import gpuspool.posix.ProcFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * A process that cards are granted to, as {@code spool-layout.md}, section 13, says: a shell that takes them over with flock(1) and
 * becomes its command.
 */
final class Taker {
    /** What watchers are to call this host. */
    static final String HOST = "here";

    private static final String TAKE_OVER = """
            spool=$1 stem=$2; shift 2
            mine() { [ -e "$1/$stem.toml" ] && [ "$(stat -c %i "$1/$stem.toml")" = "$inode" ]; }
            value() { sed -n "s/^$1 = //p" "$dir/granted"; }
            # Opens and locks one file: LOCK [-s]
            lock() {
                exec {fd}<>"$lockdir/$1" && flock -n $2 $fd || return 1
                [ "$(stat -Lc %i "/proc/$$/fd/$fd")" = "$(stat -c %i "$lockdir/$1")" ]
            }
            take() {
                lockdir=$(value lockdir) all=$(value locks)
                job=${all##* }
                lock "$job" || return 1
                # What was granted may have changed until now; from now on it cannot.
                for name in $(value locks); do
                    case $name in
                        "$job") ;;
                        *:shared) lock "${name%:shared}" -s || return 1 ;;
                        *) lock "$name" || return 1 ;;
                    esac
                done
            }
            drop() { for f in /proc/$$/fd/*; do f=${f##*/}; [ "$f" -ge 10 ] && [ "$f" != 255 ] && eval "exec $f>&-"; done; }
            read inode
            dir=
            while [ -z "$dir" ]; do
                for d in "$spool/failed/$stem."*; do mine "$d" && exit 75; done
                for d in "$spool/running/$stem."*; do mine "$d" && [ -e "$d/granted" ] && dir=$d; done
                [ -n "$dir" ] || sleep 0.02
            done
            [ -z "$HESITATE" ] || while [ ! -e "$HESITATE" ]; do sleep 0.02; done
            until take; do drop; [ -d "$dir" ] || exit 75; sleep 0.02; done 2>/dev/null
            [ -z "$PAUSE" ] || while [ ! -e "$PAUSE" ]; do sleep 0.02; done
            mv -T "$dir/token" "$dir/foreground" 2>/dev/null || exit 75
            while IFS= read -r line; do
                case $line in env.*)
                    line=${line#env.}
                    printf -v value %b "${line#* = }"
                    export "${line%% = *}=$value" ;;
                esac
            done <"$dir/granted"
            for name in $(value unset); do unset "$name"; done
            exec "$@"
            """;

    final Process process;
    final Path output;

    private Taker(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /**
     * Starts a process that asks for cards and waits for them.
     *
     * @param stem its file is called {@code stem.toml}
     * @param keys lines of the job file
     * @param pauses environment: {@code HESITATE} and {@code PAUSE} name files that it waits for before its locks, and its rename
     */
    static Taker start(WatcherBed bed, String stem, String keys, List<String> pauses, String... command)
            throws IOException {
        Path output = bed.root.resolve(stem + ".out");
        List<String> words = new ArrayList<>(List.of("bash", "-c", TAKE_OVER, "taker", bed.spool.toString(), stem));
        words.addAll(List.of(command));
        ProcessBuilder builder =
                new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("GPUSPOOL_") || name.startsWith("CUDA_"));
        builder.environment().putAll(bed.environment);
        builder.environment().put("GPUSPOOL_GPU_MEM", "of an outer job");
        for (String pause : pauses) {
            builder.environment()
                    .put(pause, bed.root.resolve(pause.toLowerCase(Locale.ROOT)).toString());
        }
        Process process = builder.start();
        Path draft = Files.writeString(bed.root.resolve(stem + ".draft"), file(process.pid(), keys, HOST));
        Object inode = Files.getAttribute(draft, "unix:ino");
        Files.move(draft, bed.incoming(stem + ".toml"));
        try (var to = process.outputWriter()) {
            to.write(inode + "\n");
        }
        return new Taker(process, output);
    }

    static Taker start(WatcherBed bed, String stem, String keys, String... command) throws IOException {
        return start(bed, stem, keys, List.of(), command);
    }

    static String file(long pid, String keys, String host) {
        return "command = [\"in\", \"the\", \"foreground\"]\nforeground = { host = \"" + host + "\", pid = " + pid
                + ", start = " + ProcFiles.startTicks(pid).orElseThrow() + " }\n" + keys + "\n";
    }

    int awaitExit() throws InterruptedException {
        if (!process.waitFor(25, TimeUnit.SECONDS)) {
            throw new AssertionError("still alive: " + process);
        }
        return process.exitValue();
    }

    String said() throws IOException {
        return WatcherBed.read(output);
    }
}
