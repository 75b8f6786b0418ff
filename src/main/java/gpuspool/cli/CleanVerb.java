package gpuspool.cli;

import gpuspool.config.SettingsRead;
import gpuspool.job.BadValueException;
import gpuspool.job.Durations;
import gpuspool.spool.Cleaning;
import gpuspool.spool.Filed;
import gpuspool.spool.FiledRecords;
import gpuspool.spool.JobRefs;
import gpuspool.spool.Spool;
import gpuspool.spool.Where;
import gpuspool.view.Words;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gpuspool clean}: throws away records of ended jobs. */
final class CleanVerb extends Verb {
    @Parameters(
            paramLabel = "JOB",
            arity = "0..*",
            description = "the records of these, however old: exp1 if it has only one, exp1.2, or a full id")
    private List<String> jobs = List.of();

    @Option(
            names = "--older",
            paramLabel = "TIME",
            description = "records of jobs that ended so long ago, such as 30d (default: the setting keep)")
    private String older;

    @Option(
            names = "--keep",
            paramLabel = "N",
            description = "leave the N newest, however old; without --older all others go")
    private Integer keep;

    @Option(names = "--done", description = "only records in done/")
    private boolean done;

    @Option(names = "--failed", description = "only records in failed/")
    private boolean failed;

    @Option(names = "--all-runs", description = "with JOB: the records of all its runs that have ended")
    private boolean allRuns;

    @Option(names = "--dry-run", description = "only list what would be deleted")
    private boolean dryRun;

    private Spool spool;

    CleanVerb(Invocation call) {
        super(call);
    }

    @Override
    Set<Where> jobsMeant() {
        return Set.of(Where.DONE, Where.FAILED);
    }

    @Override
    public Integer call() throws IOException {
        checkUsage();
        Optional<Duration> asked = age();
        spool = open();
        Optional<Duration> age = asked.isPresent() ? asked : keep == null ? keepSetting() : Optional.of(Duration.ZERO);
        if (jobs.isEmpty() && age.isEmpty()) {
            throw usage(
                    "which records? Write --older 30d, --keep 1000 or the names of jobs; or set keep in spool.toml");
        }
        List<Filed> named = new ArrayList<>();
        boolean allFound = true;
        for (String job : jobs) {
            allFound &= find(job, named);
        }
        boolean allRemoved = clean(named, age.orElse(Duration.ZERO));
        return allFound && allRemoved ? ExitStatus.OK.code : ExitStatus.FAILED.code;
    }

    private void checkUsage() {
        if (!jobs.isEmpty() && (older != null || keep != null || done || failed)) {
            throw usage("names say which records go; leave out --older, --keep, --done and --failed, or the names");
        }
        if (allRuns && jobs.isEmpty()) {
            throw usage("--all-runs: of which job? Write its name, or --older 0s for the records of all jobs");
        }
        if (keep != null && keep < 0) {
            throw usage("--keep " + keep + ": write how many of the newest records are to stay, 0 or more");
        }
    }

    private Optional<Duration> age() {
        try {
            return older == null ? Optional.empty() : Optional.of(Durations.parse(older));
        } catch (BadValueException bad) {
            throw usage("--older: " + bad.getMessage());
        }
    }

    private Optional<Duration> keepSetting() throws IOException {
        SettingsRead read = SpoolSettings.read(spool.places(), call.environment());
        if (!read.mistakes().isEmpty()) {
            throw new IOException(read.mistakes().get(0).text()
                    + ". Nothing was removed: how long records are kept (keep) is not certain until that is mended");
        }
        return read.settings().keep();
    }

    /** Whether it is clear which records are meant; if not, says what to do. */
    private boolean find(String job, List<Filed> named) throws IOException {
        List<JobRefs.Job> found = new JobRefs(spool.places()).find(job);
        List<Filed> ended = new ArrayList<>();
        for (JobRefs.Job any : found) {
            if (any instanceof JobRefs.Run run && run.where().isEnd()) {
                ended.add(new Filed(run.id(), run.where(), run.path()));
            }
        }
        if (found.isEmpty()) {
            sayNoSuchJob(job);
        } else if (ended.isEmpty()) {
            say(found.get(0).name() + " has not ended: it is "
                    + (found.get(0).where() == Where.INCOMING
                            ? "queued"
                            : found.get(0).where().word())
                    + "; to end it: gpuspool cancel " + found.get(0).name() + spoolOption());
        } else if (ended.size() > 1 && !allRuns) {
            say(job + " has " + Words.count(ended.size(), "record") + ": " + list(ended)
                    + "; name those that are to go, or add --all-runs");
        } else {
            named.addAll(ended);
            return true;
        }
        return false;
    }

    private static String list(List<Filed> records) {
        int most = 10;
        List<String> names = new ArrayList<>();
        for (Filed record : records.subList(0, Math.min(most, records.size()))) {
            names.add(record.id().toString());
        }
        return String.join(", ", names) + (records.size() > most ? ", …" : "");
    }

    private boolean clean(List<Filed> named, Duration age) throws IOException {
        List<Where> wheres = new ArrayList<>();
        if (done || !failed) {
            wheres.add(Where.DONE);
        }
        if (failed || !done) {
            wheres.add(Where.FAILED);
        }
        long whole = jobs.isEmpty() ? new FiledRecords(spool.places()).count(wheres) : named.size();
        long now = System.currentTimeMillis();
        CleanReport report = new CleanReport(this, call, whole, now, dryRun);
        try (report) {
            Cleaning cleaning = new Cleaning(spool.places(), fs, report, dryRun);
            if (!dryRun) {
                cleaning.removeLeftovers();
            }
            if (jobs.isEmpty()) {
                cleaning.removeOld(wheres, age, keep == null ? 0 : keep, now);
            } else {
                cleaning.remove(named);
            }
        }
        return report.sum();
    }
}
