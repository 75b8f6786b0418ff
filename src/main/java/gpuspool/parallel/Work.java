package gpuspool.parallel;

import java.util.Optional;
import java.util.Set;

/**
 * What is to be done with the commands, apart from where.
 *
 * @param atOnce how many may run at once
 * @param ahead how many more wait in the queue, so that a GPU that becomes free has the next at once
 * @param tries how often each is run at most, until it succeeds
 * @param skip numbers of those that are not run
 * @param quiet whether starts and ends are not told
 */
record Work(int atOnce, int ahead, int tries, Halt halt, Set<Long> skip, Optional<JobLog> log, boolean quiet) {}
