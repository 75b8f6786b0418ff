package gpuspool.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryRunsTest {
    @TempDir
    private Path temp;

    private Layout places;

    @BeforeEach
    void makeSpool() throws IOException {
        places = SpoolMaker.make(temp.resolve("spool"), new DiskFs()).places();
    }

    private void write(String file, String... lines) throws IOException {
        Path path = places.hosts().resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, String.join("\n", lines));
    }

    static String line(String id, String state, String time, String more) {
        String job = id.substring(0, id.lastIndexOf('.'));
        return "{\"time\":\"2026-11-10T" + time + ".000Z\",\"job\":\"" + job + "\",\"id\":\"" + id + "\",\"state\":\""
                + state + "\"" + more + "}";
    }

    private record Found(HistoryRuns.Survey survey, List<RecordedRun> runs, long bad) {
        List<String> ids() {
            return runs.stream().map(RecordedRun::id).sorted().toList();
        }
    }

    private Found read(long since) throws IOException {
        HistoryRuns history = new HistoryRuns(places, new DiskFs(), (bytes, of) -> {});
        HistoryRuns.Survey survey = history.survey();
        List<RecordedRun> runs = new ArrayList<>();
        long bad = history.read(survey, since, runs::add);
        return new Found(survey, runs, survey.bad() + bad);
    }

    @Test
    void end_tellsAllThatIsKnown() throws IOException {
        write(
                "box/history.jsonl",
                line(
                        "a.1.box",
                        "failed",
                        "10:00:00",
                        ",\"name\":\"a.job\",\"owner\":1000,\"queued\":\"2026-11-10T08:00:00.000Z\",\"gpus\":[\"0\",\"1\"],"
                                + "\"command\":\"x\",\"started\":\"2026-11-10T09:00:00.000Z\",\"ending\":\"exited\",\"exit\":3,"
                                + "\"elapsed\":3600000,\"waited_for\":\"needs 2 GPUs\",\"gpu_mem\":5,\"gpu_util\":40,"
                                + "\"gpu_mem_peak\":6,\"gpu_mem_total\":7,\"reason\":\"r\",\"later\":{\"x\":[1,{}]}"),
                "");
        long at = Times.parse("2026-11-10T08:00:00.000Z").orElseThrow();
        assertEquals(
                List.of(new RecordedRun(
                        "a.1.box",
                        "a.1",
                        "box",
                        OptionalInt.of(1000),
                        OptionalLong.of(at),
                        OptionalLong.of(at + 3_600_000),
                        OptionalLong.of(at + 7_200_000),
                        OptionalLong.of(3_600_000),
                        List.of("0", "1"),
                        "x",
                        "exited",
                        OptionalInt.of(3),
                        false,
                        "r",
                        "needs 2 GPUs",
                        OptionalLong.of(5),
                        OptionalInt.of(40),
                        OptionalLong.of(6),
                        OptionalLong.of(7))),
                read(0).runs());
    }

    @Test
    void allHostsAndAllParts_areRead_andEachRunOnce_theLastLineCounts() throws IOException {
        write(
                "box/history.1.jsonl",
                line("a.1.box", "claimed", "08:00:00", ""),
                line("a.1.box", "done", "09:00:00", ",\"exit\":1"),
                "");
        write("box/history.2.jsonl", line("a.1.box", "done", "09:00:00", ",\"exit\":2"), "");
        write(
                "box/history.jsonl",
                line("a.1.box", "done", "09:00:00", ",\"exit\":3"),
                line("b.1.box", "failed", "10:00:00", ""),
                "");
        write("other/history.jsonl", line("a.1.other", "done", "11:00:00", ""), "");
        Found found = read(0);
        assertEquals(List.of("a.1.box", "a.1.other", "b.1.box"), found.ids());
        assertEquals(
                OptionalInt.of(3),
                found.runs().stream()
                        .filter(run -> run.id().equals("a.1.box"))
                        .findFirst()
                        .orElseThrow()
                        .exit());
        assertEquals(6, found.survey().lines());
        assertEquals(Times.parse("2026-11-10T08:00:00.000Z"), found.survey().first());
    }

    @Test
    void tornAndForeignLines_areCounted_andTheOthersRead() throws IOException {
        write(
                "box/history.jsonl",
                "no json",
                line("a.1.box", "done", "09:00:00", ""),
                "",
                line("b.1.box", "done", "09:00:00", "").substring(0, 40),
                line("c.1.box", "done", "09:00:00", ",\"exit\":}"),
                line("d.1.box", "sleeping", "09:00:00", ""),
                "{\"state\":\"done\", \"id\":\"e.1.box\", \"time\":\"2026-11-10T12:00:00.000Z\"}",
                line("f.1.box", "done", "09:00:00", ""));
        Found found = read(0);
        assertEquals(List.of("a.1.box", "e.1.box"), found.ids(), "the last one does not end");
        assertEquals(5, found.bad());
    }

    @Test
    void strangeValues_areNotKnown_andHarmNothing() throws IOException {
        write(
                "box/history.jsonl",
                line(
                        "a.1.box",
                        "done",
                        "09:00:00",
                        ",\"owner\":-1,\"exit\":99999999999999999999,\"elapsed\":\"x\",\"gpus\":[1,[\"no\"],\"0\"],\"command\":null"
                                + ",\"queued\":\"yesterday\""),
                "");
        RecordedRun run = read(0).runs().get(0);
        assertEquals(OptionalInt.empty(), run.owner());
        assertEquals(OptionalInt.empty(), run.exit());
        assertEquals(OptionalLong.empty(), run.elapsed());
        assertEquals(OptionalLong.empty(), run.queued());
        assertEquals("", run.command());
        assertEquals(List.of("0"), run.gpus());
    }

    @Test
    void whatEndedBefore_isNotTold() throws IOException {
        write(
                "box/history.jsonl",
                line("a.1.box", "done", "09:00:00", ""),
                line("b.1.box", "done", "10:00:00", ""),
                "");
        assertEquals(
                List.of("b.1.box"),
                read(Times.parse("2026-11-10T10:00:00.000Z").orElseThrow()).ids());
    }

    @Test
    void fileThatCannotBeRead_isNamed() throws IOException {
        Files.createDirectories(places.hosts().resolve("box/history.jsonl"));
        write("box/history.1.jsonl", line("a.1.box", "done", "09:00:00", ""), "");
        Found found = read(0);
        assertEquals(List.of("a.1.box"), found.ids());
        assertTrue(
                found.survey().unread().get(0).startsWith("hosts/box/history.jsonl: "),
                found.survey().toString());
    }

    @Test
    void noRecord_isEmpty() throws IOException {
        assertEquals(0, read(0).survey().lines());
        assertEquals(OptionalLong.empty(), read(0).survey().first());
    }

    @Test
    void longSet_remembersAll() {
        LongSet set = new LongSet();
        for (long i = -5000; i < 5000; i++) {
            assertTrue(set.add(i * i * i));
            assertTrue(!set.add(i * i * i) && set.contains(i * i * i));
        }
        assertTrue(!set.contains(7));
    }
}
