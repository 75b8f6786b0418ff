package gpuspool.gpu.nvml;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The loaded library: its functions by name, as its manual has them. May be called from several threads. */
final class NvmlLibrary implements AutoCloseable {
    static final String NAME = "libnvidia-ml.so.1";

    private static final AtomicLong LOADS = new AtomicLong();

    private final NativeLibrary library;
    private final Map<String, Optional<Function>> functions = new ConcurrentHashMap<>();

    private NvmlLibrary(NativeLibrary library) {
        this.library = library;
    }

    /** Loads it from the first of these directories that has it, else from where the system looks. */
    static NvmlLibrary open(List<Path> first) throws NoNvmlException {
        String name = first.stream()
                .map(directory -> directory.resolve(NAME).toAbsolutePath())
                .filter(Files::exists)
                .map(Path::toString)
                .findFirst()
                .orElse(NAME);
        try {
            // An option of our own makes it a load of our own: JNA shares those that are alike, and closing one would
            // close all.
            return new NvmlLibrary(
                    NativeLibrary.getInstance(name, Map.of("gpuspool", Long.toString(LOADS.incrementAndGet()))));
        } catch (UnsatisfiedLinkError e) {
            // JNA puts the system's words into lines of their own, after its own.
            String[] lines = String.valueOf(e.getMessage()).split("\n", -1);
            throw new NoNvmlException(lines[Math.min(1, lines.length - 1)].strip());
        }
    }

    boolean has(String function) {
        return function(function).isPresent();
    }

    /** What the function returned; {@link Meaning#NO_FUNCTION} where there is none of this name. */
    int code(String name, Object... arguments) {
        Optional<Function> function = function(name);
        return function.isPresent() ? function.get().invokeInt(arguments) : Meaning.NO_FUNCTION;
    }

    void call(String name, Object... arguments) throws NvmlException {
        int code = code(name, arguments);
        if (code != Meaning.OK) {
            throw failure(code, name);
        }
    }

    /** A function's last parameter is a number that it sets. */
    int number(String name, Object... arguments) throws NvmlException {
        int[] number = new int[1];
        call(name, with(arguments, number));
        return number[0];
    }

    /** A function's last parameter is a handle that it sets. */
    Pointer handle(String name, Object... arguments) throws NvmlException {
        PointerByReference handle = new PointerByReference();
        call(name, with(arguments, handle));
        return handle.getValue();
    }

    /** A function's last parameters are a buffer for text and its size; 96 holds the longest there are. */
    String text(String name, Object... arguments) throws NvmlException {
        byte[] buffer = new byte[96];
        call(name, with(with(arguments, buffer), buffer.length));
        return textIn(buffer, 0);
    }

    static String textIn(byte[] buffer, int from) {
        int end = from;
        while (end < buffer.length && buffer[end] != 0) {
            end++;
        }
        return new String(buffer, from, end - from, StandardCharsets.UTF_8);
    }

    /** What the library itself says of a code. */
    NvmlException failure(int code, String name) {
        Optional<Function> words = function("nvmlErrorString");
        Pointer text = words.isPresent() ? (Pointer) words.get().invoke(Pointer.class, new Object[] {code}) : null;
        return new NvmlException(code, text == null ? "error" : text.getString(0, "UTF-8"), name);
    }

    private Optional<Function> function(String name) {
        return functions.computeIfAbsent(name, own -> {
            try {
                return Optional.of(library.getFunction(own));
            } catch (UnsatisfiedLinkError e) {
                return Optional.empty();
            }
        });
    }

    private static Object[] with(Object[] arguments, Object last) {
        Object[] all = new Object[arguments.length + 1];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = last;
        return all;
    }

    /** Nothing of it may be running any more. */
    @Override
    public void close() {
        library.close();
    }
}
