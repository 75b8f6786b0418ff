package gpuspool.web;

import gpuspool.spool.Overview;
import gpuspool.view.CardJson;
import gpuspool.view.Json;
import gpuspool.view.Snapshot;
import gpuspool.view.SnapshotJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Which address leads to what. */
final class Routes {
    private static final long DEFAULT_HOURS = 6;
    private static final long MOST_HOURS = 168;

    private final SharedSnapshot snapshots;
    private final JobAnswers jobs;
    private final Timeline timeline;
    private final EndedJobs ended;
    private final Acquire acquire;

    Routes(SharedSnapshot snapshots, JobAnswers jobs, Timeline timeline, EndedJobs ended, Acquire acquire) {
        this.snapshots = snapshots;
        this.jobs = jobs;
        this.timeline = timeline;
        this.ended = ended;
        this.acquire = acquire;
    }

    Answer answer(Request request) throws IOException, InterruptedException, Refusal {
        List<String> path = request.path();
        String first = path.get(0);
        if (path.size() == 1) {
            Optional<Answer> file = Resources.find(first.isEmpty() ? "index.html" : first);
            if (file.isPresent()) {
                return reading(request, file.get());
            }
            return switch (first) {
                case "status" -> reading(request, status());
                case "jobs" -> reading(request, jobs());
                case "gpus" -> reading(request, gpus());
                case "timeline" -> reading(request, timeline(request));
                case "acquire" -> acquire(request);
                case "metrics" -> reading(request, metrics());
                default -> throw nothing();
            };
        }
        if (first.equals("jobs") && path.size() == 2) {
            return reading(request, jobs.facts(path.get(1)));
        }
        if (first.equals("jobs") && path.size() == 3 && path.get(2).equals("log")) {
            return reading(request, jobs.log(path.get(1), request));
        }
        throw nothing();
    }

    private static Answer reading(Request request, Answer answer) throws Refusal {
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            throw Refusal.ofMethod("GET, HEAD", "this address can only be read: GET");
        }
        return answer;
    }

    private Answer acquire(Request request) throws IOException, InterruptedException, Refusal {
        if (!request.method().equals("POST")) {
            throw Refusal.ofMethod("POST", "this address takes: POST");
        }
        return acquire.answer(request);
    }

    private static Refusal nothing() {
        return new Refusal(
                404,
                "nothing is here; there are /, /status, /jobs, /jobs/NAME, /jobs/NAME/log, /gpus, /timeline, /metrics and /acquire");
    }

    private Answer status() throws IOException, InterruptedException {
        Snapshot snapshot = snapshots.get();
        return json(out -> SnapshotJson.write(out, snapshot));
    }

    private Answer gpus() throws IOException, InterruptedException {
        Snapshot snapshot = snapshots.get();
        return json(out -> CardJson.write(out, snapshot.cards()));
    }

    private Answer jobs() throws IOException, InterruptedException {
        Overview overview = snapshots.get().overview();
        return json(out -> {
            out.writeStartObject();
            SnapshotJson.jobs(out, "running", overview.running());
            SnapshotJson.jobs(out, "needs_attention", overview.attention());
            SnapshotJson.jobs(out, "queued", overview.first());
            SnapshotJson.jobs(out, "held", overview.firstHeld());
            SnapshotJson.jobs(out, "ended", overview.lastEnded());
            out.writeEndObject();
        });
    }

    private Answer timeline(Request request) throws IOException, InterruptedException, Refusal {
        long hours = request.number("hours", 1, MOST_HOURS).orElse(DEFAULT_HOURS);
        return Answer.json(timeline.json(snapshots.get(), hours).getBytes(StandardCharsets.UTF_8));
    }

    private Answer metrics() throws IOException, InterruptedException {
        String text = Metrics.of(snapshots.get(), ended.count());
        return Answer.of(Answer.OK, Exposition.TYPE, text.getBytes(StandardCharsets.UTF_8));
    }

    private static Answer json(Json.Body body) throws IOException {
        return Answer.json(Json.text(body).getBytes(StandardCharsets.UTF_8));
    }
}
