package gpuspool.foreground;

import gpuspool.spool.HostFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

/** What a host's watcher says of why jobs wait, read again only when it has said something new. */
final class WaitingWords {
    private final Path file;
    private FileTime read = FileTime.fromMillis(0);
    private String text = "";

    WaitingWords(Path hostDirectory) {
        file = HostFiles.waitingFile(hostDirectory);
    }

    /** Why the job of this name or id waits, as its watcher last wrote it; empty text where it says nothing of it. */
    synchronized String of(String name) throws IOException {
        try {
            FileTime written = Files.getLastModifiedTime(file);
            if (!written.equals(read)) {
                text = "\n" + new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
                read = written;
            }
        } catch (NoSuchFileException e) {
            text = "";
        }
        int at = text.indexOf("\n" + name + "\t");
        int end = at < 0 ? -1 : text.indexOf('\n', at + 1);
        return end < 0 ? "" : text.substring(at + name.length() + 2, end);
    }
}
