package gpuspool.watch;

import gpuspool.config.SettingKey;
import gpuspool.config.Settings;
import gpuspool.config.SettingsRead;
import gpuspool.config.SettingsReader;
import gpuspool.posix.FileFacts;
import gpuspool.spool.SettingsFile;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads {@code spool.toml} again when it changed. A file that is not understood changes nothing but {@code attention}; what counts at
 * the start only is noted there.
 */
public final class SettingsReload implements LiveSettings {
    private static final String NOT_UNDERSTOOD = "settings";
    private static final String AT_START = "settings at start";
    private static final String KEPT = "the settings from before stay; see: gpuspool check --settings";
    private static final long WHILE_WRITTEN = Duration.ofMillis(500).toNanos();

    private final SettingsFile file;
    private final SettingsReader reader;
    private final Settings start;
    private final Attention attention;
    private final Consumer<String> log;
    private volatile Settings now;

    /** What lay there when it was judged last; null where that is not known. */
    private Optional<FileFacts> judged;

    /** Read without a lease: judged when it has not changed for a while. */
    private Optional<FileFacts> standing = Optional.empty();

    private long standsSince;

    /**
     * Begins with what was read at the start.
     *
     * @param read what lay there then
     * @param log takes one line per event
     */
    public SettingsReload(
            SettingsFile file,
            SettingsReader reader,
            Settings start,
            SettingsFile.Outcome read,
            Attention attention,
            Consumer<String> log) {
        this.file = file;
        this.reader = reader;
        this.start = start;
        this.attention = attention;
        this.log = log;
        now = start;
        judged = factsOf(read);
    }

    /** What the file as it was read, the environment and the options say together. */
    public static SettingsRead understand(SettingsFile.Outcome outcome, SettingsReader reader) {
        if (outcome instanceof SettingsFile.Content content) {
            return reader.read(content.bytes());
        }
        if (outcome instanceof SettingsFile.Unfit unfit) {
            return reader.unreadable(unfit.what(), unfit.todo());
        }
        return outcome instanceof SettingsFile.Absent
                ? reader.read(new byte[0])
                : reader.unreadable("is being written by somebody", "try again");
    }

    @Override
    public Settings now() {
        return now;
    }

    @Override
    public long look(long clock) {
        try {
            Optional<FileFacts> facts = file.look();
            return facts.equals(judged) ? Engine.NEVER : readAgain(facts, clock);
        } catch (IOException e) {
            judged = null;
            attention.set(
                    NOT_UNDERSTOOD,
                    SettingsReader.FILE + " cannot be looked at: " + e.getMessage() + " (" + KEPT + ")");
            return Engine.NEVER;
        }
    }

    private long readAgain(Optional<FileFacts> facts, long clock) {
        SettingsFile.Outcome outcome = file.read();
        if (outcome instanceof SettingsFile.BeingWritten) {
            return clock + WHILE_WRITTEN;
        }
        if (outcome instanceof SettingsFile.Content content && !content.leased()) {
            if (!standing.equals(factsOf(content))) {
                standing = factsOf(content);
                standsSince = clock;
            }
            long settled = standsSince + now.settleNoLease().toNanos();
            if (clock - settled < 0) {
                return settled;
            }
        }
        judged = outcome instanceof SettingsFile.Unfit ? facts : factsOf(outcome);
        take(understand(outcome, reader));
        return Engine.NEVER;
    }

    private static Optional<FileFacts> factsOf(SettingsFile.Outcome outcome) {
        return outcome instanceof SettingsFile.Content content ? Optional.of(content.facts()) : Optional.empty();
    }

    private void take(SettingsRead read) {
        List<SettingsRead.Mistake> mistakes = read.mistakes();
        if (!mistakes.isEmpty()) {
            String more = mistakes.size() > 1 ? "and " + (mistakes.size() - 1) + " more; " : "";
            attention.set(NOT_UNDERSTOOD, mistakes.get(0).text() + " (" + more + KEPT + ")");
            return;
        }
        attention.clear(NOT_UNDERSTOOD);
        Settings before = now;
        now = read.settings().startedWith(start);
        String changes = SettingsReload.changes(before, now, SettingKey.Scope.LIVE);
        log.accept("settings read again: " + (changes.isEmpty() ? "nothing changed" : changes));
        String later = SettingsReload.changes(start, read.settings(), SettingKey.Scope.AT_START);
        if (later.isEmpty()) {
            attention.clear(AT_START);
        } else {
            attention.set(
                    AT_START, SettingsReader.FILE + ": " + later + ": takes effect when the watcher is started anew");
        }
    }

    private static String changes(Settings before, Settings after, SettingKey.Scope scope) {
        return Stream.of(SettingKey.values())
                .filter(key -> key.scope() == scope && !before.shown(key).equals(after.shown(key)))
                .map(key -> key.key() + " " + before.shown(key) + " → " + after.shown(key))
                .collect(Collectors.joining(", "));
    }
}
