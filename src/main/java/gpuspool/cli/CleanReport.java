package gpuspool.cli;

import gpuspool.posix.FailureText;
import gpuspool.spool.Cleaning;
import gpuspool.spool.Filed;
import gpuspool.view.Words;
import java.io.IOException;
import java.util.OptionalLong;

/** Tells how far {@code gpuspool clean} has come, and what came of it. */
final class CleanReport implements Cleaning.Listener, AutoCloseable {
    private static final int MOST_TOLD = 10;

    private final Verb verb;
    private final ProgressLine progress;
    private final long whole;
    private final long now;
    private final boolean dryRun;
    private long dated;
    private long looked;
    private long removed;
    private long bytes;
    private long failed;

    /**
     * @param whole how many records will be looked at
     * @param now milliseconds since 1970
     */
    CleanReport(Verb verb, Invocation call, long whole, long now, boolean dryRun) {
        this.verb = verb;
        this.whole = whole;
        this.now = now;
        this.dryRun = dryRun;
        progress = new ProgressLine(call, System::nanoTime);
    }

    @Override
    public void dated() {
        dated++;
        progress.show(dated, whole, () -> share(dated) + ": how old are they?");
    }

    @Override
    public void looked() {
        looked++;
        show();
    }

    @Override
    public void deleted(long size) {
        bytes += size;
        show();
    }

    private void show() {
        progress.show(looked, whole, () -> share(looked) + ", " + result());
    }

    private String share(long done) {
        return Words.number(done) + " of " + Words.count(whole, "record");
    }

    private String result() {
        return Words.number(removed) + " removed, " + Words.bytes(bytes);
    }

    @Override
    public void removed(Filed record, OptionalLong ended) {
        removed++;
        if (dryRun) {
            String age = ended.isPresent() ? ", ended " + Words.time(now - ended.getAsLong()) + " ago" : "";
            progress.close();
            verb.out(record.place() + age);
        }
    }

    @Override
    public void failed(String what, IOException why) {
        failed++;
        if (failed <= MOST_TOLD) {
            progress.close();
            verb.say(what + " was not removed: " + FailureText.of(why));
        }
    }

    @Override
    public void close() {
        progress.close();
    }

    /** The last line. @return whether all went well */
    boolean sum() {
        if (failed > MOST_TOLD) {
            verb.say("and " + Words.number(failed - MOST_TOLD) + " more like these");
        }
        verb.out((dryRun ? "would remove " : "removed ")
                + Words.count(removed, "record")
                + (dryRun ? "" : ", " + Words.bytes(bytes)));
        return failed == 0;
    }
}
