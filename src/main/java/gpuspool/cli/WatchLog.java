package gpuspool.cli;

import gpuspool.config.Settings;
import gpuspool.posix.StandardStreams;
import gpuspool.spool.DiskFs;
import gpuspool.spool.RotatingLog;
import gpuspool.view.Words;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.function.Supplier;

/**
 * The log of a watcher in the background: event lines go to a file by its name. What the Java machine itself says comes by stdout and
 * stderr, which are led to the same file whenever that begins anew.
 */
final class WatchLog implements EventLines {
    // Not toString(): that leaves out the seconds of a full minute.
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss");

    private final RotatingLog log;
    private volatile Supplier<Settings> settings = () -> Settings.DEFAULTS;

    WatchLog(Path file) {
        log = new RotatingLog(file, new DiskFs(), this::limits);
    }

    private RotatingLog.Limits limits() {
        Settings now = settings.get();
        return new RotatingLog.Limits(now.logSize(), now.logKeep());
    }

    @Override
    public void obey(Supplier<Settings> now) {
        settings = now;
    }

    @Override
    public void accept(String event) {
        if (log.add(stamped(event))) {
            try {
                StandardStreams.appendTo(log.file());
            } catch (IOException e) {
                boolean unused =
                        log.add(stamped("attention: what the Java machine says does not come here: " + e.getMessage()));
            }
        }
    }

    private static String stamped(String event) {
        return LocalDateTime.now(ZoneId.systemDefault()).format(TIME) + " " + Words.line(event);
    }
}
