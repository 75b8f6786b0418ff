package gpuspool.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProcessFactsTest {
    private static final long US = ProcessHandle.current().pid();

    @TempDir
    private Path temp;

    private final Children children = new Children();

    @AfterEach
    void killChildren() {
        children.close();
    }

    @Test
    void user_isTheOwnerOfWhatItMakes() throws Exception {
        Path made = Files.createFile(temp.resolve("made"));
        assertEquals(OptionalLong.of(FileFacts.of(made).orElseThrow().owner()), ProcessFacts.user(US));
        assertEquals(OptionalLong.empty(), ProcessFacts.user(Integer.MAX_VALUE));
    }

    @Test
    void limit_isTheOneThatWasSet() throws Exception {
        Process child = children.start("sh", "-c", "ulimit -Sn 77; echo; sleep 60");
        assertEquals('\n', child.getInputStream().read());
        assertEquals(OptionalLong.of(77), ProcessFacts.limit(child.pid(), "Max open files"));
        assertEquals(OptionalLong.empty(), ProcessFacts.limit(child.pid(), "Max nonsense"));
        assertEquals(OptionalLong.of(Long.MAX_VALUE), ProcessFacts.limit(child.pid(), "Max file locks"));
    }

    @Test
    void threads_areCounted() throws Exception {
        long user = ProcessFacts.user(US).orElseThrow();
        // This JVM alone has more than these.
        assertTrue(ProcessFacts.threadsOf(user) > 5);
        assertEquals(0, ProcessFacts.threadsOf(4_000_000_000L));
    }

    @Test
    void inotify_isCounted() throws Exception {
        try (WatchService service = FileSystems.getDefault().newWatchService()) {
            temp.register(service, StandardWatchEventKinds.ENTRY_CREATE);
            ProcessFacts.Inotify used =
                    ProcessFacts.inotifyOf(ProcessFacts.user(US).orElseThrow());
            assertTrue(used.instances() >= 1 && used.watches() >= 1, used.toString());
        }
        assertEquals(new ProcessFacts.Inotify(0, 0), ProcessFacts.inotifyOf(4_000_000_000L));
    }

    @Test
    void numberOfTheKernel_isReadWhole() throws Exception {
        // Every system allows more than nine; the kernel gives such a file's content to the first read only.
        assertTrue(ProcessFacts.numberIn(Path.of("/proc/sys/fs/inotify/max_user_instances"))
                        .orElseThrow()
                > 9);
        assertEquals(
                OptionalLong.of(Long.MAX_VALUE), ProcessFacts.numberIn(Files.writeString(temp.resolve("m"), "max\n")));
        assertEquals(OptionalLong.empty(), ProcessFacts.numberIn(temp.resolve("none")));
    }

    @Test
    void groups_areNamedByController() {
        assertTrue(ProcessFacts.groups(US).values().stream().allMatch(path -> path.startsWith("/")));
        assertTrue(!ProcessFacts.groups(US).isEmpty());
    }
}
