package gpuspool.spool;

import gpuspool.job.JobId;
import gpuspool.posix.FileFacts;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/** The record of an ended job: its directory in {@code done/} or {@code failed/}. */
public record Filed(JobId id, Where where, Path path) {
    /** Where it lies, in the spool: {@code done/exp1.2.gpubox}. */
    public String place() {
        return where.word() + "/" + id;
    }

    /**
     * When its job ended, by its {@code status}; where that does not say, when something was last put into it or taken out.
     *
     * @return milliseconds since 1970; empty when the record is gone
     * @throws IOException when it is there and cannot be read: then its age is not known
     */
    public OptionalLong ended(Fs fs) throws IOException {
        Optional<FileFacts> facts = fs.look(path);
        if (facts.isEmpty()) {
            return OptionalLong.empty();
        }
        OptionalLong written = written(fs);
        return written.isPresent()
                ? written
                : OptionalLong.of(facts.get().modified().toMillis());
    }

    private OptionalLong written(Fs fs) throws IOException {
        try {
            StatusFile status = StatusFile.read(fs, path.resolve(JobDir.STATUS));
            return Times.parse(status.get("ended").orElse(""));
        } catch (NoSuchFileException e) {
            return OptionalLong.empty();
        }
    }
}
