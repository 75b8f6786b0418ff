/** {@code gpuspool parallel}: lines of shell text through the queue, a few at a time, and what became of each. */
package gpuspool.parallel;
