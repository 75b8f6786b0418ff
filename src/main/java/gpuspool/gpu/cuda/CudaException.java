package gpuspool.gpu.cuda;

import java.util.OptionalInt;

/** CUDA did not do what it was asked for. The message says what was asked, and the CUresult with its meaning. */
public final class CudaException extends Exception {
    private static final long serialVersionUID = 1;
    private static final int NONE = -1;

    private final int code;

    CudaException(String asked, int code) {
        super(asked + ": CUDA " + code + ", " + CudaResult.meaning(code));
        this.code = code;
    }

    /** The library is not there, or has not what was asked of it. */
    CudaException(String message) {
        super(message);
        code = NONE;
    }

    /** The CUresult; empty when no function of CUDA was reached. */
    public OptionalInt code() {
        return code == NONE ? OptionalInt.empty() : OptionalInt.of(code);
    }

    boolean isOutOfMemory() {
        return code == CudaResult.OUT_OF_MEMORY;
    }
}
