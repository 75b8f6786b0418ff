package gpuspool.gpu.nvml;

import java.util.Optional;

/** What a user can do about a driver that does not work. */
final class Remedy {
    private static final int NO_PERMISSION = 4;
    private static final int NOT_LOADED = 9;

    private Remedy() {}

    /**
     * Text to follow the error's own, or none.
     *
     * @param atInit whether it was the taking up of the driver that failed
     */
    static String of(int code, boolean atInit, KernelModule kernel, NvmlLibrary nvml) {
        if (code == Meaning.MISMATCH) {
            return "; " + mismatch(kernel.version(), version(nvml));
        }
        if (code == NOT_LOADED) {
            return "; load the kernel's module: modprobe nvidia";
        }
        if (atInit && code == NO_PERMISSION) {
            return "; may this user open /dev/nvidiactl?";
        }
        if (atInit && code == Meaning.UNKNOWN) {
            return "; in a container: its access to the cards may have been taken away, as a reload of systemd does; start it anew";
        }
        return "";
    }

    static String mismatch(Optional<String> kernel, Optional<String> library) {
        return "NVML " + library.map(own -> own + " ").orElse("") + "does not fit the kernel's driver"
                + kernel.map(own -> " " + own).orElse("") + ": reboot or reload the module";
    }

    /** Answers without a driver. Newer ones put CUDA's number before the driver's: {@code 12.570.86.15}. */
    private static Optional<String> version(NvmlLibrary nvml) {
        try {
            return Optional.of(nvml.text("nvmlSystemGetNVMLVersion").replaceFirst("^\\d{1,2}\\.(?=\\d{3,}\\.)", ""));
        } catch (NvmlException e) {
            return Optional.empty();
        }
    }
}
