package gpuspool.watch;

import gpuspool.gpu.CardVariables;
import gpuspool.job.JobSpec;
import gpuspool.posix.Command;
import gpuspool.spool.DropReader;
import gpuspool.spool.Fs;
import gpuspool.spool.JobDir;
import gpuspool.spool.StatusFile;
import gpuspool.supervise.JobEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Runs a command for each job that has ended, in threads of its own: {@code spool-layout.md}, section 3.6. */
final class Notifier {
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final int MOST_AT_ONCE = 4;
    private static final int TAIL_BYTES = 4096;
    private static final int MOST_REASONS = 100;

    private final Setup setup;
    private final Fs fs;
    private final Inbox inbox;
    private final BlockingQueue<Command> commands = new ArrayBlockingQueue<>(MOST_AT_ONCE);
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            MOST_AT_ONCE, MOST_AT_ONCE, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Notifier::thread);
    /** Handed to the threads and not heard of yet; the engine's alone, as all below. */
    private int pending;
    /** What went wrong, each told once. */
    private final Set<String> reasons = new HashSet<>();

    Notifier(Setup setup, Fs fs, Inbox inbox) {
        this.setup = setup;
        this.fs = fs;
        this.inbox = inbox;
        threads.allowCoreThreadTimeOut(true);
        for (int i = 0; i < MOST_AT_ONCE; i++) {
            commands.add(new Command(LONGEST));
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "notify");
        thread.setDaemon(true);
        return thread;
    }

    /** A job was filed there, and no other run follows. */
    void ended(Job job, JobDir filed) {
        if (!job.tells && setup.settings().queue().tell().isEmpty() && ofUser().isEmpty()) {
            return;
        }
        pending++;
        try {
            threads.execute(() -> inbox.put(new Inbox.Notified(job.name(), tell(filed))));
        } catch (OutOfMemoryError e) {
            // No process or thread more is allowed; that must not end the service.
            take(new Inbox.Notified(job.name(), Optional.of(e.getMessage())));
        }
    }

    /** What became of one. */
    void take(Inbox.Notified told) {
        pending--;
        told.trouble().ifPresent(why -> {
            if (reasons.size() < MOST_REASONS && reasons.add(why)) {
                setup.say("attention " + told.job() + ": its notify command failed: " + why
                        + ". The job is filed all the same; the same trouble of others is not told");
            }
        });
    }

    boolean isIdle() {
        return pending == 0;
    }

    /** An executable file of the watcher's user. */
    private Optional<Path> ofUser() {
        String home = setup.holder().environment().getOrDefault("HOME", "");
        Path file = Path.of(home.isEmpty() ? "/" : home).resolve(".config/gpuspool/notify");
        return !home.isEmpty() && Files.isRegularFile(file) && Files.isExecutable(file)
                ? Optional.of(file)
                : Optional.empty();
    }

    /** On a thread of ours; what went wrong, if anything. */
    private Optional<String> tell(JobDir dir) {
        try {
            JobDir.Contents contents = dir.look(fs);
            Optional<JobSpec> spec = contents.droppedName().isPresent()
                    ? read(dir.file(contents.droppedName().get()))
                    : Optional.empty();
            Optional<List<String>> words = spec.flatMap(own -> own.telling().tell())
                    .or(() -> setup.settings().queue().tell())
                    .or(() -> ofUser().map(file -> List.of(file.toString())));
            return words.isEmpty() ? Optional.empty() : run(words.get(), environment(dir, contents, spec), dir.path());
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            // Unheard of it would keep the watcher from ever leaving in order.
            return Optional.of(e.toString());
        }
    }

    private Optional<JobSpec> read(Path file) throws IOException {
        return setup.snapshot().read(file) instanceof DropReader.Understood understood
                ? Optional.of(understood.spec())
                : Optional.empty();
    }

    private Optional<String> run(List<String> words, List<String> environment, Path directory) throws IOException {
        List<String> all = new ArrayList<>(words);
        if (!words.get(0).startsWith("/")) {
            // Found by its PATH, as a shell finds it.
            all.addAll(0, List.of("/bin/sh", "-c", "exec \"$@\"", "sh"));
        }
        Command command = commands.remove();
        try {
            Command.Result result = command.run(all, environment, Optional.of(directory));
            String said =
                    result.errors().lines().findFirst().map(line -> ": " + line).orElse("");
            return result.status() == 0 ? Optional.empty() : Optional.of("exit " + result.status() + said);
        } finally {
            commands.add(command);
        }
    }

    private List<String> environment(JobDir dir, JobDir.Contents contents, Optional<JobSpec> spec) throws IOException {
        StatusFile status = contents.status();
        Map<String, String> own = new TreeMap<>(spec.map(JobSpec::env).orElse(Map.of()));
        own.put("GPUSPOOL_DIR", dir.path().toString());
        own.put("GPUSPOOL_JOB", dir.id().stem());
        own.put("GPUSPOOL_ID", dir.id().toString());
        own.put("GPUSPOOL_ENDING", status.get("ending").orElse(""));
        own.put("GPUSPOOL_EXIT", status.get("exit").orElse(""));
        boolean timed = status.number("elapsed").isPresent();
        own.put(
                "GPUSPOOL_ELAPSED",
                timed ? Long.toString(status.number("elapsed").getAsLong() / 1000) : "");
        own.put("GPUSPOOL_GPUS", status.get("indices").orElse("").replace(' ', ','));
        own.put("GPUSPOOL_LOG_TAIL", tail(status, contents, dir));
        List<String> variables = new ArrayList<>(setup.environment()
                .without(setup.settings().dropEnv())
                .without(CardVariables.hidden(gpuspool.gpu.Device.Vendor.AMD))
                .of(dir.id(), dir.path(), "", Map.of("CUDA_VISIBLE_DEVICES", ""), own));
        // It is no process of the job: nobody may take it for one that was left behind.
        variables.removeIf(line -> line.startsWith(JobEnvironment.COOKIE + "="));
        return variables;
    }

    private static String tail(StatusFile status, JobDir.Contents contents, JobDir dir) throws IOException {
        Path log =
                status.path(StatusFile.LOG).orElse(dir.file(contents.startMark().orElse(JobDir.OUTPUT)));
        if (!Files.isRegularFile(log)) {
            return "";
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(log)) {
            in.skipNBytes(Math.max(0, Files.size(log) - TAIL_BYTES));
            bytes = in.readNBytes(TAIL_BYTES);
        }
        int from = 0;
        while (from < bytes.length && from < 3 && bytes.length == TAIL_BYTES && (bytes[from] & 0xc0) == 0x80) {
            from++;
        }
        // A variable ends at the first NUL.
        return new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8).replace("\0", "");
    }
}
