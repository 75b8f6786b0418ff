package gpuspool.cli;

import gpuspool.job.Ending;
import gpuspool.spool.Escapes;
import gpuspool.spool.FailedJobs;
import gpuspool.spool.HostNote;
import gpuspool.spool.JobRefs;
import gpuspool.spool.Mark;
import gpuspool.spool.Resubmission;
import gpuspool.spool.RetryChoice;
import gpuspool.spool.RunLook;
import gpuspool.spool.Spool;
import gpuspool.spool.StatusFile;
import gpuspool.spool.Where;
import gpuspool.view.Words;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gpuspool retry}: queues ended jobs once more, each as a new run. */
final class RetryVerb extends Verb {
    @Parameters(
            paramLabel = "JOB",
            arity = "0..*",
            description = "exp1 (its newest run), exp1.2, a full id, or a file's name")
    private List<String> jobs = List.of();

    @Option(
            names = "--failed",
            description = "every job whose newest run failed, but for those that were cancelled or refused; with JOB,"
                    + " of the members of that sweep")
    private boolean failed;

    @Option(names = "--dry-run", description = "only say what would be queued")
    private boolean dryRun;

    private Spool spool;
    private Resubmission resubmission;
    private final ProgressLine progress;
    private int queued;

    RetryVerb(Invocation call) {
        super(call);
        progress = new ProgressLine(call, System::nanoTime);
    }

    @Override
    Set<Where> jobsMeant() {
        return Set.of(Where.DONE, Where.FAILED);
    }

    @Override
    public Integer call() throws IOException {
        if (!failed && jobs.isEmpty()) {
            throw usage("which jobs? Write their names, or --failed for all that failed");
        }
        spool = open();
        resubmission = new Resubmission(spool.places(), fs);
        boolean all;
        try (progress) {
            all = failed ? retryFailed() : retryNamed();
        }
        sayIfNobodyWatches();
        return all ? ExitStatus.OK.code : ExitStatus.FAILED.code;
    }

    private boolean retryNamed() throws IOException {
        boolean all = true;
        for (String job : jobs) {
            all &= retry(job);
        }
        return all;
    }

    private boolean retry(String reference) throws IOException {
        RetryChoice choice = RetryChoice.of(reference, new JobRefs(spool.places()).find(reference));
        if (choice instanceof RetryChoice.Again again) {
            Optional<RunLook> look = look(again.run());
            return look.isPresent() ? retry(look.get()) : sayGone(again.run().name());
        }
        if (choice instanceof RetryChoice.Living living) {
            sayLives(living.job());
        } else if (choice instanceof RetryChoice.Several several) {
            say(reference + " could be any of " + names(several.jobs()) + "; name one of them");
        } else {
            sayNoSuchJob(reference);
        }
        return false;
    }

    private void show(int done, int whole, String what) {
        progress.show(done, whole, () -> Words.number(done) + " of " + Words.count(whole, "failed job") + " " + what);
    }

    @Override
    void say(String line) {
        progress.close();
        super.say(line);
    }

    @Override
    void out(String line) {
        if (call.outIsTerminal()) {
            progress.close();
        }
        super.out(line);
    }

    private Optional<RunLook> look(JobRefs.Run run) throws IOException {
        return RunLook.at(run.path(), run.id(), run.where(), looker(), fs);
    }

    private void sayLives(JobRefs.Job job) {
        if (job instanceof JobRefs.Queued file) {
            say(
                    file.where() == Where.HELD
                            ? file.fileName() + " is held; release it instead"
                            : file.fileName() + " is queued already");
        } else {
            say(job.name() + " is running now; to run the job once more beside it, name a run that has ended");
        }
    }

    private static String names(List<JobRefs.Job> found) {
        return String.join(
                ", ",
                found.stream()
                        .map(job -> job instanceof JobRefs.Queued file
                                ? file.fileName()
                                : ((JobRefs.Run) job).id().toString())
                        .toList());
    }

    private boolean retry(RunLook look) throws IOException {
        String run = look.dir().id().shortName();
        if (look.isInForeground()) {
            say(run + " ran in the foreground, and only whoever started it can do so again: gpuspool run"
                    + spoolOption() + " -- "
                    + look.contents()
                            .status()
                            .get("command")
                            .map(Escapes::forPeople)
                            .orElse("COMMAND"));
            return false;
        }
        try {
            Path file = resubmission.droppedFile(look);
            String name = Resubmission.escapedName(file);
            String was =
                    " (was " + run + ": " + look.ending().map(Ending::describe).orElse("unknown") + ")";
            if (dryRun) {
                out(name + ": would be queued again" + was);
                return true;
            }
            Resubmission.Outcome outcome = resubmission.queue(file);
            switch (outcome) {
                case QUEUED -> {
                    queued++;
                    out(name + ": queued again" + was);
                }
                case NAME_TAKEN -> say(name + " is queued already");
                case NAME_HELD -> say(name + " is held; release it instead");
                case GONE -> sayGone(run);
            }
            return outcome == Resubmission.Outcome.QUEUED;
        } catch (NoSuchFileException e) {
            return sayGone(run);
        }
    }

    private boolean sayGone(String run) {
        say(run + ": its record was removed meanwhile; there is nothing left to run again");
        return false;
    }

    /** What is kept of one that failed until all are known. */
    private record Failure(JobRefs.Run run, String queued) {}

    private boolean retryFailed() throws IOException {
        Set<String> groups = new HashSet<>();
        boolean known = true;
        for (String job : jobs) {
            Optional<String> group = groupOf(job);
            group.ifPresent(groups::add);
            known &= group.isPresent();
        }
        return known && retryFailed(groups);
    }

    /** The sweep that is meant; empty after it was said that there is none. */
    private Optional<String> groupOf(String reference) throws IOException {
        Optional<JobRefs.Job> found = newest(spool, reference);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Optional<RunLook> look = found.get() instanceof JobRefs.Run run ? look(run) : Optional.empty();
        if (look.isEmpty() || look.get().contents().mark().kind() != Mark.Kind.GROUP) {
            say(found.get().name()
                    + " is no sweep whose members could have failed; to run it again leave out --failed");
            return Optional.empty();
        }
        return look.map(group -> group.dir().id().toString());
    }

    private static boolean isMeant(RunLook run, Set<String> groups) {
        if (run.isInForeground()) {
            // It has to be started where it was before.
            return false;
        }
        // A sweep that has ended is more than what failed of it.
        return groups.isEmpty()
                ? run.contents().mark().kind() != Mark.Kind.GROUP
                : run.contents()
                        .status()
                        .get(StatusFile.GROUP)
                        .filter(groups::contains)
                        .isPresent();
    }

    /** @param groups of whose members alone; empty: all jobs */
    private boolean retryFailed(Set<String> groups) throws IOException {
        List<Failure> failures = new ArrayList<>();
        int cancelled = 0;
        int refused = 0;
        List<JobRefs.Run> newest = new FailedJobs(spool.places()).newestRuns();
        int looked = 0;
        for (JobRefs.Run run : newest) {
            show(++looked, newest.size(), "looked at");
            Optional<RunLook> look = look(run).filter(found -> isMeant(found, groups));
            Optional<Ending> ending = look.flatMap(RunLook::ending);
            if (ending.isEmpty()) {
                continue;
            }
            cancelled += ending.get() instanceof Ending.Cancelled ? 1 : 0;
            refused += ending.get() instanceof Ending.Refused ? 1 : 0;
            if (!(ending.get() instanceof Ending.Cancelled || ending.get() instanceof Ending.Refused)) {
                String since = look.get().contents().status().get("queued").orElse("");
                failures.add(new Failure(run, since));
            }
        }
        // In the order in which they were queued before.
        failures.sort(Comparator.comparing(Failure::queued)
                .thenComparing(failure -> failure.run().name()));
        boolean all = true;
        int done = 0;
        for (Failure failure : failures) {
            show(++done, failures.size(), dryRun ? "named" : "queued again");
            Optional<RunLook> look = look(failure.run());
            all &= look.isPresent() ? retry(look.get()) : sayGone(failure.run().name());
        }
        sayLeftOut(cancelled, refused, failures.isEmpty());
        return all;
    }

    private void sayLeftOut(int cancelled, int refused, boolean none) {
        List<String> kinds = new ArrayList<>();
        if (cancelled > 0) {
            kinds.add(cancelled + " cancelled");
        }
        if (refused > 0) {
            kinds.add(refused + " refused");
        }
        if (!kinds.isEmpty()) {
            String whom = cancelled + refused == 1 ? "it to run it again" : "them to run them again";
            say(String.join(" and ", kinds) + " left out; name " + whom);
        } else if (none) {
            say("there is no job whose newest run failed, and that is not queued, held or running again");
        }
    }

    private void sayIfNobodyWatches() throws IOException {
        boolean watched =
                HostNote.readAll(spool.places(), looker()).stream().anyMatch(host -> host.life() != HostNote.Life.GONE);
        if (queued > 0 && !watched) {
            say("note: no watcher runs; what is queued starts once one does: gpuspool watch" + spoolOption());
        }
    }
}
