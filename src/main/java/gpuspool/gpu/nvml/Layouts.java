package gpuspool.gpu.nvml;

/** Where the parts of NVML's structures lie on 64-bit machines, in bytes; {@code nvml.h}. */
final class Layouts {
    /** {@code nvmlMemory_t}: three numbers of 64 bits. */
    static final int MEMORY_V1_SIZE = 24;

    static final int MEMORY_V1_TOTAL = 0;
    static final int MEMORY_V1_FREE = 8;
    static final int MEMORY_V1_USED = 16;

    /** {@code nvmlMemory_v2_t}; begins with a version, which is its size and the number 2. */
    static final int MEMORY_V2_SIZE = 40;

    static final int MEMORY_V2_VERSION = MEMORY_V2_SIZE | 2 << 24;
    static final int MEMORY_V2_TOTAL = 8;
    static final int MEMORY_V2_FREE = 24;
    static final int MEMORY_V2_USED = 32;

    /** {@code nvmlProcessInfo_v1_t} and {@code nvmlProcessInfo_v2_t}, which goes on with the MIG instance. */
    static final int PROCESS_V1_SIZE = 16;

    static final int PROCESS_V2_SIZE = 24;

    /** What any driver has ever written for one process: room for it costs less than a crash. */
    static final int PROCESS_WIDEST = 32;

    static final int PROCESS_PID = 0;
    static final int PROCESS_MEMORY = 8;

    /** {@code nvmlPciInfo_t}. */
    static final int PCI_SIZE = 68;

    static final int PCI_BUS_ID = 36;

    /** {@code nvmlEventData_t}. */
    static final int EVENT_SIZE = 32;

    static final int EVENT_DEVICE = 0;
    static final int EVENT_TYPE = 8;
    static final int EVENT_DATA = 16;
    static final int EVENT_GPU_INSTANCE = 24;
    static final int EVENT_COMPUTE_INSTANCE = 28;

    /** {@code nvmlFieldValue_t}. */
    static final int FIELD_SIZE = 40;

    static final int FIELD_ID = 0;
    static final int FIELD_RETURN = 28;
    static final int FIELD_VALUE = 32;

    private Layouts() {}
}
