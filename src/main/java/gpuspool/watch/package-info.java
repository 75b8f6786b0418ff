/**
 * The service: hints and scans make candidates, and a loop observes, plans and performs. What it knows is published as
 * one immutable snapshot that every view reads.
 */
package gpuspool.watch;
