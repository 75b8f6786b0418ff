package gpuspool.job;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/** Before when a job does not start. */
public sealed interface Begin {
    /**
     * The moment.
     *
     * @param queued when the job came into the queue
     * @param here the zone of a time that names none
     */
    Instant from(Instant queued, ZoneId here);

    /** A moment of its own. */
    record At(Instant moment) implements Begin {
        @Override
        public Instant from(Instant queued, ZoneId here) {
            return moment;
        }
    }

    /** A time by the calendar of the host. */
    record Local(LocalDateTime time) implements Begin {
        @Override
        public Instant from(Instant queued, ZoneId here) {
            return time.atZone(here).toInstant();
        }
    }

    /** The next time that the host's clock shows that. */
    record Daily(LocalTime time) implements Begin {
        @Override
        public Instant from(Instant queued, ZoneId here) {
            ZonedDateTime asked = queued.atZone(here);
            ZonedDateTime today = asked.with(time);
            return (today.isBefore(asked) ? today.plusDays(1) : today).toInstant();
        }
    }

    /** So long after it was queued. */
    record After(Duration delay) implements Begin {
        @Override
        public Instant from(Instant queued, ZoneId here) {
            return queued.plus(delay);
        }
    }
}
