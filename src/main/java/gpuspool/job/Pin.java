package gpuspool.job;

/** How a job is told its cards in {@code CUDA_VISIBLE_DEVICES}. */
public enum Pin {
    /** By their full names, which mean the same to every program. */
    UUID,
    /** By their numbers in PCI order, for programs that do not understand names. */
    INDEX
}
