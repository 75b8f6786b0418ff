package gpuspool.posix;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.List;

/** A null-ended array of C strings: UTF-8 whatever the locale, and other bytes by way of {@link RawText}. */
final class CStrings implements AutoCloseable {
    private final Memory block;

    CStrings(List<String> texts) {
        List<byte[]> raw = texts.stream().map(Fds::cString).toList();
        long table = (long) Long.BYTES * (raw.size() + 1);
        block = new Memory(table + raw.stream().mapToInt(bytes -> bytes.length).sum());
        long at = table;
        for (int i = 0; i < raw.size(); i++) {
            block.setPointer((long) i * Long.BYTES, block.share(at));
            block.write(at, raw.get(i), 0, raw.get(i).length);
            at += raw.get(i).length;
        }
        block.setPointer((long) raw.size() * Long.BYTES, Pointer.NULL);
    }

    Pointer array() {
        return block;
    }

    @Override
    public void close() {
        block.close();
    }
}
