package gpuspool.bench;

import gpuspool.gpu.fake.FakeDriver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What is measured. Ours and the reference take turns, on one file system. */
final class Measures {
    private static final double MILLI = 1e6;
    private static final double SECOND = 1e9;

    private final Path under;
    private final List<String> gpuspool;
    private final Sizes sizes;

    Measures(Path under, List<String> gpuspool, Sizes sizes) {
        this.under = under;
        this.gpuspool = gpuspool;
        this.sizes = sizes;
    }

    interface Measure {
        List<Row> rows() throws IOException, InterruptedException;
    }

    /** All of them, by name, in order. */
    Map<String, Measure> all() {
        Map<String, Measure> all = new TreeMap<>();
        all.put("1-drop", this::drop);
        all.put("2-chain", this::chain);
        all.put("3-throughput", this::throughput);
        all.put("4-backlog", this::backlog);
        all.put("5-idle", this::idle);
        all.put("6-status", this::status);
        all.put("7-gap-nvml", this::gapOnDriver);
        all.put("8-plan", () -> new PlanMeasure(sizes.planJobs(), sizes.planRounds()).rows());
        all.put("9-sweep", this::sweep);
        all.put("10-run", this::run);
        return all;
    }

    /** From the rename of a large sweep to the first instruction of its first member. */
    private List<Row> sweep() throws IOException, InterruptedException {
        Series firsts = new Series();
        try (Rig rig = rig()) {
            rig.startAndWait("sim:1", Map.of());
            warmUp(rig);
            for (int round = 0; round < sizes.chainRounds(); round++) {
                String text = rig.stampingJob()
                        .replace("#!/bin/sh\n", "#!/bin/sh\n#GPUSPOOL sweep.n=1.." + sizes.sweep() + "\n");
                Path staged = rig.stage("w" + round + ".job", text);
                Thread.sleep(50);
                rig.stamps().clear();
                long before = System.nanoTime();
                rig.moveIn(staged);
                firsts.add((rig.stamps().next("s") - before) / SECOND);
                rig.cancelAll();
            }
        }
        String name = "a sweep of " + sizes.sweep() + ": drop -> first instruction";
        return List.of(Row.atMost(name, firsts.median(), 2, "s", firsts.spread()));
    }

    private Rig rig() throws IOException, InterruptedException {
        return new Rig(under, gpuspool);
    }

    /** From the rename to the job's first instruction, beside the start of a shell. */
    private List<Row> drop() throws IOException, InterruptedException {
        Series moved = new Series();
        Series added = new Series();
        Series reference = new Series();
        try (Rig rig = rig()) {
            rig.startAndWait("sim:1", Map.of());
            List<Path> staged = new ArrayList<>();
            int jobs = sizes.warmUp() + sizes.drops();
            for (int i = 0; i < jobs; i++) {
                staged.add(rig.stage("m" + i + ".job", rig.stampingJob()));
            }
            // A file moved within the very tick of the clock in which it was written is taken later.
            Thread.sleep(50);
            for (int i = 0; i < jobs; i++) {
                boolean counts = i >= sizes.warmUp();
                long before = System.nanoTime();
                rig.moveIn(staged.get(i));
                take(counts, moved, rig.stamps().next("s") - before);
                settle(rig, 2 * i + 1);

                Runnable add = rig.addSteps("a" + i + ".job", rig.stampingJob());
                Thread.sleep(10);
                before = System.nanoTime();
                add.run();
                take(counts, added, rig.stamps().next("s") - before);
                settle(rig, 2 * i + 2);

                before = System.nanoTime();
                Process shell = Command.quiet(List.of("sh", "-c", rig.stamps().line("s")))
                        .start();
                take(counts, reference, rig.stamps().next("s") - before);
                shell.waitFor();
            }
        }
        return List.of(
                Row.atMostTimes("moved-in file -> first instruction, vs sh -c", moved, reference, "ms", 4),
                Row.atMostTimes("add-like drop -> first instruction, vs sh -c", added, reference, "ms", 4));
    }

    private static void take(boolean counts, Series series, long nanos) {
        if (counts) {
            series.add(nanos / MILLI);
        }
    }

    private static void settle(Rig rig, int filed) throws IOException, InterruptedException {
        rig.stamps().next("e");
        rig.awaitFiled(filed);
        Thread.sleep(20);
        rig.stamps().clear();
    }

    /** From a job's last instruction to the first one of the next, beside xargs. */
    private List<Row> chain() throws IOException, InterruptedException {
        String name = "end -> next start on one card, vs xargs -P1";
        if (!Command.exists("xargs")) {
            return List.of(Row.skipped(name, "no xargs here"));
        }
        Series ours = new Series();
        Series reference = new Series();
        try (Rig rig = rig()) {
            rig.startAndWait("sim:1", Map.of());
            warmUp(rig);
            Path script = rig.stage("script", rig.stampingJob());
            for (int round = 0; round < sizes.chainRounds(); round++) {
                queue(rig, "c" + round + "-", rig.stampingJob(), sizes.chainJobs());
                int before = rig.filed();
                rig.stamps().clear();
                rig.resume();
                ours.addAll(gaps(rig.stamps(), sizes.chainJobs()));
                rig.awaitFiled(before + sizes.chainJobs());
                Thread.sleep(100);

                rig.stamps().clear();
                String loop = "i=0; while [ $i -lt " + sizes.chainJobs() + " ]; do echo $i; i=$((i+1)); done"
                        + " | xargs -P1 -n1 sh " + script;
                Process xargs = Command.quiet(List.of("sh", "-c", loop)).start();
                reference.addAll(gaps(rig.stamps(), sizes.chainJobs()));
                xargs.waitFor();
            }
        }
        return List.of(Row.atMostTimes(name, ours, reference, "ms", 6));
    }

    /** The same on a card that a driver tells of, which must be seen free before the next job has it. */
    private List<Row> gapOnDriver() throws IOException, InterruptedException {
        String name = "end -> next start on a card of a stand-in NVML";
        if (!Command.exists("cc")) {
            return List.of(Row.skipped(name, "no C compiler here"));
        }
        Series gaps = new Series();
        Path directory = Files.createTempDirectory(under, "gpuspool-bench-driver-");
        try (Rig rig = rig()) {
            FakeDriver driver = FakeDriver.in(directory, 1);
            rig.startAndWait("0", driver.environment());
            String job = "#!/bin/sh\n" + rig.stamps().line("s") + "use-card 1GiB 0.02\n"
                    + rig.stamps().line("e");
            for (int round = 0; round < sizes.chainRounds(); round++) {
                queue(rig, "n" + round + "-", job, sizes.chainJobs());
                int before = rig.filed();
                rig.stamps().clear();
                rig.resume();
                gaps.addAll(gaps(rig.stamps(), sizes.chainJobs()));
                rig.awaitFiled(before + sizes.chainJobs());
            }
        } finally {
            Rig.remove(directory);
        }
        return List.of(Row.atMost(name, gaps.median(), 100, "ms", "ours " + gaps.spread()));
    }

    private void warmUp(Rig rig) throws IOException, InterruptedException {
        int before = rig.filed();
        rig.fill("warm-", sizes.warmUp(), rig.stampingJob());
        rig.awaitFiled(before + sizes.warmUp());
    }

    /** Queues jobs under a pause and waits until the watcher knows them all. */
    private static void queue(Rig rig, String prefix, String job, int count) throws IOException, InterruptedException {
        rig.pause();
        Thread.sleep(100);
        rig.fill(prefix, count, job);
        Thread.sleep(200);
        rig.watcher().awaitQuiet();
    }

    private static Series gaps(Stamps stamps, int jobs) throws InterruptedException {
        Series gaps = new Series();
        stamps.next("s");
        for (int i = 1; i < jobs; i++) {
            long end = stamps.next("e");
            gaps.add((stamps.next("s") - end) / MILLI);
        }
        stamps.next("e");
        return gaps;
    }

    /** Many jobs that do nothing, all durable, beside GNU parallel, which keeps a log. */
    private List<Row> throughput() throws IOException, InterruptedException {
        String name = sizes.throughputJobs() + " x true on 4 cards, vs parallel -j4";
        if (!Command.exists("parallel")) {
            return List.of(Row.skipped(name, "no GNU parallel here"));
        }
        Series ours = new Series();
        Series cpu = new Series();
        Series reference = new Series();
        try (Rig rig = rig()) {
            rig.startAndWait("sim:4", Map.of());
            warmUp(rig);
            for (int round = 0; round < sizes.throughputRounds(); round++) {
                queue(rig, "t" + round + "-", "true\n", sizes.throughputJobs());
                int before = rig.filed();
                double cpuBefore = rig.watcher().cpuSeconds();
                long start = System.nanoTime();
                rig.resume();
                rig.awaitFiled(before + sizes.throughputJobs());
                ours.add(sizes.throughputJobs() / ((System.nanoTime() - start) / SECOND));
                cpu.add((rig.watcher().cpuSeconds() - cpuBefore) * 1000 / sizes.throughputJobs());
                Thread.sleep(100);

                String run = "i=0; while [ $i -lt " + sizes.throughputJobs() + " ]; do echo $i; i=$((i+1)); done"
                        + " | parallel --will-cite -j4 --joblog " + rig.root().resolve("joblog" + round) + " true";
                start = System.nanoTime();
                Command.run("sh", "-c", run);
                reference.add(sizes.throughputJobs() / ((System.nanoTime() - start) / SECOND));
            }
        }
        return List.of(
                Row.atLeastTimes(name, ours, reference, "jobs/s", 1),
                Row.note("    the watcher's own CPU per job", Row.number(cpu.median()) + " ms"));
    }

    private record Cost(double cpuMillis, double gapMillis) {}

    /** A long queue: what it costs at the start, and per job. */
    private List<Row> backlog() throws IOException, InterruptedException {
        Series firsts = new Series();
        Series longCpu = new Series();
        Series longGaps = new Series();
        Series shortCpu = new Series();
        Series shortGaps = new Series();
        double most = 0;
        try (Rig big = rig();
                Rig small = rig()) {
            big.make();
            small.make();
            big.fill("b", sizes.backlog(), big.stampingJob());
            Thread.sleep(200);
            for (int round = 0; round < sizes.backlogRounds(); round++) {
                // What still ran when the last watcher was stopped has ended by now.
                big.stamps().clear();
                long start = big.start("sim:1", Map.of());
                firsts.add((big.stamps().next("s") - start) / SECOND);
                big.pause();
                big.watcher().awaitQuiet();
                Cost cost = cost(big);
                longCpu.add(cost.cpuMillis());
                longGaps.add(cost.gapMillis());
                most = Math.max(most, big.watcher().mebibytes("VmHWM"));
                big.stop();

                small.startAndWait("sim:1", Map.of());
                queue(small, "s" + round + "-", small.stampingJob(), sizes.warmUp() + sizes.backlogJobs() + 1);
                cost = cost(small);
                shortCpu.add(cost.cpuMillis());
                shortGaps.add(cost.gapMillis());
                small.stop();
                Files.deleteIfExists(small.spool().resolve("control/pause"));
            }
        }
        String with = String.format("%,d", sizes.backlog()) + " queued";
        return List.of(
                Row.atMost(with + ": watcher start -> first instruction", firsts.median(), 2, "s", firsts.spread()),
                minima(with + ": watcher's CPU per job, vs none queued", longCpu, shortCpu),
                minima(with + ": end -> next start, vs none queued", longGaps, shortGaps),
                Row.atMost(with + ": most memory (VmHWM)", most, 128, "MiB", ""));
    }

    /** Differences this small drown in other people's work: the best round of each tells. */
    private static Row minima(String name, Series ours, Series reference) {
        Series best = new Series();
        best.add(ours.min());
        Series other = new Series();
        other.add(reference.min());
        Row row = Row.atMostTimes(name, best, other, "ms", 1.1);
        return new Row(
                row.name(),
                row.ours(),
                row.reference(),
                row.ratio(),
                row.target(),
                row.verdict(),
                "of rounds: ours " + ours.spread() + ", reference " + reference.spread());
    }

    private Cost cost(Rig rig) throws IOException, InterruptedException {
        rig.stamps().clear();
        rig.resume();
        for (int i = 0; i < sizes.warmUp(); i++) {
            rig.stamps().next("e");
        }
        double before = rig.watcher().cpuSeconds();
        Series gaps = gaps(rig.stamps(), sizes.backlogJobs());
        double cpu = rig.watcher().cpuSeconds() - before;
        return new Cost(cpu * 1000 / sizes.backlogJobs(), gaps.median());
    }

    /** A watcher with a queue that it may not touch. */
    private List<Row> idle() throws IOException, InterruptedException {
        List<Row> rows = new ArrayList<>(idle("JDK " + Runtime.version().feature(), 64, Map.of()));
        Path newer = Path.of("/usr/lib/jvm/temurin-25-jdk-amd64/bin/java");
        if (Files.isExecutable(newer)) {
            rows.addAll(idle("JDK 25", 76, Map.of("GPUSPOOL_JAVA", newer.toString())));
        } else {
            rows.add(Row.skipped("idle, JDK 25", "no " + newer));
        }
        return rows;
    }

    private List<Row> idle(String jdk, double mebibytes, Map<String, String> environment)
            throws IOException, InterruptedException {
        String name = "idle, " + sizes.idleQueue() + " queued, " + jdk;
        try (Rig rig = rig()) {
            rig.startAndWait("sim:1", environment);
            rig.pause();
            Thread.sleep(100);
            rig.fill("i", sizes.idleQueue(), "true\n");
            Thread.sleep(sizes.idleBefore().toMillis());
            Map<String, Long> sleepsBefore = rig.watcher().sleeps();
            double cpuBefore = rig.watcher().cpuSeconds();
            Thread.sleep(sizes.idleFor().toMillis());
            double cpu = rig.watcher().cpuSeconds() - cpuBefore;
            Map<String, Long> sleeps = rig.watcher().sleeps();
            double seconds = sizes.idleFor().toMillis() / 1000.0;
            Map<String, Long> woke = new TreeMap<>();
            sleeps.forEach((thread, now) -> {
                long times = now - sleepsBefore.getOrDefault(thread, 0L);
                if (times > 0) {
                    woke.put(thread, times);
                }
            });
            return List.of(
                    Row.atMost(name + ": memory (VmRSS)", rig.watcher().mebibytes("VmRSS"), mebibytes, "MiB", ""),
                    Row.atMost(name + ": CPU", 100 * cpu / seconds, 0.1, "%", "over " + seconds + " s"),
                    Row.note("    own threads that woke up in that time", woke.isEmpty() ? "none" : woke.toString()));
        }
    }

    /** A short look at a spool, beside the shortest Java program. */
    private List<Row> status() throws IOException, InterruptedException {
        String name = "status of 20 jobs, vs java Hello";
        try (Rig rig = rig()) {
            rig.startAndWait("sim:1", Map.of());
            rig.fill("d", 10, "true\n");
            rig.awaitFiled(10);
            rig.pause();
            Thread.sleep(100);
            rig.fill("q", 10, "true\n");
            List<String> look = new ArrayList<>(gpuspool);
            look.addAll(List.of("status", "--spool", rig.spool().toString()));
            if (!Command.endsWell(look)) {
                return List.of(Row.skipped(name, "this gpuspool has no status verb"));
            }
            Optional<List<String>> hello = hello(rig);
            if (hello.isEmpty()) {
                return List.of(Row.skipped(name, "no Java compiler here"));
            }
            Series ours = new Series();
            Series reference = new Series();
            for (int i = 0; i < sizes.statusRuns(); i++) {
                ours.add(time(look));
                reference.add(time(hello.get()));
            }
            return List.of(Row.atMostTimes(name, ours, reference, "ms", 2.2));
        }
    }

    /** From the start of {@code run} to the first instruction of its command, a card being free, beside the shortest Java program. */
    private List<Row> run() throws IOException, InterruptedException {
        String name = "run with a free card -> first instruction, vs java Hello";
        try (Rig rig = rig()) {
            rig.startAndWait("sim:1", Map.of());
            Optional<List<String>> hello = hello(rig);
            if (hello.isEmpty()) {
                return List.of(Row.skipped(name, "no Java compiler here"));
            }
            List<String> command = new ArrayList<>(gpuspool);
            command.addAll(List.of(
                    "run",
                    "--spool",
                    rig.spool().toString(),
                    "sh",
                    "-c",
                    rig.stamps().line("s")));
            Series ours = new Series();
            Series reference = new Series();
            for (int i = 0; i < sizes.statusRuns() + 2; i++) {
                long before = System.nanoTime();
                Process process = Command.quiet(command).start();
                take(i > 1, ours, rig.stamps().next("s") - before);
                if (process.waitFor() != 0) {
                    throw new IOException(command + " ended with " + process.exitValue());
                }
                rig.awaitFiled(i + 1);
                take(i > 1, reference, Math.round(time(hello.get()) * MILLI));
            }
            return List.of(Row.atMostTimes(name, ours, reference, "ms", 3));
        }
    }

    /** Empty where there is no Java compiler. */
    private static Optional<List<String>> hello(Rig rig) throws IOException {
        var compiler = javax.tools.ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            return Optional.empty();
        }
        Path source = rig.root().resolve("Hello.java");
        Files.writeString(
                source, "class Hello { public static void main(String[] a) { System.out.println(\"Hello\"); } }\n");
        compiler.run(null, null, null, "-d", rig.root().toString(), source.toString());
        return Optional.of(List.of(java(), "-cp", rig.root().toString(), "Hello"));
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static double time(List<String> command) throws IOException, InterruptedException {
        long before = System.nanoTime();
        Process process = Command.quiet(command).start();
        int exit = process.waitFor();
        if (exit != 0) {
            throw new IOException(command + " ended with " + exit);
        }
        return (System.nanoTime() - before) / MILLI;
    }

    /** For a message about a name that is none of them. */
    Set<String> names() {
        return all().keySet();
    }
}
