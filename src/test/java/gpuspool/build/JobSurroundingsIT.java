package gpuspool.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a job is given ({@code spool-layout.md}, section 6), looked at from inside a job and compared with what a program gets that
 * the same user starts by hand, in the same odd surroundings. Bytes are read as ISO-8859-1: one character each. {@code
 * -Dgpuspool.sweep=all}: every locale under every Java there is.
 */
class JobSurroundingsIT {
    /** Limits of its own, signals ignored as under nohup, a umask, another nice value, a variable that is not UTF-8. */
    private static final String ODD_SHELL =
            "ulimit -Sn 1000; ulimit -Hn 2000; ulimit -Sc 0; ulimit -Ss 7000; umask 0027; trap '' HUP INT QUIT PIPE"
                    + " USR1 USR2 CHLD TERM TTOU; RAW=$(printf 'caf\\351\\377'); export RAW; exec nice -n 3 \"$@\"";

    /** Printed by one process without a shell of its own: environment last, as it ends in no line feed. */
    private static final List<String> LOOK = List.of(
            "cat",
            "/proc/self/limits",
            "/proc/self/status",
            "/proc/self/stat",
            "/proc/self/oom_score_adj",
            "/proc/self/environ");

    /** Signals 32 and 33 belong to the C library, whose posix_spawn leaves them ignored; no program can see that. */
    private static final long ITS_OWN = 3L << 31;

    private static final boolean ALL = "all".equals(System.getProperty("gpuspool.sweep"));

    @TempDir
    private Path temp;

    static List<Arguments> surroundings() throws IOException {
        List<Map<String, String>> locales = List.of(
                Map.of("LANG", "en_US.UTF-8", "LC_TIME", "de_DE.UTF-8"),
                Map.of("LC_ALL", "POSIX", "LANG", "de_DE.ISO-8859-1", "LC_CTYPE", ""),
                Map.of(),
                Map.of("LANG", "C"),
                Map.of("LANG", "C.UTF-8"));
        List<Arguments> all = new ArrayList<>();
        for (Path jdk : PackagedLauncherIT.jdks()) {
            int most = ALL ? locales.size() : all.isEmpty() ? 3 : 1;
            locales.subList(0, most).forEach(locale -> all.add(Arguments.of(jdk, locale)));
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("surroundings")
    void job_isGivenWhatTheUserHas(Path jdk, Map<String, String> locale) throws Exception {
        try (PackagedBed bed = new PackagedBed(temp, jdk)) {
            bed.environment.putAll(locale);
            bed.environment.put("JAVA_TOOL_OPTIONS", "-Dtool='a b'");
            bed.environment.put("JDK_JAVA_OPTIONS", "-Djdk=1");
            bed.environment.put("_JAVA_OPTIONS", "");
            bed.environment.put("EMPTY", "");
            bed.environment.put("LINES_IN_IT", "one\ntwo\n");
            bed.environment.put("UTF8", "Grüße");
            bed.environment.put("LARGE", "x".repeat(100_000));
            bed.environment.put("OLDPWD", "/");
            bed.environment.put("MALLOC_ARENA_MAX", "3");
            bed.environment.put("GPUSPOOL_JOB", "of the job that started this watcher");
            Look direct = Look.parse(direct(bed, oddShell(LOOK)));
            // Made for the service; a job that read them would speak in its name.
            for (String name : List.of("NOTIFY_SOCKET", "LISTEN_FDS", "INVOCATION_ID", "JOURNAL_STREAM")) {
                bed.environment.put(name, "of the service");
            }
            submit(bed);
            assertEquals(0, bed.run(oddShell(bed.watchCommand("--once"))), bed.log());
            assertSame(direct, bed);
        }
    }

    /** The environment goes through one more program then. */
    @Test
    void jobOfADetachedWatcher_isGivenWhatTheUserHas() throws Exception {
        try (PackagedBed bed = new PackagedBed(temp, Path.of(System.getProperty("java.home")))) {
            bed.environment.put("JAVA_TOOL_OPTIONS", "-Dtool=1");
            Look direct = Look.parse(direct(bed, oddShell(LOOK)));
            submit(bed);
            assertEquals(0, bed.run(oddShell(bed.watchCommand("--detach"))), bed.log());
            bed.awaitFiled("fds.1");
            bed.awaitFiled("look.1");
            bed.awaitFiled("umask.1");
            assertSame(direct, bed);
        }
    }

    private static void submit(PackagedBed bed) throws IOException {
        Files.createDirectories(bed.spool());
        int exit;
        try {
            exit = bed.run(List.of(
                    bed.program.toString(), "init", "--spool", bed.spool().toString()));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertEquals(0, exit, bed.log());
        String words = String.join("', '", LOOK);
        bed.drop("look.toml", "command = ['" + words + "']\ngpus = 2\n[env]\nLANGUAGE = 'the file wins'\n");
        bed.drop("fds.toml", "command = ['ls', '-l', '/proc/self/fd']\ngpus = 0\n");
        bed.drop("umask.toml", "command = ['sh', '-c', 'umask; pwd -P; cat /proc/$$/cmdline; :']\n");
    }

    private void assertSame(Look direct, PackagedBed bed) throws IOException {
        Path filed = bed.awaitFiled("look.1");
        Look job = Look.parse(output(filed));
        assertEquals(direct.limits, job.limits);
        assertEquals(0, Long.parseUnsignedLong(job.status.get("SigIgn"), 16) & ~ITS_OWN, "ignored signals");
        assertEquals("0000000000000000", job.status.get("SigBlk"), "blocked signals");
        for (String key : List.of("Umask", "Uid", "Gid", "Groups", "NoNewPrivs", "CapPrm", "CapAmb", "Cpus_allowed")) {
            assertEquals(direct.status.get(key), job.status.get(key), key);
        }
        assertEquals("0027", job.status.get("Umask"));
        assertEquals("1000/2000", job.limits.get("Max open files"));
        assertEquals(direct.field(19), job.field(19), "nice");
        assertEquals(job.field(1), job.field(5), "leads its process group");
        assertEquals(job.field(1), job.field(6), "leads its session");
        assertEquals("0", job.field(7), "has no terminal");
        assertEquals("500", job.oomScoreAdj);

        String host = PackagedBed.fact(filed, "host");
        Map<String, String> expected = new TreeMap<>(direct.environment);
        // A shell tells where it is, whoever starts it.
        expected.put("PWD", job.environment.getOrDefault("PWD", ""));
        expected.remove("OLDPWD");
        expected.putAll(Map.of(
                "CUDA_VISIBLE_DEVICES", "0,1",
                "CUDA_DEVICE_ORDER", "PCI_BUS_ID",
                "GPUSPOOL_JOB", "look",
                "GPUSPOOL_ID", "look.1." + host,
                "GPUSPOOL_DIR", bed.spool().resolve("running").resolve("look.1." + host) + "",
                "GPUSPOOL_GPUS", "0,1",
                "GPUSPOOL_GPU_UUIDS", "",
                "GPUSPOOL_COOKIE", PackagedBed.fact(filed, "cookie"),
                "PYTHONUNBUFFERED", "1",
                "LANGUAGE", "the file wins"));
        assertEquals(expected, new TreeMap<>(job.environment));
        assertEquals(bed.root.toString(), job.environment.get("PWD"));
        assertEquals("caf\u00e9\u00ff", job.environment.get("RAW"));

        Path umask = bed.awaitFiled("umask.1");
        assertEquals("0027\n" + bed.root + "\nsh\0-c\0umask; pwd -P; cat /proc/$$/cmdline; :\0", output(umask));
        assertEquals(
                new TreeSet<>(Set.of(
                        "0 -> /dev/null",
                        "1 -> " + bed.spool().resolve("running/fds.1." + host + "/output.log"),
                        "2 -> " + bed.spool().resolve("running/fds.1." + host + "/output.log"),
                        "3 -> the list itself",
                        "4 -> a lock")),
                descriptors(output(bed.awaitFiled("fds.1")), bed));
    }

    private static Set<String> descriptors(String listing, PackagedBed bed) {
        Set<String> found = new TreeSet<>();
        for (String line : listing.split("\n", -1)) {
            int arrow = line.indexOf(" -> ");
            if (arrow > 0) {
                String fd = line.substring(line.lastIndexOf(' ', arrow - 1) + 1, arrow);
                String file = line.substring(arrow + 4);
                boolean lock = file.startsWith(bed.root.resolve("locks/job-").toString());
                boolean itself = file.matches("/proc/\\d+/fd");
                found.add(fd + " -> " + (lock ? "a lock" : itself ? "the list itself" : file));
            }
        }
        return found;
    }

    private static List<String> oddShell(List<String> command) {
        List<String> all = new ArrayList<>(List.of("/bin/sh", "-c", ODD_SHELL, "sh"));
        all.addAll(command);
        return all;
    }

    private static String direct(PackagedBed bed, List<String> command) throws Exception {
        Path out = bed.root.resolve("direct");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(bed.root.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile());
        builder.environment().clear();
        builder.environment().putAll(bed.environment);
        Process process = builder.start();
        assertTrue(process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0);
        return Files.readString(out, StandardCharsets.ISO_8859_1);
    }

    private static String output(Path jobDirectory) throws IOException {
        return Files.readString(jobDirectory.resolve("output.log"), StandardCharsets.ISO_8859_1);
    }

    /** What {@link #LOOK} printed. */
    private record Look(
            Map<String, String> limits,
            Map<String, String> status,
            List<String> stat,
            String oomScoreAdj,
            Map<String, String> environment) {

        static Look parse(String text) {
            String[] parts = text.split("\n", -1);
            Map<String, String> limits = new LinkedHashMap<>();
            Map<String, String> status = new LinkedHashMap<>();
            int line = 1;
            for (; !parts[line].startsWith("Name:"); line++) {
                String[] words = parts[line].split(" {2,}", -1);
                limits.put(words[0], words[1] + "/" + words[2]);
            }
            for (; parts[line].contains(":\t"); line++) {
                String[] pair = parts[line].split(":\\s+", 2);
                status.put(pair[0], pair[1].strip());
            }
            List<String> stat = Arrays.asList(parts[line].split(" ", -1));
            String adj = parts[line + 1];
            Map<String, String> environment = new LinkedHashMap<>();
            String rest = String.join("\n", Arrays.asList(parts).subList(line + 2, parts.length));
            for (String variable : rest.split("\0", -1)) {
                int equals = variable.indexOf('=');
                if (equals > 0) {
                    environment.put(variable.substring(0, equals), variable.substring(equals + 1));
                }
            }
            return new Look(limits, status, stat, adj, environment);
        }

        /** A field of /proc/PID/stat by its number in proc(5). */
        String field(int number) {
            return stat.get(number - 1);
        }
    }
}
