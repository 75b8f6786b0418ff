package gpuspool.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MountTest {
    private static final List<Mount> MOUNTS = Mount.parse("""
            27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
            40 27 0:40 / /data rw,noatime shared:7 master:1 - nfs4 server:/x rw,vers=4.2,soft,timeo=600
            41 40 0:41 / /data/a\\040b ro,relatime - XFS /dev/b rw
            42 27 0:42 / /tmp rw - tmpfs none rw
            43 27 0:43 / /tmp rw,noexec - tmpfs none rw
            nonsense
            44 27 0:44 / /cut rw
            """);

    @ParameterizedTest
    @CsvSource({
        "/, ext4",
        "/home/x, ext4",
        "/database, ext4",
        "/data, nfs4",
        "/data/deep/er, nfs4",
        "/data/a b/c, xfs",
    })
    void file_liesOnTheDeepestMount(Path file, String type) {
        assertEquals(type, Mount.under(MOUNTS, file).orElseThrow().type());
    }

    @Test
    void secondMountOnAPoint_hidesTheFirst() {
        assertTrue(Mount.under(MOUNTS, Path.of("/tmp/x")).orElseThrow().has("noexec"));
    }

    @Test
    void optionsOfMountAndFileSystem_bothCount() {
        Mount nfs = Mount.under(MOUNTS, Path.of("/data")).orElseThrow();
        assertTrue(nfs.has("soft") && nfs.has("noatime") && nfs.isNfs());
        assertTrue(Mount.under(MOUNTS, Path.of("/data/a b")).orElseThrow().has("ro"));
    }

    @Test
    void linesInNoKnownForm_areLeftOut() {
        assertEquals(5, MOUNTS.size());
    }

    @Test
    void thisMachine_hasARoot() throws Exception {
        assertTrue(Mount.under(Mount.all(), Path.of("/")).isPresent());
    }
}
