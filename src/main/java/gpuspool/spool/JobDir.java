package gpuspool.spool;

import gpuspool.job.Again;
import gpuspool.job.Ending;
import gpuspool.job.JobId;
import gpuspool.posix.RawNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** One job directory and the names in it; {@code spool-layout.md}, section 1.1. */
public record JobDir(Path path, JobId id) {
    public static final String STATUS = "status";
    public static final String SCRIPT = "script";
    public static final String CANCEL = "cancel";
    public static final String REASON = "reason";
    /** Start mark of merged output. */
    public static final String OUTPUT = "output.log";
    /** Start mark of split output. */
    public static final String STDOUT = "stdout.log";

    public static final String STDERR = "stderr.log";
    public static final String UNSPAWNED = "unspawned.";
    /** A whole copy of the dropped file, on its way back into the queue. */
    public static final String AGAIN = "again";

    /** The cards that are kept for the process of a job in the foreground, and what that needs to take them over. */
    public static final String GRANTED = "granted";

    /** How far a sweep has come, one line. */
    public static final String PROGRESS = "progress";

    static final String GRANTED_DRAFT = "granted.new";

    /** What it uses of its cards, while it runs; {@link UsageFile}. */
    public static final String USAGE = "usage";

    static final String AGAIN_DRAFT = "again.new";

    public Path status() {
        return path.resolve(STATUS);
    }

    /** Also for a name as {@link Contents} shows it, whatever its bytes are. */
    public Path file(String name) {
        return RawNames.resolve(path, name);
    }

    /** What lies in a job directory at one look. {@code status} is empty of facts where the file is missing. */
    public record Contents(List<String> names, Mark mark, StatusFile status) {
        /** The user's file: no file of ours ends in {@code .job} or {@code .toml}. */
        public Optional<String> droppedName() {
            for (String name : names) {
                if (DroppedName.isJob(name)) {
                    return Optional.of(name);
                }
            }
            return Optional.empty();
        }

        /** The start mark's name, where the kernel made one: proof that a child was set up. */
        public Optional<String> startMark() {
            if (names.contains(OUTPUT)) {
                return Optional.of(OUTPUT);
            }
            return names.contains(STDOUT) ? Optional.of(STDOUT) : Optional.empty();
        }

        public boolean has(String name) {
            return names.contains(name);
        }

        /** Whether these are a job's at all: {@link JobDir#isRecord}. */
        boolean isRecord() {
            return JobDir.isRecord(names);
        }

        /** Whether the job is to be queued again, and how far that has come. */
        public Again again() {
            return Again.of(status.get(StatusFile.AGAIN).orElse(""));
        }

        /** How it ended, where it is filed. */
        public Ending ending() {
            Optional<Ending> word = status.get("ending").flatMap(Ending::parse);
            OptionalInt code = mark.exitCode();
            if (word.isPresent() || code.isEmpty()) {
                return word.orElse(new Ending.Unknown());
            }
            return new Ending.Exited(code.getAsInt());
        }
    }

    /**
     * Whether a directory in done/ or failed/ with these names tells of a job. One without dropped file and mark is what a cancel
     * left that was killed, or has not come to it yet: its job is somewhere else.
     */
    static boolean isRecord(List<String> names) {
        for (String name : names) {
            if (DroppedName.isJob(name) || Mark.isMark(name)) {
                return true;
            }
        }
        return false;
    }

    /** Looks at everything a verdict needs. Throws where anything that is there could not be read whole. */
    public Contents look(Fs fs) throws IOException {
        List<String> names = fs.list(path);
        Optional<String> mark = Mark.nameIn(names);
        byte[] words = mark.isPresent() ? fs.read(file(mark.get()), Mark.LARGEST) : new byte[0];
        byte[] facts = names.contains(STATUS) ? fs.read(status(), StatusFile.LARGEST) : new byte[0];
        return new Contents(names, Mark.parse(names, words), StatusFile.parse(facts));
    }

    /** Adds facts to the status file; one that a power cut or a hand took away is begun anew. */
    public void append(Fs fs, StatusFile.Lines lines) throws IOException {
        if (fs.look(status()).isPresent()) {
            fs.append(status(), lines.bytesAfter(fs.read(status(), StatusFile.LARGEST)));
        } else {
            fs.create(status(), lines.bytes());
        }
    }
}
