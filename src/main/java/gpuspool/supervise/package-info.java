/**
 * Starts a job so that it outlives us, tells who it is afterwards, and sweeps up all it leaves behind. Holds the text of
 * the supervising shell.
 */
package gpuspool.supervise;
