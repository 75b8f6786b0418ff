package gpuspool.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says in words where a spool breaks its promise. Reads only, and knows the spool from its written layout alone: it
 * shares no code with the product, so that both cannot be wrong in the same way.
 */
public final class SpoolChecker {
    /** What a test did to a job; without it only the job's own ending is right. */
    public enum Harm {
        /** Its own process was killed. */
        JOB_KILLED,
        /** Its supervisor was killed, and perhaps the job too. */
        SUPERVISOR_KILLED,
        /** All its processes died with the machine. */
        POWER_LOST
    }

    private static final Set<String> ENDINGS =
            Set.of("exited", "timed out", "cancelled", "refused", "not started", "interrupted", "unknown", "released");
    private static final Pattern ID =
            Pattern.compile("([A-Za-z0-9_][A-Za-z0-9._-]{0,63})\\.([1-9][0-9]*)\\.([A-Za-z0-9-]+)");
    private static final Pattern EXIT_LINE = Pattern.compile("exit=([0-9]+) end");
    private static final Set<String> FILES = Set.of(
            "status", "script", "output.log", "stdout.log", "stderr.log", "cancel", "reason", "granted", "granted.new");
    private static final Set<String> DIRECTORIES =
            Set.of("incoming", "held", "running", "done", "failed", "control", "hosts", "tmp");

    private final Path spool;
    private final List<TestJob> jobs;
    private final Ledger ledger;
    private String format;
    private Map<String, Harm> harmed = Map.of();
    private boolean settled = true;
    private boolean contiguous;
    private boolean processes = true;
    private boolean strangers;
    private boolean killedCancels;

    private final List<String> violations = new ArrayList<>();

    private record JobDirectory(Path path, String place, List<String> names, Map<String, String> status) {
        String id() {
            return path.getFileName().toString();
        }

        String where() {
            return place + "/" + id();
        }

        /** The verb {@code cancel} filed it out of the queue; no watcher ever had it. */
        boolean withdrawn() {
            return place.equals("failed")
                    && marks().isEmpty()
                    && !status.containsKey("claimed")
                    && "cancelled".equals(status.get("ending"));
        }

        /** It was stopped, and its copy went back into the queue: the job goes on elsewhere. */
        boolean handedOver() {
            String again = status.getOrDefault("again", "");
            return again.equals("handed") || again.equals("made") && !names.contains("again");
        }

        /** A cancel that was killed before it had the job. */
        boolean cameToNothing() {
            return place.equals("failed") && drops().isEmpty() && marks().isEmpty() && !status.containsKey("claimed");
        }

        List<String> drops() {
            return names.stream().filter(Tree::isDrop).toList();
        }

        List<String> marks() {
            return names.stream().filter(Tree::isMark).toList();
        }
    }

    public SpoolChecker(Path spool, List<TestJob> jobs, Ledger ledger) {
        this.spool = spool;
        this.jobs = List.copyOf(jobs);
        this.ledger = ledger;
    }

    /** What {@code format} held when the spool was made. */
    public SpoolChecker format(String bytes) {
        this.format = bytes;
        return this;
    }

    /** What the test did to which job, by its token. */
    public SpoolChecker harmed(Map<String, Harm> byToken) {
        this.harmed = Map.copyOf(byToken);
        return this;
    }

    /** The queue may still have something in it or running; by default all must be filed. */
    public SpoolChecker stillRunning() {
        this.settled = false;
        return this;
    }

    /** Nothing here ever had a process of its own. */
    public SpoolChecker withoutProcesses() {
        this.processes = false;
        return this;
    }

    /** Verbs were killed that wanted to cancel queued jobs: their empty directories are no jobs. */
    public SpoolChecker cancelsWereKilled() {
        this.killedCancels = true;
        return this;
    }

    /** Which jobs came in, and what became of each, is judged elsewhere. */
    SpoolChecker anyJobs() {
        this.strangers = true;
        return this;
    }

    /** No watcher was disturbed: the numbers of a stem have no gaps. */
    SpoolChecker numbersWithoutGaps() {
        this.contiguous = true;
        return this;
    }

    /** The violations, in words; empty where the promise is kept. */
    public List<String> check() throws IOException {
        violations.clear();
        Ledger.Reading reading = ledger.read();
        violations.addAll(reading.malformed());
        checkRoot();
        List<JobDirectory> directories = new ArrayList<>();
        for (String place : List.of("running", "done", "failed")) {
            for (Path path : Tree.list(spool.resolve(place))) {
                if (!Files.isDirectory(path)) {
                    report(place + " holds " + path.getFileName() + ", which is no directory");
                    continue;
                }
                List<String> names = Tree.list(path).stream().map(Tree::rawName).toList();
                JobDirectory directory = new JobDirectory(path, place, names, Tree.status(path));
                if (!(killedCancels && directory.cameToNothing())) {
                    directories.add(directory);
                }
            }
        }
        Map<String, List<Path>> copies = new HashMap<>();
        for (Path drop : drops()) {
            String text = read(drop);
            jobs.stream()
                    .filter(job -> mentions(text, job.token()))
                    .forEach(job -> copies.computeIfAbsent(job.token(), t -> new ArrayList<>())
                            .add(drop));
        }
        checkIds(directories);
        Map<Path, JobDirectory> byPath = new HashMap<>();
        directories.forEach(d -> byPath.put(d.path(), d));
        directories.forEach(this::checkShape);
        for (TestJob job : jobs) {
            checkJob(job, copies.getOrDefault(job.token(), List.of()), byPath, reading.events());
        }
        Set<String> known = new HashSet<>();
        jobs.forEach(job -> known.add(job.token()));
        for (Ledger.Event event : reading.events()) {
            if (!strangers && !known.contains(event.token())) {
                report("the ledger knows a job that nobody submitted: %s (%s)".formatted(event.token(), event.id()));
            }
        }
        checkCards(reading.events());
        if (processes) {
            checkLeftovers(directories);
        }
        return List.copyOf(violations);
    }

    private void checkRoot() throws IOException {
        if (!Files.isRegularFile(spool.resolve("format"))) {
            report("format is gone");
        } else {
            String now = read(spool.resolve("format"));
            if (!now.matches("gpuspool 1\n[0-9a-f]{32}\n")) {
                report("format is not two lines with the spool's id: %s".formatted(now.strip()));
            }
            if (format != null && !format.equals(now)) {
                report("format was changed");
            }
        }
        for (String name : DIRECTORIES) {
            if (!Files.isDirectory(spool.resolve(name))) {
                report("%s/ is gone".formatted(name));
            }
        }
        for (Path entry : Tree.list(spool)) {
            String name = entry.getFileName().toString();
            if (!DIRECTORIES.contains(name) && !name.equals("format") && !name.equals("spool.toml")) {
                report("the spool holds %s, which nobody put there".formatted(name));
            }
        }
        if (settled) {
            for (Path left : Tree.list(spool.resolve("tmp"))) {
                report("left in tmp/: %s".formatted(left.getFileName()));
            }
        }
    }

    /** Every file that is a dropped one by its name, wherever it lies. */
    private List<Path> drops() throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(spool, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attrs) {
                if (attrs.isRegularFile() && Tree.isDrop(Tree.rawName(file))) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE; // moved on while we looked
            }
        });
        found.sort(null);
        return found;
    }

    private void checkIds(List<JobDirectory> directories) {
        Map<String, String> seen = new HashMap<>();
        Map<String, String> cookies = new HashMap<>();
        Map<String, TreeSet<Integer>> numbers = new TreeMap<>();
        for (JobDirectory directory : directories) {
            String other = seen.put(directory.id(), directory.where());
            if (other != null) {
                report("one id twice: %s and %s".formatted(other, directory.where()));
            }
            String cookie = directory.status().get("cookie");
            other = cookie == null ? null : cookies.put(cookie, directory.where());
            if (other != null) {
                report("%s and %s have the same cookie".formatted(other, directory.where()));
            }
            Matcher id = ID.matcher(directory.id());
            if (!id.matches() || id.group(2).length() > 9) {
                report("%s is not a well-formed id".formatted(directory.where()));
                continue;
            }
            numbers.computeIfAbsent(id.group(1), s -> new TreeSet<>()).add(Integer.parseInt(id.group(2)));
            for (String drop : directory.drops()) {
                if (!id.group(1).equals(stem(drop))) {
                    report("%s should have the stem %s of %s".formatted(directory.where(), stem(drop), drop));
                }
            }
            String host = directory.status().get("host");
            if (host != null && !host.equals(id.group(3))) {
                report("%s: host in status is %s".formatted(directory.where(), host));
            }
        }
        if (contiguous) {
            numbers.forEach((stem, ns) -> {
                if (ns.last() != ns.size()) {
                    report("the numbers of %s have gaps: %s".formatted(stem, ns));
                }
            });
        }
    }

    /** The stem that the contract makes of a dropped file's name, given as its bytes, a character each. */
    static String stem(String bytes) {
        String plain = bytes.substring(0, bytes.lastIndexOf('.')).replaceAll("[^A-Za-z0-9._-]", "_");
        if (plain.isEmpty() || plain.startsWith(".") || plain.startsWith("-")) {
            plain = "job" + plain;
        }
        return plain.substring(0, Math.min(64, plain.length()));
    }

    private void checkShape(JobDirectory directory) {
        String where = directory.where();
        Map<String, String> status = directory.status();
        boolean running = directory.place().equals("running");
        if (directory.drops().size() != 1 && !(running && !settled)) {
            report("%s holds %d dropped files: %s"
                    .formatted(where, directory.drops().size(), directory.drops()));
        }
        if (directory.marks().size() > 1 || (directory.marks().isEmpty() && !running && !directory.withdrawn())) {
            report("%s has %d marks: %s".formatted(where, directory.marks().size(), directory.marks()));
        }
        for (String name : directory.names()) {
            boolean copy = name.equals("again") && !running && "withdrawn".equals(status.get("again"));
            boolean copying = name.matches("again(\\.new)?") && running && status.containsKey("again");
            if (!FILES.contains(name)
                    && !copy
                    && !copying
                    && !Tree.isDrop(name)
                    && !Tree.isMark(name)
                    && !name.startsWith(".nfs")
                    && !name.matches("unspawned\\.[0-9]+")) {
                report("%s holds %s, which the layout does not know".formatted(where, name));
            }
        }
        if (running) {
            return;
        }
        if (List.of("wanted", "made").contains(status.getOrDefault("again", ""))) {
            report("%s: was to be queued again, and that is %s".formatted(where, status.get("again")));
        }
        if (!directory.id().equals(status.get("id"))) {
            report("%s: id in status is %s".formatted(where, status.get("id")));
        }
        if (directory.drops().size() == 1 && !directory.drops().get(0).equals(status.get("name"))) {
            report("%s: name in status is %s".formatted(where, status.get("name")));
        }
        for (String key : directory.withdrawn()
                ? List.of("owner", "host", "queued", "ended")
                : List.of("owner", "inode", "host", "boot", "lockdir", "cookie", "queued", "claimed", "ended")) {
            if (!status.containsKey(key)) {
                report("%s: no %s in status".formatted(where, key));
            }
        }
        if (status.containsKey("cookie") && !status.get("cookie").matches("[0-9a-f]{32}")) {
            report("%s: the cookie is not 32 hex digits".formatted(where));
        }
        String ending = status.get("ending");
        if (ending == null || !ENDINGS.contains(ending)) {
            report("%s: the ending is %s, which is not one of the closed set".formatted(where, ending));
        }
        checkMark(directory);
    }

    /** Mark, status and place must tell one story. */
    private void checkMark(JobDirectory directory) {
        if (directory.marks().size() != 1) {
            return;
        }
        String where = directory.where();
        String mark = directory.marks().get(0);
        String ending = directory.status().getOrDefault("ending", "");
        String exit = directory.status().get("exit");
        if (mark.startsWith("exit.")) {
            String code = mark.substring(5);
            if (Integer.parseInt(code) > 255) {
                report("%s: %s is no exit code".formatted(where, mark));
            }
            if (!code.equals(exit)) {
                report("%s: the mark is %s, exit in status is %s".formatted(where, mark, exit));
            }
            boolean stopped = ending.equals("interrupted") && directory.status().containsKey("again");
            if (List.of("unknown", "interrupted", "refused", "not started").contains(ending) && !stopped) {
                report("%s: the ending is %s, but it has the mark %s".formatted(where, ending, mark));
            }
        } else {
            if (exit != null) {
                report("%s: exit in status is %s, but the mark is %s".formatted(where, exit, mark));
            }
            if (ending.equals("exited")) {
                report("%s: exited, but the mark is %s".formatted(where, mark));
            }
        }
        boolean released = mark.equals("foreground") && ending.equals("released");
        if (mark.equals("foreground") && !directory.status().containsKey("foreground")) {
            report("%s: nobody's process took it over".formatted(where));
        }
        if (ending.equals("released") && (!released || !directory.place().equals("done"))) {
            report("%s: released with the mark %s".formatted(where, mark));
        }
        if (directory.place().equals("done") && !released && !(mark.equals("exit.0") && ending.equals("exited"))) {
            report("%s: in done/ with the mark %s and the ending %s".formatted(where, mark, ending));
        }
        if (directory.place().equals("failed") && mark.equals("exit.0") && ending.equals("exited")) {
            report("%s: in failed/ though it exited with 0".formatted(where));
        }
        try {
            for (String line : Tree.markLines(directory.path().resolve(mark))) {
                Matcher said = EXIT_LINE.matcher(line);
                if (said.matches() && !mark.equals("exit." + said.group(1))) {
                    report("%s: the supervisor wrote %s, the mark is %s".formatted(where, line, mark));
                }
            }
        } catch (IOException e) {
            report("%s: %s cannot be read: %s".formatted(where, mark, e));
        }
    }

    private void checkJob(
            TestJob job, List<Path> copies, Map<Path, JobDirectory> directories, List<Ledger.Event> events)
            throws IOException {
        List<Path> living = new ArrayList<>();
        Set<String> over = new HashSet<>();
        for (Path copy : copies) {
            JobDirectory directory = directories.get(copy.getParent());
            if (directory != null && directory.handedOver()) {
                over.add(directory.id());
                checkHandedOver(job, directory, events);
            } else {
                living.add(copy);
            }
        }
        // What became of it since is what counts.
        checkLiving(
                job,
                living,
                directories,
                events.stream().filter(event -> !over.contains(event.id())).toList());
    }

    private void checkHandedOver(TestJob job, JobDirectory directory, List<Ledger.Event> events) {
        String what = job.name() + " (" + job.token() + ") in " + directory.where();
        long starts = events(events, job, Ledger.START).stream()
                .filter(event -> event.id().equals(directory.id()))
                .count();
        if (starts > 1) {
            report("%s was started %d times".formatted(what, starts));
        }
        if (settled && !directory.place().equals("failed")) {
            report("%s was queued again and is not filed".formatted(what));
        }
        boolean failed = "exited".equals(directory.status().get("ending"))
                && "retry".equals(directory.status().get("again_for"))
                && !"0".equals(directory.status().get("exit"));
        if (!failed && !"interrupted".equals(directory.status().get("ending"))) {
            report("%s was queued again, and its ending is %s"
                    .formatted(what, directory.status().get("ending")));
        }
    }

    private void checkLiving(
            TestJob job, List<Path> copies, Map<Path, JobDirectory> directories, List<Ledger.Event> events)
            throws IOException {
        String what = job.name() + " (" + job.token() + ")";
        List<Ledger.Event> starts = events(events, job, Ledger.START);
        List<Ledger.Event> ends = events(events, job, Ledger.END);
        if (starts.size() > 1) {
            report("%s was started %d times, as %s".formatted(what, starts.size(), ids(starts)));
        }
        if (ends.size() > 1) {
            report("%s ended %d times, as %s".formatted(what, ends.size(), ids(ends)));
        }
        if (copies.isEmpty()) {
            report("%s is lost: it is nowhere in the spool".formatted(what));
            return;
        }
        if (copies.size() > 1) {
            report("%s is in %d places: %s"
                    .formatted(
                            what,
                            copies.size(),
                            copies.stream().map(spool::relativize).toList()));
            return;
        }
        Path drop = copies.get(0);
        if (!Tree.rawName(drop).equals(job.name())) {
            report("%s has another name now: %s".formatted(what, spool.relativize(drop)));
        }
        if (!job.text().equals(read(drop))) {
            report("%s is not the file that was dropped: %s".formatted(what, spool.relativize(drop)));
        }
        JobDirectory directory = directories.get(drop.getParent());
        if (directory == null) {
            String place = spool.relativize(drop.getParent()).toString();
            if (!place.equals("incoming") && !place.equals("held")) {
                report("%s lies in %s, which is no place for a job".formatted(what, place));
            } else if (settled) {
                report("%s is still in %s/".formatted(what, place));
            }
            if (!starts.isEmpty()) {
                report("%s was started and is in %s/".formatted(what, place));
            }
            return;
        }
        for (Ledger.Event event : events) {
            if (event.token().equals(job.token()) && !event.id().equals(directory.id())) {
                report("%s is in %s but ran as %s".formatted(what, directory.where(), event.id()));
            }
        }
        for (Ledger.Event start : starts) {
            checkOwnCards(what, job, start, directory);
        }
        if (directory.place().equals("running")) {
            if (settled) {
                report("%s is still in %s".formatted(what, directory.where()));
            }
            return;
        }
        checkEnding(what, job, directory, starts, ends);
    }

    private void checkOwnCards(String what, TestJob job, Ledger.Event start, JobDirectory directory) {
        if (start.cards().size() != job.gpus() || new HashSet<>(start.cards()).size() != job.gpus()) {
            report("%s asked for %d cards and got %s".formatted(what, job.gpus(), start.cards()));
        }
        String devices = directory.status().get("devices");
        if (devices != null && devices.matches("(sim:[0-9]+ ?)*")) {
            Set<String> locked = new TreeSet<>();
            for (String device : devices.split(" ", -1)) {
                if (!device.isEmpty()) {
                    locked.add(device.substring(4));
                }
            }
            if (!locked.equals(new TreeSet<>(start.cards()))) {
                report("%s ran on %s, status says %s".formatted(what, start.cards(), devices));
            }
        }
    }

    private void checkEnding(
            String what, TestJob job, JobDirectory directory, List<Ledger.Event> starts, List<Ledger.Event> ends)
            throws IOException {
        String where = directory.where();
        String ending = directory.status().getOrDefault("ending", "");
        String mark = directory.marks().isEmpty() ? "" : directory.marks().get(0);
        Harm harm = harmed.get(job.token());
        boolean asForeseen = ending.equals(job.ending());
        boolean killed = harm == Harm.JOB_KILLED || harm == Harm.SUPERVISOR_KILLED;
        boolean byHarm = (killed && ending.equals("exited") && mark.equals("exit.137"))
                || (harm == Harm.SUPERVISOR_KILLED && ending.equals("unknown"))
                || (harm == Harm.POWER_LOST && ending.equals("interrupted"));
        if (!asForeseen && !byHarm) {
            report("%s in %s: the ending is %s, must be %s".formatted(what, where, ending, job.ending()));
        }
        if (job.ending().equals(TestJob.REFUSED)) {
            if (!starts.isEmpty()) {
                report("%s was refused and has run".formatted(what));
            }
            if (!directory.names().contains("reason")) {
                report("%s in %s: refused without a reason".formatted(what, where));
            }
            return;
        }
        if (ending.equals("exited") && !mark.equals("exit." + job.code()) && !byHarm) {
            report("%s in %s: the mark is %s, must be exit.%d".formatted(what, where, mark, job.code()));
        }
        if (directory.place().equals("done")) {
            if (starts.size() != 1) {
                report("%s is in %s and was started %d times".formatted(what, where, starts.size()));
            }
            if (job.finishes() && ends.isEmpty()) {
                report("%s is in %s and never came to its end".formatted(what, where));
            }
        } else if (job.exits() && starts.isEmpty() && !byHarm) {
            report("%s is in %s and was never started".formatted(what, where));
        } else if (job.finishes() && ends.isEmpty() && !byHarm) {
            report("%s is in %s and never came to its end".formatted(what, where));
        }
        boolean whole = asForeseen && !byHarm && job.exits();
        checkOutput(what, directory, job.split() ? "stdout.log" : "output.log", job.stdout(), whole);
        if (job.split()) {
            checkOutput(what, directory, "stderr.log", job.stderr(), whole);
        }
    }

    /** The output as far as the job came: all of it, or, where it was killed, the beginning of it. */
    private void checkOutput(String what, JobDirectory directory, String name, String expected, boolean whole)
            throws IOException {
        if (!directory.names().contains(name)) {
            if (whole) {
                report("%s in %s: no %s".formatted(what, directory.where(), name));
            }
            return;
        }
        String found = read(directory.path().resolve(name));
        if (whole ? !found.equals(expected) : !expected.startsWith(found)) {
            report("%s in %s: %s has %d bytes, must have %d; %s"
                    .formatted(
                            what,
                            directory.where(),
                            name,
                            found.length(),
                            expected.length(),
                            difference(found, expected)));
        }
    }

    private static String difference(String found, String expected) {
        int same = 0;
        while (same < Math.min(found.length(), expected.length()) && found.charAt(same) == expected.charAt(same)) {
            same++;
        }
        return "from byte " + same + " it reads \"" + found.substring(same, Math.min(found.length(), same + 60)) + "\"";
    }

    /** @param gib what it may have of the card's memory; all of it, unless it shares */
    private record Interval(String token, String card, long from, long to, long gib) {}

    /** No card under two live jobs, as far as they themselves can tell, or under more than it has room for where they share it. */
    private void checkCards(List<Ledger.Event> events) {
        Map<String, Long> ends = new HashMap<>();
        for (Ledger.Event event : events) {
            if (!event.what().equals(Ledger.START)) {
                ends.merge(event.id() + " " + event.token(), event.nanos(), Math::max);
            }
        }
        Map<String, Long> shares = new HashMap<>();
        jobs.forEach(job -> shares.put(job.token(), job.share()));
        List<Interval> intervals = new ArrayList<>();
        for (Ledger.Event event : events) {
            if (event.what().equals(Ledger.START)) {
                // A job without an end is only known to have lived at its start.
                long end = ends.getOrDefault(event.id() + " " + event.token(), event.nanos());
                long gib = shares.getOrDefault(event.token(), TestJob.CARD);
                event.cards()
                        .forEach(card -> intervals.add(new Interval(event.token(), card, event.nanos(), end, gib)));
            }
        }
        intervals.sort((a, b) -> Long.compare(a.from(), b.from()));
        Map<String, List<Interval>> live = new HashMap<>();
        for (Interval next : intervals) {
            List<Interval> before = live.computeIfAbsent(next.card(), unused -> new ArrayList<>());
            before.removeIf(other -> other.to() < next.from());
            long taken = before.stream().mapToLong(Interval::gib).sum();
            if (taken + next.gib() > TestJob.CARD) {
                report("card %s under two jobs: %s and %s".formatted(next.card(), before, next));
            }
            before.add(next);
        }
    }

    private void checkLeftovers(List<JobDirectory> directories) throws IOException {
        Map<String, JobDirectory> filed = new HashMap<>();
        for (JobDirectory directory : directories) {
            String cookie = directory.status().get("cookie");
            if (cookie != null && (settled || !directory.place().equals("running"))) {
                filed.put(cookie, directory);
            }
        }
        for (ProcTable.Proc proc : ProcTable.withCookies(filed.keySet())) {
            filed.forEach((cookie, directory) -> {
                if (proc.has(ProcTable.COOKIE + cookie)) {
                    report("process %d (%s) of %s still lives"
                            .formatted(proc.pid(), proc.command(), directory.where()));
                }
            });
        }
    }

    private static List<Ledger.Event> events(List<Ledger.Event> events, TestJob job, String what) {
        return events.stream()
                .filter(e -> e.what().equals(what) && e.token().equals(job.token()))
                .toList();
    }

    private static List<String> ids(List<Ledger.Event> events) {
        return events.stream().map(Ledger.Event::id).toList();
    }

    /** Whether the text holds this token, and not merely a longer one that begins alike. */
    private static boolean mentions(String text, String token) {
        for (int at = text.indexOf(token); at >= 0; at = text.indexOf(token, at + 1)) {
            int end = at + token.length();
            if (end == text.length() || !Character.isLetterOrDigit(text.charAt(end))) {
                return true;
            }
        }
        return false;
    }

    private static String read(Path file) throws IOException {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    private void report(String words) {
        violations.add(words);
    }
}
