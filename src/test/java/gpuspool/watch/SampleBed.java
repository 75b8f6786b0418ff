package gpuspool.watch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** A watched spool for the samples; each program that they need from elsewhere has a stand-in that notes how it was called. */
final class SampleBed implements AutoCloseable {
    static final Path SAMPLES = Path.of("samples").toAbsolutePath();

    /** Does what the job called so needs of the program named in its first argument. */
    private static final String PYTHON = """
            #!/bin/bash
            echo "$GPUSPOOL_JOB: ${0#"${CALLS%/calls}/"} $* [$CUDA_VISIBLE_DEVICES]" >> "$CALLS/python"
            case $GPUSPOOL_JOB in
              search) echo epoch 1; echo 0.2$RANDOM ;;
              bad-prepare) exit 3 ;;
              small-jobs-*) until [ "$(grep -c ^small-jobs- "$CALLS/python")" -ge 2 ]; do sleep 0.05; done ;;
              nightly-*) until [ -e "$CALLS/morning" ]; do sleep 0.05; done ;;
              checkpoint)
                trap 'echo saved; echo state > latest.pt; exit 85' USR1
                until [ "$2" = --resume ]; do sleep 0.05; done ;;
            esac
            exit 0
            """;

    private static final String CONDA = """
            #!/bin/bash
            echo "$*" >> "$CALLS/conda"
            [ "$*" = "shell.bash hook" ] && echo 'conda() { [ "$1" = activate ] && PATH="$HOME/envs/$2/bin:$PATH"; }'
            """;

    private static final String JUPYTER = """
            #!/bin/bash
            echo "$*" >> "$CALLS/jupyter"
            echo "http://127.0.0.1:8888/lab?token=5eaf00d on $CUDA_VISIBLE_DEVICES" >&2
            trap 'echo "kernels are shut down"; exit 0' TERM
            while :; do sleep 0.05; done
            """;

    private static final String TORCHRUN = "#!/bin/bash\necho \"$OMP_NUM_THREADS $* [$CUDA_VISIBLE_DEVICES]\"\n";

    /** Takes a message from stdin. */
    private static final String MESSENGER = """
            #!/bin/bash
            printf '%s\\n' "$@" > "$CALLS/${0##*/}-$GPUSPOOL_JOB"
            cat > "$CALLS/part-$GPUSPOOL_JOB"
            mv "$CALLS/part-$GPUSPOOL_JOB" "$CALLS/${0##*/}-$GPUSPOOL_JOB.stdin"
            """;

    /** Without PyTorch, but for one job. */
    private static final String PYTHON3 = """
            #!/bin/bash
            [ "$1" = - ] && exec cat
            [ "$2" != "import torch" ] || [ "$GPUSPOOL_JOB" = has-torch ]
            """;

    final WatcherBed bed;
    final Path calls;
    final Process watcher;
    private final Path home;
    private final Set<String> used = new TreeSet<>(Set.of("spool.toml"));

    SampleBed(Path temp, String devices) throws IOException {
        Path root = temp.toRealPath();
        bed = new WatcherBed(root);
        home = Files.createDirectory(root.resolve("home"));
        calls = Files.createDirectory(root.resolve("calls"));
        standIn(root.resolve("bin/python"), PYTHON);
        standIn(root.resolve(".venv/bin/python"), PYTHON);
        standIn(home.resolve("envs/train/bin/python"), PYTHON);
        standIn(root.resolve("bin/python3"), PYTHON3);
        standIn(root.resolve("bin/conda"), CONDA);
        standIn(root.resolve("bin/jupyter"), JUPYTER);
        standIn(root.resolve("bin/torchrun"), TORCHRUN);
        standIn(root.resolve("bin/mail"), MESSENGER);
        standIn(root.resolve("bin/curl"), MESSENGER);
        Files.writeString(
                root.resolve(".venv/bin/activate"), "PATH=" + root.resolve(".venv/bin") + ":$PATH\necho activated\n");
        bed.environment.put("PATH", root.resolve("bin") + ":" + System.getenv("PATH"));
        bed.environment.put("HOME", home.toString());
        bed.environment.put("CALLS", calls.toString());
        bed.environment.put("NOTIFY_TO", "me@example.org");
        bed.environment.put("GPUSPOOL_DURABILITY", "fast");
        bed.environment.put("GPUSPOOL_RETRY_DELAY", "0s");
        watcher = bed.watch(devices);
    }

    private static void standIn(Path file, String script) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    Path home() {
        return home;
    }

    /** A sample's file, which counts as used from now on. */
    Path sample(String name) {
        used.add(name);
        return SAMPLES.resolve(name);
    }

    Set<String> used() {
        return used;
    }

    /** Drops a sample as it stands, under its own name. */
    void drop(String name) throws IOException {
        bed.drop(name, Files.readString(sample(name)));
    }

    /** Drops a sample in which this was changed, as its comments say or so that it takes seconds. */
    void drop(String as, String name, String what, String by) throws IOException {
        String text = Files.readString(sample(name));
        if (!text.contains(what)) {
            throw new AssertionError(name + " has no " + what);
        }
        bed.drop(as, text.replace(what, by));
    }

    /** What a sample's script said, its stdout and stderr together, after it ended well. */
    String run(String name, String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(sample(name).toString())
                .directory(bed.root.toFile())
                .redirectErrorStream(true);
        builder.command().addAll(List.of(arguments));
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new AssertionError(name + ": " + process + ": " + said);
        }
        return said;
    }

    /** Waits until the run is filed in this place, and returns its output. */
    String outputOf(String id, String place) throws IOException {
        Path filed = bed.awaitFiled(id);
        if (!filed.startsWith(bed.spool.resolve(place))) {
            throw new AssertionError(filed + " is not in " + place + ": " + WatcherBed.output(filed));
        }
        return WatcherBed.output(filed);
    }

    /** The calls of python by jobs whose names begin so, in their order: {@code JOB: bin/python ARGUMENTS [GPUS]}. */
    List<String> pythonOf(String job) throws IOException {
        return Files.readAllLines(calls.resolve("python")).stream()
                .filter(line -> line.startsWith(job))
                .toList();
    }

    String note(String name) throws IOException {
        return Files.readString(calls.resolve(name));
    }

    @Override
    public void close() throws IOException {
        bed.close();
    }
}
