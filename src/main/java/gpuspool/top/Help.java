package gpuspool.top;

import java.util.List;

/** What the keys do, for people. */
final class Help {
    static final String HINTS = "q quit  ? help  / filter  Enter log  c cancel  h hold  r retry  f first";
    static final String LOG_HINTS = "Esc back  up/down PgUp/PgDn scroll  End follow  q quit";

    static final List<String> LINES = List.of(
            "KEYS",
            "up/down k/j      the row above, below       PgUp/PgDn   a page of them",
            "Home/End g/G     the first, the last        Tab         the next section",
            "/                only jobs with this in their name, user or state",
            "Enter, l         the log of the job; it is followed, Esc goes back",
            "",
            "c   cancel: out of the queue, or stopped (asks)",
            "h   hold: out of the queue, kept            R   release: back into it",
            "f   first: to the front of the queue        e   last: to its end",
            "r   retry: run it again, as a new run",
            "p   pause: nothing new starts (asks), and resume",
            "",
            "Ctrl-L   draw all anew",
            "q, Ctrl-C   quit; jobs and watchers do not notice");

    private Help() {}
}
