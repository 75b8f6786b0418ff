/**
 * Asks NVIDIA's driver by the program {@code nvidia-smi}, where its library cannot be loaded. What it prints is meant for people
 * and may change: whatever is not understood is unknown.
 */
package gpuspool.gpu.smi;
