package gpuspool.spool;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Directories as readers list them: in no order, with the raw bytes of every name kept in its path. Only what is asked for is
 * kept in memory, since {@code done/} may hold years of jobs.
 */
final class Listing {
    private Listing() {}

    /** Asked for every entry in turn. */
    interface Filter {
        boolean wants(Path entry) throws IOException;
    }

    /** Everything that lies in a directory. */
    static List<Path> of(Path directory) throws IOException {
        return select(directory, new Filter() {
            @Override
            public boolean wants(Path entry) {
                return true;
            }
        });
    }

    /** The job files in a directory, by their names. */
    static List<Path> jobFiles(Path directory) throws IOException {
        return select(directory, new Filter() {
            @Override
            public boolean wants(Path entry) {
                return isJobFile(entry);
            }
        });
    }

    static boolean isJobFile(Path entry) {
        return DroppedName.isJob(entry.getFileName().toString());
    }

    /** What is wanted of a directory; nothing where there is no such directory. */
    static List<Path> select(Path directory, Filter filter) throws IOException {
        List<Path> wanted = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                if (filter.wants(entry)) {
                    wanted.add(entry);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        } catch (NoSuchFileException e) {
            if (Files.exists(directory)) {
                throw e;
            }
        }
        return wanted;
    }
}
