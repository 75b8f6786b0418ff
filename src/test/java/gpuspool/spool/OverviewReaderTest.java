package gpuspool.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverviewReaderTest {
    @TempDir
    Path temp;

    @Test
    void recordRemovedWhileItIsRead_doesNotEndTheListing() throws IOException {
        Spool spool = SpoolMaker.make(temp.resolve("spool"), new DiskFs());
        for (String name : new String[] {"gone.1.box", "there.1.box"}) {
            Path dir = Files.createDirectory(spool.places().failed().resolve(name));
            Files.writeString(dir.resolve("status"), "ending = refused\n");
            Files.createFile(dir.resolve("token"));
            Files.writeString(dir.resolve("reason"), "because\n");
        }
        FaultyFs fs = new FaultyFs((call, path) -> {
            if (call.equals("read") && path.endsWith("gone.1.box/reason")) {
                throw new NoSuchFileException(path.toString());
            }
        });
        Overview overview =
                new OverviewReader(spool, new Looker("box", "boot"), fs, 0, OverviewReader.Limits.PAGE).read();
        assertEquals(2, overview.lastEnded().size());
        for (JobRow row : overview.lastEnded()) {
            assertEquals(row.job().equals("there.1") ? "because" : "", row.reason(), row.toString());
        }
    }
}
