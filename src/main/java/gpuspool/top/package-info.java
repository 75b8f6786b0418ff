/** The full screen of {@code gpuspool top}: pure screens and keys, and the terminal and threads around them. */
package gpuspool.top;
