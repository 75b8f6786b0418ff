package gpuspool.parallel;

import gpuspool.spool.Fs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The record of what was run, for people and for going on later; a line for each command when it has ended. */
final class JobLog {
    private final Path file;
    private final Fs fs;

    JobLog(Path file, Fs fs) {
        this.file = file;
        this.fs = fs;
    }

    /** Which commands it tells of, and whether the last line of each says that it succeeded. Nothing where there is no such file. */
    Map<Long, Boolean> read() throws IOException {
        Map<Long, Boolean> told = new HashMap<>();
        if (!Files.exists(file)) {
            return told;
        }
        try (InputStream in = Files.newInputStream(file)) {
            LineReader lines = new LineReader(in);
            for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
                JobLogLine.parse(line.get()).ifPresent(one -> told.put(one.seq(), one.succeeded()));
            }
        }
        return told;
    }

    /** @param goesOn whether what it holds stays */
    void begin(boolean goesOn) throws IOException {
        if (!goesOn || !Files.exists(file) || Files.size(file) == 0) {
            fs.overwrite(file, Raw.bytes(JobLogLine.HEADER));
        }
    }

    void add(Task task, Instant started, Result result, long received) throws IOException {
        fs.addLines(file, Raw.bytes(JobLogLine.write(task, started, result, received)));
    }
}
