/**
 * The sharp knives: the C library by JNA (leases, flock, pidfd, spawn, rename) and the one class that starts processes.
 * Bindings keep their C names, so that a manual page can be searched for.
 */
package gpuspool.posix;
