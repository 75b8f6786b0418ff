package gpuspool.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A small ext4 file system in a file, mounted through a loop device: what was never written to it is lost by a power cut. */
final class LoopDisk implements AutoCloseable {
    private static final long BYTES = 64L << 20;

    private final Path mountPoint;

    private LoopDisk(Path mountPoint) {
        this.mountPoint = mountPoint;
    }

    /** Makes the file system in {@code image} and mounts it; throws where this machine or this user cannot. */
    static LoopDisk make(Path image, Path mountPoint) throws IOException, InterruptedException {
        try (var file = Files.newByteChannel(
                image, java.nio.file.StandardOpenOption.CREATE_NEW, java.nio.file.StandardOpenOption.WRITE)) {
            file.position(BYTES - 1);
            file.write(java.nio.ByteBuffer.wrap(new byte[1]));
        }
        run("mkfs.ext4", "-q", "-F", image.toString());
        return mount(image, mountPoint);
    }

    static LoopDisk mount(Path image, Path mountPoint) throws IOException, InterruptedException {
        Files.createDirectories(mountPoint);
        run("mount", "-o", "loop", image.toString(), mountPoint.toString());
        return new LoopDisk(mountPoint);
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(List.of(command) + ": " + said);
        }
    }

    @Override
    public void close() {
        // Busy until the last process that was killed has let go of it.
        Awaitility.await("umount " + mountPoint)
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptions()
                .until(() -> {
                    run("umount", mountPoint.toString());
                    return true;
                });
    }
}
