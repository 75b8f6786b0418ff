package gpuspool.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.posix.FileFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageReaderTest {
    private static final long HOUR = 3_600_000;

    private final long now = System.currentTimeMillis();

    @TempDir
    Path temp;

    private Layout places;
    private UsageReader reader;

    @BeforeEach
    void open() throws IOException {
        places = SpoolMaker.make(temp.resolve("spool"), new DiskFs()).places();
        Files.createDirectory(places.host("box"));
        reader = new UsageReader(places, new DiskFs(), "box");
    }

    private Path record(Path where, String id, String... status) throws IOException {
        Path directory = Files.createDirectory(where.resolve(id));
        Files.writeString(directory.resolve("status"), String.join("\n", status) + "\n");
        return directory;
    }

    private String at(String key, long millis) {
        return key + " = " + Times.format(Instant.ofEpochMilli(millis));
    }

    private Path ended(Path where, String id, int owner, String devices, long hoursAgo) throws IOException {
        return record(
                where,
                id,
                "owner = " + owner,
                "devices = " + devices,
                "elapsed = " + HOUR,
                at("ended", now - hoursAgo * HOUR));
    }

    private UsageReader.Read read() throws IOException {
        reader.begin(now);
        Optional<UsageReader.Read> read = reader.goOn(now, 1);
        for (int i = 0; i < 100 && read.isEmpty(); i++) {
            read = reader.goOn(now, 1);
        }
        return read.orElseThrow();
    }

    private List<String> endedIds() throws IOException {
        return read().ended().stream()
                .map(used -> used.id().toString())
                .sorted()
                .toList();
    }

    @Test
    void endedJobs_tellWhoHadHowManyCardsAndWhen() throws IOException {
        ended(places.done(), "a.1.box", 1001, "sim:0 sim:1", 5);
        ended(places.failed(), "b.1.other", 1002, "sim:0", 2);
        List<UsageReader.Used> ended = read().ended().stream()
                .sorted((one, other) -> one.owner() - other.owner())
                .toList();
        assertEquals(2, ended.size(), ended.toString());
        assertEquals(2, ended.get(0).gpus());
        assertEquals(now - 6 * HOUR, ended.get(0).from());
        assertEquals(now - 5 * HOUR, ended.get(0).to());
        assertEquals(1002, ended.get(1).owner());
    }

    @Test
    void whatTellsNothing_countsNothing() throws IOException {
        ended(places.done(), "cpu.1.box", 1001, "", 1);
        record(places.failed(), "refused.1.box", "owner = 1001", "devices = sim:0", at("ended", now));
        record(places.failed(), "torn.1.box", "devices = sim:0", "elapsed = 5", at("ended", now));
        Files.createDirectory(places.failed().resolve("empty.1.box"));
        Files.createFile(places.done().resolve("file.1.box"));
        Files.createDirectory(places.done().resolve("nobodys"));
        assertEquals(List.of(), endedIds());
        assertEquals(Optional.empty(), read().trouble());
    }

    @Test
    void olderThanAWeek_isNotRead() throws IOException {
        Path old = ended(places.done(), "old.1.box", 1001, "sim:0", 1);
        Files.setLastModifiedTime(old, FileTime.fromMillis(now - UsageReader.SPAN.toMillis() - HOUR));
        ended(places.done(), "late.1.box", 1001, "sim:0", 1);
        assertEquals(List.of("late.1.box"), endedIds());
    }

    @Test
    void oneThatCannotBeRead_hidesNoOther_andIsTold() throws IOException {
        Files.createDirectories(places.done().resolve("bad.1.box/status"));
        ended(places.done(), "good.1.box", 1001, "sim:0", 1);
        UsageReader.Read read = read();
        assertEquals(1, read.ended().size());
        assertTrue(
                read.trouble().orElseThrow().contains("bad.1.box"),
                read.trouble().toString());
    }

    @Test
    void oneThatCannotBeLookedAt_hidesNoOther_andIsTold() throws IOException {
        reader = new UsageReader(
                places,
                new DiskFs() {
                    @Override
                    public Optional<FileFacts> look(Path path) throws IOException {
                        if (path.endsWith("bad.1.box")) {
                            throw new IOException("stale");
                        }
                        return super.look(path);
                    }
                },
                "box");
        ended(places.done(), "bad.1.box", 1001, "sim:0", 1);
        ended(places.done(), "good.1.box", 1001, "sim:0", 1);
        UsageReader.Read read = read();
        assertEquals(1, read.ended().size());
        assertEquals(Optional.of(places.done().resolve("bad.1.box") + ": stale"), read.trouble());
    }

    @Test
    void laterOn_onlyWhatOtherHostsDidSince() throws IOException {
        Files.createDirectory(places.host("other"));
        ended(places.done(), "a.1.box", 1001, "sim:0", 1);
        ended(places.done(), "b.1.other", 1001, "sim:0", 1);
        assertEquals(List.of("a.1.box", "b.1.other"), endedIds());
        ended(places.done(), "a.2.box", 1001, "sim:0", 1);
        ended(places.failed(), "b.2.other", 1001, "sim:0", 1);
        assertEquals(List.of("b.2.other"), endedIds());
        assertEquals(List.of(), endedIds());
    }

    @Test
    void othersThatRun_countUntilNow_ownAreLeftToTheWatcher() throws IOException {
        Files.createDirectory(places.host("other"));
        for (String id : List.of("a.1.box", "b.1.other")) {
            record(places.running(), id, "owner = 1001", "devices = sim:0", at("started", now - HOUR));
        }
        record(places.running(), "c.1.other", "owner = 1001", "devices = sim:0");
        List<UsageReader.Used> running = read().running();
        assertEquals(1, running.size(), running.toString());
        assertEquals("b.1.other", running.get(0).id().toString());
        assertEquals(HOUR, running.get(0).to() - running.get(0).from());
    }
}
