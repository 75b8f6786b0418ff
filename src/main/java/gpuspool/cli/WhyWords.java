package gpuspool.cli;

import gpuspool.job.Ending;
import gpuspool.spool.HostNote;
import gpuspool.view.Words;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Why a job is where it is, in sentences: what would have to change first, who has a hand in it, and what its user can do. Values
 * in, sentences out.
 */
final class WhyWords {
    /** What a watcher wrote so long ago may not be so any more, in milliseconds. */
    private static final long FRESH_MILLIS = 5000;

    private WhyWords() {}

    /**
     * The answer.
     *
     * @param why one sentence
     * @param todo what the user can do, to follow it; empty for nothing
     */
    record Answer(String why, String todo) {
        String text() {
            return todo.isEmpty() ? why : why + ". " + todo;
        }
    }

    /**
     * What a watcher says of a queued job.
     *
     * @param host its name
     * @param watch whether it lives, as far as can be told
     * @param reason why the job waits; empty where it says nothing of it
     * @param ageMillis since when that was so
     */
    record Word(String host, Watch watch, Optional<String> reason, OptionalLong ageMillis) {}

    enum Watch {
        ALIVE,
        GONE,
        NOT_KNOWN
    }

    /** A file in {@code held/}. */
    static Answer held(String file, long millis, String option) {
        return new Answer(
                file + " is held for " + Words.time(millis) + ": it lies in held/",
                "To have it run: gpuspool release " + file + option);
    }

    /**
     * A file in {@code incoming/}.
     *
     * @param words of all hosts' watchers, the own one first
     * @param stopped the request in {@code control/} that keeps everything from starting; empty where there is none
     */
    static Answer queued(String file, long millis, List<Word> words, Optional<String> stopped, String option) {
        String waits = file + " is queued for " + Words.time(millis) + ": ";
        List<Word> able =
                words.stream().filter(word -> word.watch() != Watch.GONE).toList();
        if (able.isEmpty()) {
            Optional<Word> last =
                    words.stream().filter(word -> word.reason().isPresent()).findFirst();
            String said = last.map(word -> " (the last one said, " + age(word) + " ago: "
                            + word.reason().orElseThrow() + ")")
                    .orElse("");
            return new Answer(waits + "no watcher serves this spool" + said, "To start one: gpuspool watch" + option);
        }
        if (stopped.isPresent()) {
            return new Answer(
                    waits + "control/" + stopped.get() + " lies there, so nothing starts",
                    "To go on: gpuspool resume" + option);
        }
        List<Word> told =
                able.stream().filter(word -> word.reason().isPresent()).toList();
        List<Word> mayRunIt = told.stream()
                .filter(word -> !HostNote.isForOthers(word.reason().orElseThrow()))
                .toList();
        told = mayRunIt.isEmpty() ? told : mayRunIt;
        if (told.isEmpty()) {
            return new Answer(waits + "no watcher has told of it yet, or more than 1,000 are before it", "");
        }
        StringBuilder why = new StringBuilder(waits);
        for (Word word : told) {
            why.append(why.length() == waits.length() ? "" : "; ");
            why.append(told.size() > 1 || word.watch() == Watch.NOT_KNOWN ? "on " + word.host() + " " : "");
            why.append(word.reason().orElseThrow());
            boolean old = word.ageMillis().isPresent() && word.ageMillis().getAsLong() > FRESH_MILLIS;
            why.append(word.watch() == Watch.NOT_KNOWN && old ? " (so it wrote " + age(word) + " ago)" : "");
        }
        return new Answer(why.toString(), "");
    }

    private static String age(Word word) {
        return Words.time(word.ageMillis());
    }

    /**
     * A job directory in {@code running/}.
     *
     * @param state as {@code status} shows it
     * @param cards for people; {@code none} for none
     * @param reason what more its watcher says; empty for nothing
     * @param left of its time; empty where it has no limit
     */
    static Answer running(
            String job, String state, String cards, OptionalLong millis, String reason, OptionalLong left) {
        if (state.equals("sweep")) {
            return new Answer(
                    job + " is a sweep, open for " + Words.time(millis) + (reason.isEmpty() ? "" : ": " + reason), "");
        }
        if (!state.equals("running")) {
            return new Answer(
                    job + " is " + state + " for " + Words.time(millis) + (reason.isEmpty() ? "" : ": " + reason), "");
        }
        String on = cards.equals("none") ? " without a GPU" : " on GPU " + cards;
        return new Answer(
                job + " runs" + on + " for " + Words.time(millis)
                        + (left.isPresent() ? "; its time is over in " + Words.time(left) : "")
                        + (reason.isEmpty() ? "" : "; " + reason),
                "");
    }

    /**
     * A record in {@code done/} or {@code failed/}.
     *
     * @param inForeground whether it was somebody's own process, which no verb runs again
     * @param reason the lines of its file of that name; none where it has none
     * @param lastWords the last line of its output; empty where it left none
     * @param again whether it was queued once more
     */
    static Answer ended(
            String job,
            Ending ending,
            boolean inForeground,
            OptionalLong millis,
            List<String> reason,
            String lastWords,
            boolean again,
            String option) {
        String after = millis.isPresent() ? " after " + Words.time(millis) : "";
        String told = reason.isEmpty() ? "" : ": " + String.join("; ", reason);
        String output = lastWords.isEmpty() ? "" : "; its last words: " + lastWords;
        String where = inForeground ? "start it once more where you did" : "gpuspool retry " + job + option;
        String retry = again ? "It was queued again" : "To run it again: " + where;
        if (ending instanceof Ending.Exited exited) {
            return exited.succeeded()
                    ? new Answer(job + " succeeded" + after, "")
                    : new Answer(job + " failed: " + exited.describe() + after + told + output, retry);
        } else if (ending instanceof Ending.Refused) {
            // A job that was to come after others has its remedy in the reason: there is nothing wrong with its file.
            boolean hasRemedy = !reason.isEmpty() && reason.stream().allMatch(line -> line.endsWith(" again"));
            return new Answer(job + " was refused" + told, hasRemedy ? "" : "Correct its file and drop it again");
        } else if (ending instanceof Ending.TimedOut) {
            return new Answer(job + " was stopped: its time was over" + after + told + output, retry);
        } else if (ending instanceof Ending.Cancelled) {
            return new Answer(job + " was cancelled" + after + told, retry);
        } else if (ending instanceof Ending.Interrupted) {
            String cause = again ? "stopped, to be queued again" : "interrupted: the machine went down under it";
            return new Answer(job + " was " + cause + told + output, retry);
        } else if (ending instanceof Ending.NotStarted) {
            return new Answer(job + " could not be started" + told, retry);
        } else if (ending instanceof Ending.AllDone) {
            return new Answer(job + " succeeded: all jobs of this sweep did", "");
        } else if (ending instanceof Ending.SomeFailed) {
            return new Answer(job + " is a sweep of which some jobs failed" + told, "");
        } else if (ending instanceof Ending.Released) {
            return new Answer(
                    job + " ended" + after + ": it ran in the foreground, and whoever started it has its exit code",
                    "");
        }
        return new Answer(
                job + " ended, and nobody saw how: its supervisor was killed" + told + output,
                "Read its output: gpuspool log " + job + option + ". " + retry);
    }
}
