package gpuspool.chaos;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Writes a file through a mapping whose descriptor is closed long since; goes on, and ends, at a byte on its input. */
final class MappedWriter {
    private MappedWriter() {}

    public static void main(String[] args) throws IOException {
        byte[] text = args[1].getBytes(StandardCharsets.ISO_8859_1);
        MappedByteBuffer map;
        try (FileChannel channel = FileChannel.open(
                Path.of(args[0]), StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            map = channel.map(FileChannel.MapMode.READ_WRITE, 0, text.length);
        }
        map.put(text, 0, text.length / 2);
        int go = System.in.read();
        map.put(text, text.length / 2, text.length - text.length / 2);
        System.exit(go < 0 ? 1 : 0);
    }
}
