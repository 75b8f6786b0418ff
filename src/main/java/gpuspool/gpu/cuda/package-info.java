/**
 * The CUDA driver API, as much of it as holding a card takes: a context and plain memory. Only the process that holds a card loads
 * it; a watcher never does, since a driver may hang, and its context would be on the card for as long as the watcher lives.
 */
package gpuspool.gpu.cuda;
