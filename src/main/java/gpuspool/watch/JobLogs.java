package gpuspool.watch;

import gpuspool.job.JobId;
import gpuspool.job.JobSpec;
import gpuspool.job.LogPath;
import gpuspool.job.Output;
import gpuspool.spool.StatusFile;
import gpuspool.supervise.Launcher;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the output of one run goes.
 *
 * @param split whether stdout and stderr have a file each in its directory
 * @param files elsewhere
 */
record JobLogs(boolean split, Launcher.Logs files) {
    static final JobLogs MERGED = new JobLogs(false, Launcher.Logs.NONE);

    static JobLogs of(JobSpec spec, JobId id, Path cwd) {
        String user = System.getProperty("user.name");
        Optional<Path> stdout =
                spec.telling().stdout().map(pattern -> cwd.resolve(LogPath.of(pattern, id, spec.member(), user)));
        Optional<Path> stderr =
                spec.telling().stderr().map(pattern -> cwd.resolve(LogPath.of(pattern, id, spec.member(), user)));
        return new JobLogs(
                spec.output() == Output.SPLIT && stdout.isEmpty(),
                new Launcher.Logs(stdout.map(Path::normalize), stderr.map(Path::normalize)));
    }

    /** Why they cannot be written, as far as that can be told beforehand. */
    Optional<String> impossible() {
        return Stream.of(wrong("output", files.stdout()), wrong("error", files.stderr()))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<String> wrong(String key, Optional<Path> file) {
        if (file.isEmpty()) {
            return Optional.empty();
        }
        Path directory = file.get().getParent();
        if (!Files.isDirectory(directory)) {
            return Optional.of("the directory " + directory + " for its " + key
                    + " does not exist here; make it, or correct " + key);
        }
        return Files.isDirectory(file.get())
                ? Optional.of(key + " " + file.get() + " is a directory; name a file")
                : Optional.empty();
    }

    StatusFile.Lines lines() {
        StatusFile.Lines lines = new StatusFile.Lines().add("output", split ? "split" : "merged");
        files.stdout().ifPresent(file -> lines.add(StatusFile.LOG, file.toString()));
        files.stderr().ifPresent(file -> lines.add(StatusFile.ERROR_LOG, file.toString()));
        return lines;
    }
}
