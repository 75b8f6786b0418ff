/** Cards for a process that is there already: its place in the queue, and how it takes over what it was granted, or chooses where no watcher runs. */
package gpuspool.foreground;
