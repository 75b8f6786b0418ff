package gpuspool.report;

import gpuspool.spool.HistoryRuns;
import gpuspool.view.Snapshot;
import java.util.Optional;

/**
 * Where a report's numbers come from.
 *
 * @param bad lines that were not understood, all in all
 * @param user whose runs alone are counted; empty: everybody's
 */
public record Source(String spool, HistoryRuns.Survey survey, long bad, Snapshot now, Optional<String> user) {}
