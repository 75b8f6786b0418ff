package gpuspool.posix;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.List;

/** A null-ended array of C strings: UTF-8 whatever the locale, and other bytes by way of {@link RawText}. */
final class CStrings implements AutoCloseable {
    private final Memory block;

    CStrings(List<String> texts) {
        // No stream: this is on the way of `gpuspool run`, where the first lambda would cost more than all of it.
        List<byte[]> raw = new ArrayList<>();
        long length = 0;
        for (String text : texts) {
            byte[] bytes = Fds.cString(text);
            raw.add(bytes);
            length += bytes.length;
        }
        long table = (long) Long.BYTES * (raw.size() + 1);
        block = new Memory(table + length);
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
