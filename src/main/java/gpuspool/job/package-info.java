/**
 * What a job is: names, endings, and what a job file asks for.
 *
 * <p>Everything here is a value or a pure function of its arguments: no file is opened, no clock is asked, nothing is
 * logged. {@link gpuspool.job.JobReader} is the door; {@link gpuspool.job.JobKey} is the table that says which keys a
 * job file may have.
 */
package gpuspool.job;
