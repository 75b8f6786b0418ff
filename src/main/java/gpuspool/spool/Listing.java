package gpuspool.spool;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Directories as readers list them: in no order, with the raw bytes of every name kept in its path. */
public final class Listing {
    private Listing() {}

    /** What lies in a directory; nothing where there is no such directory. */
    public static List<Path> of(Path directory) throws IOException {
        List<Path> paths = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                paths.add(entry);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        } catch (NoSuchFileException e) {
            return paths;
        }
        return paths;
    }

    /** The job files in a directory, by their names. */
    public static List<Path> jobFiles(Path directory) throws IOException {
        List<Path> files = of(directory);
        int kept = 0;
        for (Path file : files) {
            if (DroppedName.isJob(file.getFileName().toString())) {
                files.set(kept++, file);
            }
        }
        files.subList(kept, files.size()).clear();
        return files;
    }
}
