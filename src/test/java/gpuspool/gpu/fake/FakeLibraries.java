package gpuspool.gpu.fake;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/** Compiles the stand-ins, once for each state of their sources, into {@code target/fake-driver}. */
final class FakeLibraries {
    private static final List<String> SOURCES =
            List.of("fake_gpus.h", "fake_nvml.c", "fake_cuda.c", "fake_smi.c", "use_card.c");

    private FakeLibraries() {}

    /** Skips the test, visibly, where there is no compiler. */
    static void needCompiler() {
        boolean there = false;
        for (String place : System.getenv("PATH").split(":")) {
            there |= Files.isExecutable(Path.of(place, "cc"));
        }
        assumeTrue(there, "needs a C compiler, cc(1)");
    }

    /** Where the compiled ones are: {@code libnvidia-ml.so.1} by build in directories of their own, the others beside them. */
    static synchronized Path built() {
        try {
            Path target = Path.of(FakeLibraries.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .getParent();
            Path sources = target.resolveSibling("src/test/c");
            Path done = target.resolve("fake-driver").resolve(fingerprint(sources));
            if (!Files.isDirectory(done)) {
                Files.createDirectories(done.getParent());
                Path fresh = Files.createTempDirectory(done.getParent(), "new");
                compile(sources, fresh);
                publish(fresh, done);
            }
            return done;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String fingerprint(Path sources) throws IOException {
        CRC32 sum = new CRC32();
        for (String source : SOURCES) {
            sum.update(Files.readAllBytes(sources.resolve(source)));
        }
        return Long.toHexString(sum.getValue());
    }

    private static void compile(Path sources, Path into) throws IOException {
        for (FakeDriver.Build build : FakeDriver.Build.values()) {
            Path place = Files.createDirectories(into.resolve(build.name()));
            cc(
                    sources,
                    "fake_nvml.c",
                    place.resolve("libnvidia-ml.so.1"),
                    "-DFAKE_" + build.name(),
                    "-shared",
                    "-fPIC");
        }
        cc(sources, "fake_cuda.c", into.resolve("libcuda.so.1"), "-shared", "-fPIC");
        cc(sources, "fake_smi.c", into.resolve("nvidia-smi"));
        cc(sources, "use_card.c", into.resolve("use-card"));
    }

    private static void cc(Path sources, String source, Path product, String... options) throws IOException {
        List<String> words = new ArrayList<>(
                List.of("cc", "-std=gnu11", "-O1", "-Wall", "-Wextra", "-Wno-format-truncation", "-pthread"));
        words.addAll(List.of(options));
        if (product.toString().endsWith(".so.1")) {
            words.add("-Wl,-soname," + product.getFileName());
        }
        words.addAll(List.of(sources.resolve(source).toString(), "-o", product.toString(), "-ldl"));
        Process compiler = new ProcessBuilder(words).redirectErrorStream(true).start();
        String said = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (compiler.waitFor() != 0) {
                throw new IOException(String.join(" ", words) + ": " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while compiling " + source, e);
        }
    }

    /** By one rename: whoever else compiles at the same time gets there first, or second. */
    private static void publish(Path fresh, Path done) throws IOException {
        try {
            Files.move(fresh, done, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | java.nio.file.DirectoryNotEmptyException e) {
            if (!Files.isDirectory(done)) {
                throw e;
            }
        } catch (IOException e) {
            // rename(2) may say ENOTEMPTY or EEXIST, which Java does not always tell apart.
            if (!Files.isDirectory(done)) {
                throw e;
            }
        }
    }
}
