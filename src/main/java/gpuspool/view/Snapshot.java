package gpuspool.view;

import gpuspool.spool.Overview;

/**
 * A spool and its cards at one look. Immutable; {@code status --json}, {@code top}, {@code web} and {@code report} show nothing
 * of the present but what stands in one.
 *
 * @param millis when, since 1970
 * @param overview its jobs, watchers and requests; all texts escaped
 * @param cards the cards of all hosts; texts may hold anything
 */
public record Snapshot(long millis, Overview overview, CardBoard cards) {}
