/** How quick gpuspool is, beside the simplest tools that do part of its work. Run it by {@code src/test/sh/bench.sh}. */
package gpuspool.bench;
