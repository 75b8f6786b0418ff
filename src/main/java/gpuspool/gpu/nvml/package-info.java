/**
 * Asking NVIDIA's driver by its library NVML, with JNA. Functions keep their C names, and messages name them, so that the vendor's
 * manual can be searched; a function that a driver's library lacks is a thing it cannot tell. Nothing is changed on any card.
 *
 * <p>{@link gpuspool.gpu.nvml.NvmlBackend} is the door; {@link gpuspool.gpu.nvml.Meaning} says what each error means for us.
 */
package gpuspool.gpu.nvml;
