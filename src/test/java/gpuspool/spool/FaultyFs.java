package gpuspool.spool;

import gpuspool.posix.FileFacts;
import gpuspool.posix.SharedAppend;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The real file system, in which calls fail as a test asks; it writes down what it was asked for. */
public class FaultyFs implements Fs {
    /** Decides over one call: throws to let it fail before anything was done. */
    public interface Fault {
        void before(String call, Path path) throws IOException;
    }

    private final Fs real = new DiskFs();
    private final Fault fault;
    private final List<String> calls = new ArrayList<>();

    public FaultyFs(Fault fault) {
        this.fault = fault;
    }

    /** Fails every call of this kind on a path that ends so. */
    public static FaultyFs failing(String call, String pathEnd) {
        return new FaultyFs((asked, path) -> {
            if (asked.equals(call) && path.toString().endsWith(pathEnd)) {
                throw new IOException(path + ": No space left on device");
            }
        });
    }

    List<String> calls() {
        return calls;
    }

    private void step(String call, Path path) throws IOException {
        calls.add(call + " " + path.getFileName());
        fault.before(call, path);
    }

    @Override
    public void mkdir(Path directory) throws IOException {
        step("mkdir", directory);
        real.mkdir(directory);
    }

    @Override
    public void create(Path file, byte[] content) throws IOException {
        step("create", file);
        real.create(file, content);
    }

    @Override
    public void append(Path file, byte[] content) throws IOException {
        step("append", file);
        real.append(file, content);
    }

    @Override
    public void appendIfRegular(Path path, byte[] content) throws IOException {
        step("append", path);
        real.appendIfRegular(path, content);
    }

    @Override
    public boolean touch(Path path) throws IOException {
        step("touch", path);
        return real.touch(path);
    }

    @Override
    public SharedAppend.Added addLines(Path file, byte[] lines) throws IOException {
        step("addLines", file);
        return real.addLines(file, lines);
    }

    @Override
    public void overwrite(Path file, byte[] content) throws IOException {
        step("overwrite", file);
        real.overwrite(file, content);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        step("rename", from);
        real.rename(from, to);
    }

    @Override
    public void renameToFree(Path from, Path to) throws IOException {
        step("rename", from);
        real.renameToFree(from, to);
    }

    @Override
    public void link(Path from, Path to) throws IOException {
        step("link", from);
        real.link(from, to);
    }

    @Override
    public void copy(Path from, Path to) throws IOException {
        step("copy", from);
        real.copy(from, to);
    }

    @Override
    public void dress(Path file, int mode, FileTime modified) throws IOException {
        step("dress", file);
        real.dress(file, mode, modified);
    }

    @Override
    public void delete(Path path) throws IOException {
        step("delete", path);
        real.delete(path);
    }

    @Override
    public void sync(Path path) throws IOException {
        step("sync", path);
        real.sync(path);
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        step("list", directory);
        return real.list(directory);
    }

    @Override
    public byte[] read(Path file, int limit) throws IOException {
        step("read", file);
        return real.read(file, limit);
    }

    @Override
    public long usableBytes(Path path) throws IOException {
        step("space", path);
        return real.usableBytes(path);
    }

    @Override
    public Optional<FileFacts> look(Path path) throws IOException {
        step("look", path);
        return real.look(path);
    }
}
