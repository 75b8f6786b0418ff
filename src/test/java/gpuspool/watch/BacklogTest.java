package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.job.JobDefaults;
import gpuspool.job.JobFile;
import gpuspool.job.JobReader;
import gpuspool.job.JobSpec;
import gpuspool.plan.FairShare;
import gpuspool.plan.Placement;
import gpuspool.posix.FileFacts;
import gpuspool.spool.Dropped;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Files of several users in the queue, as if they had dropped them. */
class BacklogTest {
    private static final int ALICE = 1001;
    private static final int BOB = 1002;
    private static final FairShare ALICE_USED_MORE = new FairShare(Map.of(ALICE, 3600.0), Map.of());

    private final Backlog backlog =
            new Backlog(6, () -> Optional.of(ALICE_USED_MORE), () -> Optional.of(ALICE_USED_MORE));
    private long time = 1;

    private static Path file(String name) {
        return Path.of("/spool/incoming", name);
    }

    /** Found later than all before. */
    private Entry find(String name, int owner) {
        FileTime changed = FileTime.fromMillis(time++);
        FileFacts facts = new FileFacts(1, time, 5, 0100644, owner, changed, changed);
        Entry entry = new Entry(new Dropped(file(name), facts), 1);
        backlog.add(entry);
        return entry;
    }

    private void read(String keys) {
        JobFile read = JobReader.read(
                "x.job",
                ("#GPUSPOOL " + keys + "\ntrue\n").getBytes(StandardCharsets.UTF_8),
                new JobDefaults(List.of("/bin/sh")));
        JobSpec spec = ((JobFile.Valid) read).spec();
        backlog.pollToRead(1).ifPresent(entry -> {
            backlog.understood(entry, spec);
            backlog.ready(entry);
        });
    }

    private void drop(String name, int owner, String keys) {
        find(name, owner);
        read(keys);
    }

    private List<String> queued() {
        return backlog.queued(100).stream().map(Placement.Request::name).toList();
    }

    @Test
    void files_areInTheOrderOfTheQueue() {
        drop("a1", ALICE, "gpus=1");
        drop("a2", ALICE, "priority=1");
        drop("a3", ALICE, "gpus=1");
        drop("b1", BOB, "gpus=1");
        drop("b2", BOB, "priority=-1");
        assertEquals(List.of("a2", "b1", "a1", "a3", "b2"), queued());
    }

    @Test
    void askedFor_comesBeforePriorityAndShare_untilTakenBack() {
        drop("a1", ALICE, "priority=-1");
        drop("a2", ALICE, "priority=9");
        drop("b1", BOB, "priority=9");
        backlog.first(file("a1"), FileTime.fromMillis(5));
        assertEquals(List.of("a1", "b1", "a2"), queued());
        assertTrue(backlog.notFirst(file("a1")));
        assertEquals(List.of("b1", "a2", "a1"), queued());
    }

    @Test
    void jobsWithAndWithoutGpu_eachInTheirOrder_areShownTogether() {
        drop("gpuOfAlice", ALICE, "gpus=1");
        drop("cpuOfBob", BOB, "gpus=0");
        drop("gpuOfBob", BOB, "gpus=1");
        drop("cpuUrgent", ALICE, "gpus=0 priority=1");
        assertEquals(List.of("cpuUrgent", "cpuOfBob", "gpuOfBob", "gpuOfAlice"), queued());
    }

    @Test
    void otherPriorityWhenReadAgain_otherPlace() {
        drop("a1", ALICE, "gpus=1");
        drop("a2", ALICE, "priority=1");
        backlog.readAgain(file("a2"));
        read("priority=-1");
        assertEquals(List.of("a1", "a2"), queued());
        backlog.remove(file("a2"));
        assertEquals(List.of("a1"), queued());
    }

    @Test
    void oneOwnerFillsMemory_othersAreKnownAllTheSame() {
        for (int i = 1; i <= 8; i++) {
            drop("a" + i, ALICE, "priority=" + (i == 6 ? 1 : 0));
        }
        drop("b1", BOB, "gpus=1");
        find("b2", BOB);
        assertEquals(10, backlog.size());
        assertEquals(List.of("a6", "b1", "a1", "a2", "a3"), queued());
        read("gpus=1");
        assertEquals(List.of("a6", "b1", "b2", "a1", "a2", "a3"), queued());
        for (String gone : List.of("a1", "a2", "a3")) {
            backlog.remove(file(gone));
        }
        assertTrue(backlog.hasRoomForMore());
    }

    @Test
    void oneOwnerFillsMemoryWithJobsThatWaitForOthers_othersAreKnownAllTheSame() {
        for (int i = 1; i <= 6; i++) {
            Entry entry = find("a" + i, ALICE);
            backlog.pollToRead(1).ifPresent(read -> backlog.sleep(read, "waits for x, which nobody has dropped yet"));
            assertEquals(1, backlog.sleeping().stream().filter(entry::equals).count());
        }
        drop("b1", BOB, "gpus=1");
        assertEquals(List.of("b1"), queued());
        assertEquals(
                List.of("a1", "a2", "a3", "a4", "a5"),
                backlog.sleeping().stream().map(Entry::name).toList());
    }
}
