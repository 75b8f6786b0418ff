package gpuspool.gpu.cuda;

/** Plain memory of one card; sizes in bytes. */
interface CardMemory {
    long free() throws CudaException;

    /** @return the address, to be given back */
    long take(long bytes) throws CudaException;

    void giveBack(long address) throws CudaException;
}
