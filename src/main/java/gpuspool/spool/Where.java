package gpuspool.spool;

import java.nio.file.Path;
import java.util.Locale;

/** The places in a spool where a job can lie; every job is in exactly one. */
public enum Where {
    INCOMING,
    HELD,
    RUNNING,
    DONE,
    FAILED;

    public Path in(Layout places) {
        return switch (this) {
            case INCOMING -> places.incoming();
            case HELD -> places.held();
            case RUNNING -> places.running();
            case DONE -> places.done();
            case FAILED -> places.failed();
        };
    }

    /** The directory's name: {@code running}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public boolean isEnd() {
        return this == DONE || this == FAILED;
    }
}
