package gpuspool.top;

import gpuspool.spool.HostNote;
import gpuspool.spool.JobRow;
import gpuspool.spool.Overview;
import gpuspool.spool.Times;
import gpuspool.view.CardHost;
import gpuspool.view.Snapshot;
import gpuspool.view.Users;
import gpuspool.view.Words;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * A {@link Snapshot} with what is shown of it in rows, in their order.
 *
 * @param watchers who watches, for the first line
 * @param alerts what people should know first
 */
public record Sight(Snapshot snapshot, List<Row> rows, String watchers, List<String> alerts) {

    /** With users by their names; reads what the watchers want to be known. */
    public static Sight of(Snapshot snapshot, Users users) throws IOException {
        Overview overview = snapshot.overview();
        List<Row> rows = new ArrayList<>();
        for (CardHost host : snapshot.cards().hosts()) {
            host.cards().forEach(card -> rows.add(new Row.OfCard(host, card)));
        }
        // What needs attention comes first: it is why somebody looks.
        add(rows, Section.RUNNING, overview.attention(), users);
        add(rows, Section.RUNNING, overview.running(), users);
        add(rows, Section.QUEUED, overview.first(), users);
        add(rows, Section.HELD, overview.firstHeld(), users);
        add(rows, Section.ENDED, overview.lastEnded(), users);
        return new Sight(snapshot, List.copyOf(rows), watchers(snapshot), alerts(overview));
    }

    private static void add(List<Row> rows, Section section, List<JobRow> jobs, Users users) throws IOException {
        for (JobRow job : jobs) {
            rows.add(new Row.OfJob(section, job, users.name(job.owner())));
        }
    }

    private static String watchers(Snapshot snapshot) {
        List<String> watchers = new ArrayList<>();
        for (HostNote host : snapshot.overview().hosts()) {
            if (host.mayLive()) {
                OptionalLong since = Times.parse(host.watcher().get("since").orElse(""));
                String up = since.isPresent() ? " up " + Words.time(snapshot.millis() - since.getAsLong()) : "";
                watchers.add(host.host() + up + (host.life() == HostNote.Life.NOT_KNOWN ? "?" : ""));
            }
        }
        return watchers.isEmpty() ? "no watcher" : "watched on " + String.join(", ", watchers);
    }

    private static List<String> alerts(Overview overview) throws IOException {
        List<String> alerts = new ArrayList<>();
        if (overview.hosts().stream().noneMatch(HostNote::mayLive)) {
            alerts.add("NO WATCHER: nothing starts until you run: gpuspool watch");
        }
        if (overview.paused()) {
            alerts.add("PAUSED: nothing starts; p goes on");
        }
        if (overview.draining()) {
            alerts.add("DRAINING: nothing starts, and watchers leave when nothing runs; p goes on");
        }
        if (overview.letGo()) {
            alerts.add("LET GO: no job starts on a card of the GPU driver; gpuspool gpus --take-up goes on");
        }
        for (HostNote host : overview.hosts()) {
            if (host.mayLive()) {
                host.attention().forEach(line -> alerts.add("attention: " + line));
            }
        }
        return List.copyOf(alerts);
    }

    /** Those that somebody wants to see; all where the filter is empty. Cards are always shown. */
    List<Row> rows(String filter) {
        String text = filter.toLowerCase(Locale.ROOT);
        return filter.isEmpty()
                ? rows
                : rows.stream().filter(row -> row.matches(text)).toList();
    }

    /** How many there are, shown or not. */
    int count(Section section) {
        Overview overview = snapshot.overview();
        return switch (section) {
            case GPUS ->
                (int) rows.stream().filter(Row.OfCard.class::isInstance).count();
            case RUNNING -> overview.running().size() + overview.attention().size();
            case QUEUED -> overview.queued();
            case HELD -> overview.held();
            case ENDED -> overview.ended();
        };
    }

    /** Whether nothing starts because somebody asked for it. */
    boolean isStopped() {
        return snapshot.overview().paused() || snapshot.overview().draining();
    }
}
