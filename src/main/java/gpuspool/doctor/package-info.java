/**
 * What may be wrong with a spool and this machine: each check asks for facts, and judges them apart from the asking. Nothing is
 * changed but for probes in {@code tmp/} and the lock directory, which are removed again.
 */
package gpuspool.doctor;
