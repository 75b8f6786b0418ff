package gpuspool.plan;

import gpuspool.job.CardWish;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** What could not be had while a plan is made. There is less and less to be had, so whoever asks for as much again need not try. */
final class Failures {
    private final Map<Reservation.Pass, Least> ways = new EnumMap<>(Reservation.Pass.class);

    /** The least numbers of cards that could not be had. */
    private static final class Least {
        /** By jobs that take any whole ones. */
        private int plain = Integer.MAX_VALUE;

        private final Map<CardWish, Integer> others = new HashMap<>();
    }

    Failures() {
        for (Reservation.Pass pass : Reservation.Pass.values()) {
            ways.put(pass, new Least());
        }
    }

    /**
     * Whether it surely cannot have them.
     *
     * @param rooms whether there is room on cards for jobs that share
     */
    boolean include(Placement.Request job, Reservation.Pass pass, boolean rooms) {
        Least least = ways.get(pass);
        CardWish wish = job.wish();
        if (isPlain(wish)) {
            return job.gpus() >= least.plain;
        }
        // Where not even one of any can be had, no wish helps.
        if (least.plain == 1 && !(rooms && wish.memory().isPresent())) {
            return true;
        }
        Integer same = least.others.get(wish);
        return same != null && job.gpus() >= same;
    }

    void add(Placement.Request job, Reservation.Pass pass) {
        Least least = ways.get(pass);
        if (isPlain(job.wish())) {
            least.plain = Math.min(least.plain, job.gpus());
        } else {
            least.others.merge(job.wish(), job.gpus(), Math::min);
        }
    }

    private static boolean isPlain(CardWish wish) {
        return wish.devices().isEmpty()
                && wish.type().isEmpty()
                && wish.memory().isEmpty();
    }
}
