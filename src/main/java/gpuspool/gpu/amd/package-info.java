/**
 * Reads of AMD's cards what their kernel driver tells in {@code /sys}; no library is needed, and nothing is opened that would wake a
 * card up.
 */
package gpuspool.gpu.amd;
