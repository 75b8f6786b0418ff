package gpuspool.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.spool.RecordedRun;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Numbers of a report against examples that were worked out by hand. */
class ReportTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final long HOUR = 3_600_000;
    private static final long START = Instant.parse("2026-11-10T00:00:00Z").toEpochMilli();
    private static final Window WINDOW = new Window(START, START + 10 * HOUR, BERLIN);
    private static final long GIB = 1L << 30;

    /** A run of user 7 on one card from an hour of the window to another, that waited so many seconds. */
    static RecordedRun run(String name, double from, double to, long waited, int exit, String... cards) {
        long begin = START + (long) (from * HOUR);
        long end = START + (long) (to * HOUR);
        return new RecordedRun(
                name + ".1.box",
                name + ".1",
                "box",
                OptionalInt.of(7),
                OptionalLong.of(begin - waited * 1000),
                OptionalLong.of(begin),
                OptionalLong.of(end),
                OptionalLong.of(end - begin),
                List.of(cards),
                "python train.py",
                "exited",
                OptionalInt.of(exit),
                exit == 0,
                "",
                "",
                OptionalLong.empty(),
                OptionalInt.empty(),
                OptionalLong.empty(),
                OptionalLong.empty());
    }

    private static RecordedRun used(RecordedRun run, int percent, long peak) {
        return new RecordedRun(
                run.id(),
                run.job(),
                run.host(),
                run.owner(),
                run.queued(),
                run.started(),
                run.ended(),
                run.elapsed(),
                run.gpus(),
                run.command(),
                run.ending(),
                run.exit(),
                run.done(),
                run.reason(),
                run.waitedFor(),
                run.memory(),
                OptionalInt.of(percent),
                OptionalLong.of(peak),
                OptionalLong.of(80 * GIB));
    }

    private static Report of(RecordedRun... runs) {
        Report report = new Report(WINDOW, owner -> true);
        List.of(runs).forEach(report::add);
        report.finish();
        return report;
    }

    @Test
    void gpuHours_areCardsTimesHours() {
        Report report = of(run("a", 1, 3, 0, 0, "0", "1"), run("b", 2, 5, 0, 0, "2"), run("c", 2, 5, 0, 0));
        assertEquals(7 * HOUR, report.gpuMillis());
        assertEquals(3, report.ended());
        assertEquals(7.0 / 30, report.share(), 1e-9);
    }

    @Test
    void runs_countAsFarAsTheyLieInTheWindow() {
        Report report =
                of(run("before", -5, -1, 0, 0, "0"), run("into", -2, 1, 0, 0, "0"), run("over", 8, 14, 0, 1, "0"));
        assertEquals(3 * HOUR, report.gpuMillis());
        assertEquals(1, report.ended(), "the one that ended in it");
        assertEquals(1, report.done());
        assertEquals(1, report.running(), "the one that had not ended when it was over");
        assertEquals(1, report.waits.count(), "the one that started in it");
    }

    @Test
    void elapsed_countsAndNotTheCalendar_whichMayHaveBeenSet() {
        RecordedRun run = run("a", 1, 3, 0, 0, "0");
        RecordedRun set = new RecordedRun(
                run.id(),
                run.job(),
                run.host(),
                run.owner(),
                run.queued(),
                run.started(),
                run.ended(),
                OptionalLong.of(HOUR / 2),
                run.gpus(),
                "",
                "exited",
                run.exit(),
                true,
                "",
                "",
                OptionalLong.empty(),
                OptionalInt.empty(),
                OptionalLong.empty(),
                OptionalLong.empty());
        assertEquals(HOUR / 2, of(set).gpuMillis());
    }

    @Test
    void waits_medianAndGroupsAndLongest() {
        Report report = of(IntStream.of(0, 5, 30, 120, 4000)
                .mapToObj(wait -> run("w" + wait, 1, 2, wait, 0, "0"))
                .toArray(RecordedRun[]::new));
        assertEquals(30_000, report.waits.quantile(0.5).orElseThrow());
        assertEquals(4_000_000, report.waits.quantile(0.9).orElseThrow());
        assertEquals(
                List.of(1, 1, 1, 1, 0, 0, 1, 0, 0, 0),
                IntStream.of(report.waits.groups()).boxed().toList());
        assertEquals("w4000.1", report.waits.longest().get(0).job());
    }

    @Test
    void manyWaits_onlyTheLongestTenAreNamed() {
        Report report = of(IntStream.range(0, 500)
                .mapToObj(wait -> run("w" + wait, 1, 2, wait * 7919L % 500, 0))
                .toArray(RecordedRun[]::new));
        assertEquals(
                LongsDown.from(499, 10),
                report.waits.longest().stream()
                        .map(run -> run.waited().orElseThrow() / 1000)
                        .toList());
    }

    private static final class LongsDown {
        static List<Long> from(long first, int count) {
            return IntStream.range(0, count).mapToObj(i -> first - i).toList();
        }
    }

    @Test
    void failures_areGroupedByHowTheyEnded() {
        Report report = of(
                run("a", 1, 2, 0, 1, "0"),
                run("b", 1, 3, 0, 1, "1"),
                run("c", 1, 2, 0, 137, "2"),
                run("d", 1, 2, 0, 0, "3"));
        List<Failures.Kind> kinds = report.failures.kinds();
        assertEquals(
                List.of("exit 1", "137 (SIGKILL, or exit 137)"),
                kinds.stream().map(Failures.Kind::name).toList());
        assertEquals(2, kinds.get(0).runs());
        assertEquals(3 * HOUR, kinds.get(0).gpuMillis());
        assertEquals(
                List.of(new Failures.Command("python train.py", 2)),
                kinds.get(0).commands());
        assertEquals(1, report.done());
    }

    @Test
    void sampledJobs_thatUsedLittle_areFound() {
        Report report = of(
                used(run("small", 1, 3, 0, 0, "0"), 90, 19 * GIB),
                used(run("quarter", 1, 2, 0, 0, "1"), 10, 20 * GIB),
                run("unmeasured", 1, 2, 0, 0, "2"));
        assertEquals(new Fit.Sums(2, 3 * HOUR, 1, 2 * HOUR, 1, HOUR), report.fit.sums());
        assertEquals("small.1", report.fit.loosest().get(0).run().job());
        assertEquals((2 * 90 + 10) / 300.0, report.busy.meanMeasured(), 1e-9);
    }

    @Test
    void people_haveTheirSums() {
        Report report = of(run("a", 1, 3, 10, 0, "0"), run("b", 1, 2, 20, 1, "1"));
        assertEquals(List.of(new People.Person(7, 2, 1, 0, 3 * HOUR, 15_000, -1)), report.people());
    }

    @Test
    void otherUsers_areLeftOut() {
        Report report = new Report(WINDOW, owner -> owner == 8);
        report.add(run("a", 1, 3, 0, 0, "0"));
        report.finish();
        assertTrue(report.isEmpty());
        assertEquals(0, report.gpuMillis());
    }

    @Test
    void bins_followTheClocksThatAreChanged() {
        // 25 October 2026: 03:00 summer time becomes 02:00.
        long since = Instant.parse("2026-10-24T22:00:00Z").toEpochMilli();
        Bins days = Bins.of(new Window(since, since + 72 * HOUR, BERLIN), 5);
        assertEquals(25 * HOUR, days.to(0) - days.from(0));
        assertEquals(24 * HOUR, days.to(1) - days.from(1));
        Bins thirds = Bins.of(new Window(since, since + 49 * HOUR, BERLIN), 20);
        long sum = 0;
        for (int i = 0; i < thirds.count(); i++) {
            assertTrue(thirds.to(i) > thirds.from(i));
            sum += thirds.to(i) - thirds.from(i);
        }
        assertEquals(49 * HOUR, sum);
        assertEquals(since + 25 * HOUR, thirds.from(thirds.at(since + 25 * HOUR)), "a day begins with a bin");
    }

    @Test
    void spread_isExactAndWholeForAnyStretch() {
        Bins bins = Bins.of(WINDOW, 12);
        double[] into = new double[bins.count()];
        bins.spread(START + HOUR / 2, START + 3 * HOUR + HOUR / 4, 2, into);
        assertEquals(HOUR, into[0], 1e-6);
        assertEquals(2.0 * HOUR, into[1], 1e-6);
        assertEquals(HOUR / 2.0, into[3], 1e-6);
        assertEquals(
                5.5 * HOUR,
                IntStream.range(0, into.length).mapToDouble(i -> into[i]).sum(),
                1e-6);
    }

    @Test
    void timeline_sharersStandBelowEachOther_andNobodyElse() {
        Report report = of(run("a", 1, 4, 0, 0, "0"), run("b", 2, 5, 0, 0, "0"), run("c", 5, 6, 0, 0, "0"));
        Timeline.Row row = report.timeline.rows().get(0);
        assertEquals(2, row.rows());
        assertEquals(
                List.of(0, 1, 0), row.bars().stream().map(Timeline.Bar::row).toList());
    }

    @Test
    void shortJobs_areCountedTogether_andNoneIsLost() {
        RecordedRun[] runs = IntStream.range(0, 20_000)
                .mapToObj(i -> run("j" + i, i / 2000.0, (i + 1) / 2000.0, 0, 0, "0"))
                .toArray(RecordedRun[]::new);
        Timeline.Row row = of(runs).timeline.rows().get(0);
        int told = row.bars().size()
                + row.bunches().stream().mapToInt(Timeline.Bunch::jobs).sum();
        assertEquals(20_000, told);
        assertTrue(row.bars().size() + row.bunches().size() < 5000, row.bars().size() + " bars");
    }

    @Test
    void thousandsOfJobsThatCanBeSeen_makeNoEndlessPicture() {
        RecordedRun[] runs = IntStream.range(0, 9000)
                .mapToObj(i -> run("j" + i, i % 600 / 60.0, i % 600 / 60.0 + 0.016, 0, 0, "c" + i / 600))
                .toArray(RecordedRun[]::new);
        List<Timeline.Row> rows = of(runs).timeline.rows();
        assertEquals(
                9000,
                rows.stream()
                        .mapToInt(row -> row.bars().size()
                                + row.bunches().stream()
                                        .mapToInt(Timeline.Bunch::jobs)
                                        .sum())
                        .sum());
        assertTrue(rows.stream().mapToInt(row -> row.bars().size()).sum() <= 4000);
    }
}
