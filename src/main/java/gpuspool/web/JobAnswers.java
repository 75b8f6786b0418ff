package gpuspool.web;

import gpuspool.posix.FileFacts;
import gpuspool.spool.Fs;
import gpuspool.spool.JobRefs;
import gpuspool.spool.Layout;
import gpuspool.spool.Looker;
import gpuspool.spool.RunLook;
import gpuspool.spool.UsageFile;
import gpuspool.spool.Where;
import gpuspool.view.JobJson;
import gpuspool.view.Json;
import gpuspool.view.Reasons;
import gpuspool.view.UsageView;
import gpuspool.view.Words;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One job, by any name that the verbs take: what is known of it, and what it printed. */
final class JobAnswers {
    /** A job that moves on at each of our looks moves at most from the queue to running, and from there to its end. */
    private static final int MOST_LOOKS = 4;

    private static final int NOT_FOUND = 404;

    private final Layout places;
    private final Looker looker;
    private final Fs fs;
    private final Reasons reasons;

    JobAnswers(Layout places, Looker looker, Fs fs) {
        this.places = places;
        this.looker = looker;
        this.fs = fs;
        reasons = new Reasons(places, looker, fs);
    }

    /** What is done with a job while it lies there; empty when it has moved on meanwhile. */
    private interface Use {
        Optional<Answer> of(JobRefs.Job job) throws IOException, Refusal;
    }

    Answer facts(String name) throws IOException, Refusal {
        return find(name, job -> job instanceof JobRefs.Queued queued ? queued(queued) : run((JobRefs.Run) job));
    }

    Answer log(String name, Request request) throws IOException, Refusal {
        return find(name, job -> {
            if (job instanceof JobRefs.Queued) {
                throw new Refusal(NOT_FOUND, Words.line(job.name()) + " has not started yet, and has no log");
            }
            JobRefs.Run run = (JobRefs.Run) job;
            Optional<RunLook> look = RunLook.at(run.path(), run.id(), run.where(), looker, fs);
            return look.isPresent() ? Optional.of(JobLog.of(look.get()).answer(request)) : Optional.empty();
        });
    }

    private Answer find(String name, Use use) throws IOException, Refusal {
        for (int look = 0; look < MOST_LOOKS; look++) {
            List<JobRefs.Job> found = new JobRefs(places).find(name);
            if (found.isEmpty()) {
                break;
            }
            Optional<Answer> answer = use(use, found.get(0));
            if (answer.isPresent()) {
                return answer.get();
            }
            // Filed or removed since it was looked at: another look finds it where it is now.
        }
        throw new Refusal(NOT_FOUND, "no job " + Words.line(name) + " here; all there are: /jobs");
    }

    private static Optional<Answer> use(Use use, JobRefs.Job job) throws IOException, Refusal {
        try {
            return use.of(job);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private Optional<Answer> queued(JobRefs.Queued queued) throws IOException {
        Optional<FileFacts> facts = fs.look(queued.file());
        if (facts.isEmpty()) {
            return Optional.empty();
        }
        String state = queued.where() == Where.HELD ? "held" : "queued";
        String reason = reasons.ofQueued(queued.fileName());
        return Optional.of(json(out -> JobJson.write(
                out, queued.name(), state, queued.file(), Optional.empty(), reason, Optional.empty(), Map.of())));
    }

    private Optional<Answer> run(JobRefs.Run run) throws IOException {
        Optional<RunLook> found = RunLook.at(run.path(), run.id(), run.where(), looker, fs);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        RunLook look = found.get();
        String why = reasons.of(look);
        Map<String, String> facts = look.contents().status().facts();
        UsageView usage = UsageView.of(
                look.contents().status(),
                UsageFile.read(look.dir(), fs),
                !look.where().isEnd());
        return Optional.of(json(out ->
                JobJson.write(out, run.name(), look.state(), run.path(), found, why, Optional.of(usage), facts)));
    }

    private static Answer json(Json.Body body) throws IOException {
        return Answer.json(Json.text(body).getBytes(StandardCharsets.UTF_8));
    }
}
