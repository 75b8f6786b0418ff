package gpuspool.gpu.nvml;

/** NVML answered with an error; the message has its words, its number and what was asked. */
final class NvmlException extends Exception {
    private static final long serialVersionUID = 1;

    private final int code;

    NvmlException(int code, String words, String function) {
        super(words + " (" + code + ") from " + function);
        this.code = code;
    }

    int code() {
        return code;
    }

    Meaning meaning() {
        return Meaning.of(code);
    }
}
