package gpuspool.spool;

import gpuspool.posix.CarefulAppend;
import gpuspool.posix.FileFacts;
import gpuspool.posix.Renames;
import gpuspool.posix.SharedAppend;
import gpuspool.posix.Touch;
import gpuspool.posix.WriteOut;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The real file system. */
public class DiskFs implements Fs {
    private static final int PERMISSIONS = 0777;

    /** The file system that was asked for its room last. */
    private volatile Map.Entry<Path, FileStore> asked;

    @Override
    public void mkdir(Path directory) throws IOException {
        Files.createDirectory(directory);
    }

    @Override
    public void create(Path file, byte[] content) throws IOException {
        write(file, content, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    }

    @Override
    public void append(Path file, byte[] content) throws IOException {
        write(file, content, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    @Override
    public void appendIfRegular(Path path, byte[] content) throws IOException {
        boolean unused = CarefulAppend.toRegular(path, content);
    }

    @Override
    public boolean touch(Path path) throws IOException {
        return Touch.existing(path);
    }

    @Override
    public SharedAppend.Added addLines(Path file, byte[] lines) throws IOException {
        return SharedAppend.lines(file, lines);
    }

    @Override
    public void overwrite(Path file, byte[] content) throws IOException {
        write(file, content, StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
    }

    private static void write(Path file, byte[] content, StandardOpenOption... options) throws IOException {
        try (FileChannel channel = FileChannel.open(file, options)) {
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void renameToFree(Path from, Path to) throws IOException {
        if (Renames.withoutReplacing(from, to)) {
            return;
        }
        if (look(to).isPresent()) {
            throw new FileAlreadyExistsException(to.toString());
        }
        rename(from, to);
    }

    @Override
    public void link(Path from, Path to) throws IOException {
        Files.createLink(to, from);
    }

    @Override
    public void copy(Path from, Path to) throws IOException {
        Files.copy(from, to, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public void dress(Path file, int mode, FileTime modified) throws IOException {
        Files.setAttribute(file, "unix:mode", mode & PERMISSIONS, LinkOption.NOFOLLOW_LINKS);
        Files.setLastModifiedTime(file, modified);
    }

    @Override
    public void delete(Path path) throws IOException {
        Files.delete(path);
    }

    @Override
    public void announceSync(Path file) {
        WriteOut.begin(file);
    }

    @Override
    public void sync(Path path) throws IOException {
        // Linux syncs a directory or file through any descriptor of it, one opened for reading too.
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                names.add(entry.getFileName().toString());
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        Collections.sort(names);
        return names;
    }

    @Override
    public byte[] read(Path file, int limit) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(limit);
        }
    }

    @Override
    public long usableBytes(Path path) throws IOException {
        // Finding the store reads the table of mounts; asking it is one statvfs(2).
        Map.Entry<Path, FileStore> known = asked;
        if (known == null || !known.getKey().equals(path)) {
            known = Map.entry(path, Files.getFileStore(path));
            asked = known;
        }
        return known.getValue().getUsableSpace();
    }

    @Override
    public Optional<FileFacts> look(Path path) throws IOException {
        return FileFacts.of(path);
    }
}
