/**
 * Which cards there are and what each is doing: ids, readings, and one backend per way of asking. A card that could not
 * be read is never reported as idle.
 */
package gpuspool.gpu;
