package gpuspool.gpu.cuda;

/** What the numbers mean that CUDA's driver API answers with (CUresult), for people. */
final class CudaResult {
    static final int SUCCESS = 0;
    static final int OUT_OF_MEMORY = 2;
    static final int NO_DEVICE = 100;

    private CudaResult() {}

    static String meaning(int code) {
        return switch (code) {
            case OUT_OF_MEMORY -> "out of memory";
            case 3 -> "the driver is not initialised";
            case 34 -> "a stub stands in for the driver's library; see which libcuda.so.1 LD_LIBRARY_PATH leads to";
            case 46 ->
                "the GPU is busy or unavailable: its compute mode may be exclusive, and another process be on it";
            case NO_DEVICE -> "no such GPU is to be seen";
            case 101 -> "there is no GPU of that number";
            case 201 -> "there is no valid context";
            case 214 -> "an ECC error that could not be corrected";
            case 802 -> "the system is not ready: does the fabric manager run?";
            case 803 ->
                "the driver and its library are of different versions; load the new driver, or restart the machine";
            case 805, 806, 807, 808, 809, 810 -> "the MPS server cannot be used";
            case 999 -> "unknown to the driver itself";
            default -> "see CUresult in CUDA's driver API reference";
        };
    }
}
