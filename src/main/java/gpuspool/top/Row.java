package gpuspool.top;

import gpuspool.spool.JobRow;
import gpuspool.view.CardHost;
import gpuspool.view.CardView;

/** What can be selected. */
public sealed interface Row {
    Section section();

    /** Tells it from all others, from one look to the next. A run keeps it when it ends. */
    String key();

    /** Whether somebody who looks for this text means it; {@code text} in lower case. */
    boolean matches(String text);

    /** A card of a host. */
    record OfCard(CardHost host, CardView card) implements Row {
        @Override
        public Section section() {
            return Section.GPUS;
        }

        @Override
        public String key() {
            return "gpu/" + host.host() + "/" + card.word();
        }

        @Override
        public boolean matches(String text) {
            return true;
        }
    }

    /** A job, by its user's name. */
    record OfJob(Section section, JobRow job, String user) implements Row {
        @Override
        public String key() {
            return section.isQueue() ? section.name() + "/" + job.command() : "run/" + job.id();
        }

        @Override
        public boolean matches(String text) {
            return contains(job.job(), text)
                    || contains(user, text)
                    || contains(job.state(), text)
                    || section.isQueue() && contains(job.command(), text);
        }

        private static boolean contains(String where, String text) {
            return where.toLowerCase(java.util.Locale.ROOT).contains(text);
        }
    }
}
