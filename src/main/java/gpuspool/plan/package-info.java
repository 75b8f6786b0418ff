/**
 * Decides who starts, who waits and why, and what becomes of what a restart found. Values in, values out: no file, no
 * clock, no process is touched here.
 */
package gpuspool.plan;
