package gpuspool.spool;

import gpuspool.job.AgainFor;
import gpuspool.job.Attempt;
import gpuspool.job.JobId;
import java.util.OptionalInt;

/**
 * The run that a file in the queue goes on from.
 *
 * @param why another run follows
 * @param next which run that is
 * @param how it ended, for people: {@code failed (exit 1)}
 * @param owner uid of the user whose job it was; empty where its record does not say
 */
public record Predecessor(JobId id, AgainFor why, Attempt next, String how, OptionalInt owner) {}
