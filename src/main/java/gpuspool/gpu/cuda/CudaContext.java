package gpuspool.gpu.cuda;

import com.sun.jna.Native;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * This process's context on the first card that CUDA shows it: while it is open, the driver lists the process on that card. All
 * calls from the thread that opened it; each takes as long as the driver likes.
 */
public final class CudaContext implements CardMemory, AutoCloseable {
    private static final String LIBRARY = "libcuda.so.1";
    private static final int FIRST = 0;

    private final CudaApi cuda;
    private final int device;

    private CudaContext(CudaApi cuda, int device) {
        this.cuda = cuda;
        this.device = device;
    }

    /** Opens it on the first card of {@code CUDA_VISIBLE_DEVICES}. */
    public static CudaContext open() throws CudaException {
        CudaApi cuda = load();
        call(cuda, "initialise CUDA", api -> api.cuInit(0));
        IntByReference count = new IntByReference();
        call(cuda, "count GPUs", api -> api.cuDeviceGetCount(count));
        if (count.getValue() == 0) {
            throw new CudaException("find the GPU that CUDA_VISIBLE_DEVICES names", CudaResult.NO_DEVICE);
        }
        IntByReference device = new IntByReference();
        call(cuda, "find the GPU", api -> api.cuDeviceGet(device, FIRST));
        PointerByReference context = new PointerByReference();
        call(cuda, "open a context on the GPU", api -> api.cuDevicePrimaryCtxRetain(context, device.getValue()));
        call(cuda, "use the context on the GPU", api -> api.cuCtxSetCurrent(context.getValue()));
        return new CudaContext(cuda, device.getValue());
    }

    private static CudaApi load() throws CudaException {
        try {
            return Native.load(LIBRARY, CudaApi.class);
        } catch (UnsatisfiedLinkError e) {
            throw new CudaException("load " + LIBRARY + ", which comes with the NVIDIA driver: " + said(e));
        }
    }

    @Override
    public long free() throws CudaException {
        LongByReference free = new LongByReference();
        LongByReference total = new LongByReference();
        call(cuda, "ask how much memory of the GPU is free", api -> api.cuMemGetInfo_v2(free, total));
        return free.getValue();
    }

    @Override
    public long take(long bytes) throws CudaException {
        LongByReference address = new LongByReference();
        call(cuda, "take " + bytes + " bytes of the GPU's memory", api -> api.cuMemAlloc_v2(address, bytes));
        return address.getValue();
    }

    @Override
    public void giveBack(long address) throws CudaException {
        call(cuda, "give memory of the GPU back", api -> api.cuMemFree_v2(address));
    }

    /** Lets go of the card; memory that was taken must have been given back. */
    @Override
    public void close() throws CudaException {
        call(cuda, "close the context on the GPU", api -> api.cuDevicePrimaryCtxRelease_v2(device));
    }

    private static void call(CudaApi cuda, String asked, ToIntFunction<CudaApi> function) throws CudaException {
        int code;
        try {
            code = function.applyAsInt(cuda);
        } catch (UnsatisfiedLinkError e) {
            throw new CudaException(asked + ": this " + LIBRARY + " is too old for it: " + said(e));
        }
        if (code != CudaResult.SUCCESS) {
            throw new CudaException(asked, code);
        }
    }

    /** What the loader of libraries said: JNA's own words are a line before it, and its tries in other places come after. */
    private static String said(UnsatisfiedLinkError error) {
        List<String> lines = String.valueOf(error.getMessage()).lines().toList();
        return lines.get(Math.min(1, lines.size() - 1));
    }
}
