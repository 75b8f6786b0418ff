package gpuspool.spool;

import gpuspool.job.JobDefaults;
import gpuspool.job.JobFile;
import gpuspool.job.JobReader;
import gpuspool.job.JobSpec;
import gpuspool.job.Member;
import gpuspool.job.Problem;
import gpuspool.job.SweepFile;
import gpuspool.posix.FileFacts;
import gpuspool.posix.LeasedRead;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** Reading a job file whole and understanding it: to see whether it may be claimed, and again, for good, once it is ours. */
public final class DropReader {
    /** Mistakes told of one file: enough to mend it by, and no more however large it is. */
    private static final int MOST_PROBLEMS = 100;

    private final Supplier<JobDefaults> defaults;
    private final IntSupplier limit;
    private final boolean leases;

    /**
     * Asks its suppliers anew at each reading.
     *
     * @param limit the most bytes that a job file may have
     * @param leases whether the spool's file system knows leases
     */
    public DropReader(Supplier<JobDefaults> defaults, IntSupplier limit, boolean leases) {
        this.defaults = defaults;
        this.limit = limit;
        this.leases = leases;
    }

    public sealed interface Outcome {}

    /** What the file asks for, as it was at one moment. {@code leased}: nobody had it open for writing then. */
    public record Understood(JobSpec spec, FileFacts facts, boolean leased) implements Outcome {}

    /** It can never run; one line each. {@code member}: of which sweep it is a part, where that much could be read. */
    public record Refused(List<String> problems, Optional<FileFacts> facts, boolean leased, Optional<Member> member)
            implements Outcome {}

    /** Not to be taken now. */
    public record NotYet(String why) implements Outcome {}

    /** Nobody has written anything into it yet. */
    public record Empty() implements Outcome {}

    public record Gone() implements Outcome {}

    /** Reads the file and what it asks for; changes nothing. */
    public Outcome read(Path file) throws IOException {
        LeasedRead.Outcome outcome = LeasedRead.read(file, limit.getAsInt(), leases);
        if (outcome instanceof LeasedRead.Content content) {
            return understand(file.getFileName().toString(), content);
        }
        if (outcome instanceof LeasedRead.Unfit unfit) {
            return unfit(file, unfit);
        }
        return outcome instanceof LeasedRead.Gone ? new Gone() : new NotYet("somebody has it open for writing");
    }

    /**
     * The sweep that a claimed file's private copy says; empty where it says none.
     *
     * @param name the dropped file's
     */
    Optional<SweepFile> sweep(String name, byte[] bytes) {
        return JobReader.readSweep(name, bytes, defaults.get().withAnySweep());
    }

    /** A job file for what does not depend on any defaults. */
    static JobFile readPlainly(String name, byte[] bytes) {
        return JobReader.read(name, bytes, new JobDefaults(List.of("/bin/sh")).withAnySweep());
    }

    private Outcome understand(String name, LeasedRead.Content content) {
        if (content.bytes().length == 0) {
            return new Empty();
        }
        JobFile file = JobReader.read(name, content.bytes(), defaults.get());
        if (file instanceof JobFile.Valid valid) {
            return new Understood(valid.spec(), content.facts(), content.leased());
        }
        List<Problem> problems = ((JobFile.Invalid) file).problems();
        String shown = Escapes.escape(name);
        List<String> lines = new ArrayList<>();
        problems.stream().limit(MOST_PROBLEMS).forEach(problem -> lines.add(problem.at(shown)));
        if (problems.size() > MOST_PROBLEMS) {
            lines.add("… and " + (problems.size() - MOST_PROBLEMS) + " more; all of them: gpuspool check FILE");
        }
        return new Refused(lines, Optional.of(content.facts()), content.leased(), ((JobFile.Invalid) file).member());
    }

    private static Outcome unfit(Path file, LeasedRead.Unfit unfit) {
        if (!unfit.facts().isRegular()) {
            return new NotYet("it is " + unfit.what() + ", not a regular file");
        }
        String name = Escapes.escape(file.getFileName().toString());
        String line =
                name + ":1:1: the file is " + unfit.what() + " bytes; put the data elsewhere and let the job read it";
        return new Refused(List.of(line), Optional.of(unfit.facts()), true, Optional.empty());
    }
}
