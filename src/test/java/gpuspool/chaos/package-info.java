/** Kills what can be killed and asks whether the promise was kept; written from the layout, not from the code. */
package gpuspool.chaos;
