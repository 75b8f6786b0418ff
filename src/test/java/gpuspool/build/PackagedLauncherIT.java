package gpuspool.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code target/gpuspool} as people will have it: one file, copied anywhere, started under whatever Java and environment
 * there is. Each start gets exactly the environment a test gives it.
 */
class PackagedLauncherIT {
    private static final Path PACKAGED = Path.of(System.getProperty("gpuspool.packaged", "target/gpuspool"));
    private static final String VERSION_LINE =
            "gpuspool " + System.getProperty("gpuspool.version", "0.1.0-SNAPSHOT") + "\n";
    private static final String DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";

    /** A Java that tells what it was given: arguments, one per line, then the environment. */
    private static final String TELLTALE = """
            #!/bin/sh
            printf 'arg=%s\\n' "$@"
            exec env
            """;

    @TempDir
    private static Path shared;

    private static Path telltale;

    @TempDir
    private Path dir;

    record Result(int code, String out, String err) {}

    @BeforeAll
    static void makeTelltale() throws IOException {
        telltale = script(shared.resolve("telltale-java"), TELLTALE);
    }

    // ---- the file itself

    @Test
    void packaged_mayBeRunByEverybody() throws IOException {
        assertEquals("rwxr-xr-x", PosixFilePermissions.toString(Files.getPosixFilePermissions(PACKAGED)));
    }

    @Test
    void anotherUser_mayRunIt() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "not root");
        Path setpriv = Path.of("/usr/bin/setpriv");
        assumeTrue(Files.isExecutable(setpriv), "no setpriv");
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path copy = copyTo(shared.resolve("for-all"));
        assertQuietVersion(run(
                Path.of("/"),
                Map.of("PATH", DEFAULT_PATH, "GPUSPOOL_JAVA", thisJava().toString()),
                setpriv.toString(),
                "--reuid=65534",
                "--regid=65534",
                "--clear-groups",
                copy.toString(),
                "--version"));
    }

    @Test
    void doctorOfAnotherUser_tellsWhatIsClosed() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "not root");
        Path setpriv = Path.of("/usr/bin/setpriv");
        assumeTrue(Files.isExecutable(setpriv), "no setpriv");
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path copy = copyTo(shared.resolve("doctor-for-all"));
        Path home = Files.createDirectory(shared.resolve("home-of-nobody"));
        Files.setAttribute(home, "unix:uid", 65534);
        Map<String, String> environment = Map.of(
                "PATH",
                DEFAULT_PATH,
                "HOME",
                home.toString(),
                "GPUSPOOL_JAVA",
                thisJava().toString());
        List<String> nobody =
                List.of(setpriv.toString(), "--reuid=65534", "--regid=65534", "--clear-groups", copy.toString());
        assertEquals(0, run(home, environment, with(nobody, "init")).code());
        Result healthy = run(home, environment, with(nobody, "doctor"));
        assertEquals(new Result(0, healthy.out(), ""), healthy);
        Files.setPosixFilePermissions(home.resolve("spool/running"), PosixFilePermissions.fromString("r-xr-xr-x"));
        Files.setPosixFilePermissions(home.resolve("spool/incoming"), PosixFilePermissions.fromString("rwxrwxrwx"));
        Result closed = run(home, environment, with(nobody, "doctor"));
        assertEquals(1, closed.code());
        assertTrue(closed.out().contains("you own the spool, but may not list or write in running/\n"), closed.out());
        assertTrue(closed.out().contains("\nproblem  spool: everybody on this machine may write"), closed.out());
        Files.setAttribute(home.resolve("spool"), "unix:uid", 0);
        Result others = run(home, environment, with(nobody, "doctor"));
        assertTrue(others.out().contains("note     spool: you may not list or write in running/"), others.out());
    }

    private static String[] with(List<String> command, String verb) {
        List<String> all = new ArrayList<>(command);
        all.add(verb);
        return all.toArray(String[]::new);
    }

    @Test
    void packedLibraries_work() throws Exception {
        for (Path jdk : jdks()) {
            Result result = run(
                    dir,
                    Map.of("LC_ALL", "C.UTF-8"),
                    jdk.resolve("bin/java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    PACKAGED + ":" + Path.of("target/test-classes").toAbsolutePath(),
                    "gpuspool.build.PackedLibrariesProbe",
                    dir.toString());
            assertEquals(new Result(0, "true 1500.0 1732000000000000000 0 false\n", ""), result, jdk.toString());
        }
    }

    @Test
    void closedStandardStreams_areNoFileOfTheJvm() throws Exception {
        Path seen = dir.resolve("seen");
        Path java = script(
                dir.resolve("java"),
                "#!/bin/sh\nseen=$(readlink /proc/$$/fd/0 /proc/$$/fd/1 /proc/$$/fd/2)\necho \"$seen\" >" + seen
                        + "\n");
        Map<String, String> env = Map.of("GPUSPOOL_JAVA", java.toString(), "PATH", DEFAULT_PATH);
        for (String shell : List.of("sh", "bash")) {
            Result result = run(dir, env, shell, "-c", shell + " " + PACKAGED.toAbsolutePath() + " add <&- >&- 2>&-");
            assertEquals(new Result(0, "", ""), result, shell);
            assertEquals("/dev/null\n".repeat(3), Files.readString(seen), shell);
        }
    }

    @Test
    void removedDirectory_isToldInALine() throws Exception {
        Path gone = Files.createDirectory(dir.resolve("gone"));
        String packaged = PACKAGED.toAbsolutePath().toString();
        Map<String, String> env = Map.of("GPUSPOOL_JAVA", thisJava().toString(), "PATH", DEFAULT_PATH);
        Result result = run(gone, env, "sh", "-c", "rmdir ../gone; " + packaged + " --version");
        assertEquals(1, result.code(), result.err());
        assertTrue(
                result.err().endsWith("gpuspool: the directory you are in was removed; go to another one first: cd\n"),
                result.err());
    }

    // ---- every JDK there is

    @ParameterizedTest
    @MethodSource("jdks")
    void jdk_startsAndPrintsNothingElse(Path jdk) throws Exception {
        assertQuietInAllSurroundings(jdk);
    }

    @Test
    void jdk25OrNewer_isAsQuiet() throws Exception {
        Path young = null;
        for (Path jdk : jdks()) {
            if (major(jdk) >= 25) {
                young = jdk;
            }
        }
        assumeTrue(young != null, "no JDK 25 or newer found");
        assertQuietInAllSurroundings(young);
    }

    private void assertQuietInAllSurroundings(Path jdk) throws Exception {
        for (Map<String, String> more : List.of(
                Map.of("LANG", "C.UTF-8", "HOME", dir.toString()),
                Map.of("LANG", "C", "HOME", dir.toString()),
                Map.of("LC_ALL", "xx_YY.ISO-8859-1"),
                Map.of("HOME", "/proc"),
                Map.of("HOME", "/nonexistent", "XDG_CACHE_HOME", "/proc", "TMPDIR", "/proc"),
                Map.<String, String>of(),
                Map.of("JAVA_TOOL_OPTIONS", "-Xlog:gc", "JDK_JAVA_OPTIONS", "-verbose:class", "_JAVA_OPTIONS", "-Xint"),
                Map.of("JAVA_TOOL_OPTIONS", ""))) {
            Map<String, String> env = new LinkedHashMap<>(more);
            env.put("JAVA_HOME", jdk.toString());
            env.put("PATH", DEFAULT_PATH);
            assertQuietVersion(run(dir, env, PACKAGED.toString(), "--version"));
        }
        Result usage = run(dir, Map.of("JAVA_HOME", jdk.toString()), PACKAGED.toString(), "--no-such-option");
        assertEquals(2, usage.code());
        assertEquals("", usage.out());
    }

    // ---- where it lies

    @Test
    void copy_runsFromAnywhereByAnyName() throws Exception {
        Path odd = Files.createDirectories(dir.resolve("a b/ü $HOME 'x'"));
        Path copy = copyTo(odd.resolve("gpu spool"));
        Map<String, String> env = Map.of("GPUSPOOL_JAVA", thisJava().toString(), "PATH", DEFAULT_PATH);
        assertQuietVersion(run(Path.of("/"), env, copy.toString(), "--version"));
        assertQuietVersion(run(odd, env, "./gpu spool", "--version"));
        assertQuietVersion(run(odd, env, "sh", "gpu spool", "--version"));
        assertQuietVersion(run(dir, env, "bash", dir.relativize(copy).toString(), "--version"));
    }

    @Test
    void launcherProperty_namesTheFileItself() throws Exception {
        Path copy = copyTo(Files.createDirectories(dir.resolve("opt")).resolve("gpuspool"));
        Path bin = Files.createDirectories(dir.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("gs"), Path.of("../opt/gpuspool"));
        Files.createSymbolicLink(bin.resolve("gs2"), Path.of("gs"));
        Map<String, String> env = Map.of("GPUSPOOL_JAVA", telltale.toString(), "PATH", bin + ":" + DEFAULT_PATH);
        for (List<String> command : List.of(
                List.of(copy.toString()),
                List.of("bin/gs"),
                List.of("./bin/gs2"),
                List.of("sh", "bin/gs"),
                List.of("sh", "-c", "cd /; exec gs2"),
                List.of("sh", "-c", "cd opt; exec ./gpuspool"),
                List.of("sh", "-c", "cd opt; exec sh gpuspool"))) {
            Result result = run(dir, env, command.toArray(String[]::new));
            String file = dir.toRealPath().resolve("opt/gpuspool").toString();
            assertEquals(List.of(file), values(result, "arg", "-Dgpuspool.launcher="), command.toString());
            assertTrue(result.out().contains("arg=-jar\narg=" + file + "\n"), command.toString());
        }
    }

    @Test
    void arguments_arriveAsTheyAre() throws Exception {
        Result result = run(
                dir,
                Map.of("GPUSPOOL_JAVA", telltale.toString(), "PATH", DEFAULT_PATH),
                PACKAGED.toString(),
                "a b",
                "",
                "*",
                "$HOME",
                "--");
        assertTrue(
                result.out().contains("arg=" + PACKAGED + "\narg=a b\narg=\narg=*\narg=$HOME\narg=--\n"), result.out());
    }

    // ---- which Java

    @Test
    void noJava_isExplained() throws Exception {
        Result result = run(dir, Map.of("PATH", dir.toString()), PACKAGED.toString(), "--version");
        assertEquals(69, result.code());
        assertEquals("", result.out());
        assertTrue(result.err().startsWith("gpuspool: needs Java 17 or newer, and found none.\n"), result.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.8.0_402", "11.0.2", "16"})
    void oldJava_isExplained(String version) throws Exception {
        Path old = fakeJdk("old", version);
        Path bin = old.resolve("bin");
        for (Map<String, String> env : List.of(
                Map.of("GPUSPOOL_JAVA", bin.resolve("java").toString(), "PATH", DEFAULT_PATH),
                Map.of("GPUSPOOL_JAVA", old.toString()),
                Map.of("JAVA_HOME", old.toString(), "PATH", "/nonexistent"),
                Map.of("PATH", bin.toString()))) {
            Result result = run(dir, env, PACKAGED.toString(), "--version");
            assertEquals(69, result.code(), env.toString());
            assertEquals("", result.out(), env.toString());
            assertTrue(result.err().contains("Java 17 or newer"), result.err());
            assertTrue(
                    result.err()
                            .contains(" is Java "
                                    + (version.startsWith("1.") ? "8 or older" : version.split("\\.", -1)[0])),
                    result.err());
        }
    }

    @Test
    void oldOrStaleJavaHome_givesWayToPath() throws Exception {
        String path = thisJava().getParent() + ":" + DEFAULT_PATH;
        for (String home : List.of(fakeJdk("old", "11").toString(), "/nonexistent")) {
            assertQuietVersion(run(dir, Map.of("JAVA_HOME", home, "PATH", path), PACKAGED.toString(), "--version"));
        }
        String oldFirst = fakeJdk("old2", "11").resolve("bin") + "::" + path;
        assertQuietVersion(run(dir, Map.of("PATH", oldFirst), PACKAGED.toString(), "--version"));
    }

    @Test
    void javaWithoutReleaseFile_isAskedForItsVersion() throws Exception {
        Path old = Files.createDirectories(dir.resolve("shims"));
        script(old.resolve("java"), "#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n");
        Result result = run(dir, Map.of("PATH", old.toString()), PACKAGED.toString(), "--version");
        assertEquals(69, result.code());
        assertTrue(result.err().contains("is Java 11"), result.err());

        Path shim = Files.createDirectories(dir.resolve("good"));
        script(shim.resolve("java"), "#!/bin/sh\nexec '" + thisJava() + "' \"$@\"\n");
        assertQuietVersion(run(dir, Map.of("PATH", shim.toString()), PACKAGED.toString(), "--version"));
    }

    @Test
    void usualWay_startsNoOtherProgram() throws Exception {
        // With no program in PATH, whatever the stub wanted to start besides Java would be missing.
        assertQuietVersion(run(
                dir,
                Map.of("PATH", "/nonexistent", "JAVA_HOME", System.getProperty("java.home")),
                PACKAGED.toString(),
                "--version"));
        assertQuietVersion(
                run(dir, Map.of("PATH", thisJava().getParent().toString()), PACKAGED.toString(), "--version"));
    }

    // ---- the user's environment

    @Test
    void plainEnvironment_isMarkedForUndoing() throws Exception {
        Map<String, String> seen = environmentOfJava(Map.of());
        assertEquals("2", seen.get("MALLOC_ARENA_MAX"));
        assertEquals("-", seen.get("GPUSPOOL_USER_MALLOC_ARENA_MAX"));
        assertEquals("C.UTF-8", seen.get("LC_ALL"));
        assertEquals("-", seen.get("GPUSPOOL_USER_LC_ALL"));
        assertEquals("MALLOC_ARENA_MAX LC_ALL", seen.get("GPUSPOOL_STUB_ENV"));
    }

    @Test
    void userVariables_areHandedOver() throws Exception {
        Map<String, String> mine = Map.of(
                "LC_ALL", "de_DE", "JAVA_TOOL_OPTIONS", "-Da='b c'", "JDK_JAVA_OPTIONS", "", "_JAVA_OPTIONS", "$x");
        Map<String, String> seen = environmentOfJava(mine);
        assertEquals("C.UTF-8", seen.get("LC_ALL"));
        mine.forEach((name, value) -> assertEquals(value, seen.get("GPUSPOOL_USER_" + name), name));
        for (String name : List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS")) {
            assertEquals(null, seen.get(name), name);
        }
        assertEquals(mine, undone(seen));
    }

    @ParameterizedTest
    @ValueSource(strings = {"de_DE.UTF-8", "en_US.utf8", "xx_YY.UTF8"})
    void utf8LocaleThatMayBeMissing_isReplacedIfThatIsSafe(String locale) throws Exception {
        boolean safe = Files.isDirectory(Path.of("/usr/lib/locale/C.utf8"))
                || Files.isDirectory(Path.of("/usr/lib/locale/C.UTF-8"));
        for (Map<String, String> mine : List.of(
                Map.of("LC_ALL", locale, "LANG", "C"),
                Map.of("LC_CTYPE", locale, "LANG", "C"),
                Map.of("LANG", locale),
                Map.of("LANG", locale, "LC_ALL", "", "LC_CTYPE", ""))) {
            Map<String, String> seen = environmentOfJava(mine);
            assertEquals(safe ? "C.UTF-8" : mine.get("LC_ALL"), seen.get("LC_ALL"));
            assertEquals(mine, undone(seen));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"C.UTF-8", "C.utf8"})
    void plainUtf8Locale_isLeftAlone(String locale) throws Exception {
        for (Map<String, String> mine : List.of(
                Map.of("LC_ALL", locale, "LANG", "C", "MALLOC_ARENA_MAX", "7"),
                Map.of("LC_CTYPE", locale, "LANG", "C", "MALLOC_ARENA_MAX", "7"),
                Map.of("LANG", locale, "MALLOC_ARENA_MAX", "7"))) {
            assertEquals(mine, environmentOfJava(mine));
        }
    }

    @Test
    void gpuspoolStartedByGpuspool_keepsTheUsersOwn() throws Exception {
        for (Map<String, String> mine : List.of(
                Map.<String, String>of(),
                Map.of("LC_ALL", "", "LANG", "C"),
                Map.of("LC_ALL", "C", "JAVA_TOOL_OPTIONS", "-Da='b'\n\"c\" $(d) `e`", "MALLOC_ARENA_MAX", "1"))) {
            Map<String, String> once = environmentOfJava(mine);
            Map<String, String> twice = environmentOfJava(once);
            assertEquals(once, twice);
            assertEquals(mine, undone(twice));
        }
    }

    @Test
    void nothingElse_isChangedInTheEnvironment() throws Exception {
        Map<String, String> mine =
                Map.of("LANG", "C.UTF-8", "MALLOC_ARENA_MAX", "1", "java", "x", "self", "y", "dir", "z", "HOME", "/");
        assertEquals(mine, environmentOfJava(mine));
    }

    // ---- helpers

    /** What the Java side has to do before it starts a job. */
    private static Map<String, String> undone(Map<String, String> seen) {
        Map<String, String> env = new LinkedHashMap<>(seen);
        String names = env.remove("GPUSPOOL_STUB_ENV");
        for (String name : names == null ? new String[0] : names.split(" ", -1)) {
            String before = env.remove("GPUSPOOL_USER_" + name);
            if ("-".equals(before)) {
                env.remove(name);
            } else {
                env.put(name, before);
            }
        }
        return env;
    }

    /** Without what a shell adds and what every start here has. */
    private Map<String, String> environmentOfJava(Map<String, String> mine) throws Exception {
        Path nul = script(dir.resolve("nul-java"), "#!/bin/sh\nexec env -0\n");
        Map<String, String> env = new LinkedHashMap<>(mine);
        env.put("GPUSPOOL_JAVA", nul.toString());
        env.put("PATH", DEFAULT_PATH);
        Result result = run(dir, env, PACKAGED.toString());
        assertEquals(0, result.code(), result.err());
        assertEquals("", result.err());
        Map<String, String> seen = new LinkedHashMap<>();
        for (String entry : result.out().split("\0", -1)) {
            int equals = entry.indexOf('=');
            if (equals > 0) {
                seen.put(entry.substring(0, equals), entry.substring(equals + 1));
            }
        }
        seen.keySet().removeAll(Set.of("GPUSPOOL_JAVA", "PATH", "PWD", "OLDPWD", "SHLVL", "_"));
        return seen;
    }

    private static List<String> values(Result result, String key, String prefix) {
        String start = key + "=" + prefix;
        return result.out()
                .lines()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()))
                .toList();
    }

    private static void assertQuietVersion(Result result) {
        assertEquals(new Result(0, VERSION_LINE, ""), result);
    }

    private static Path thisJava() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /** The JDK of this build, JAVA_HOME, and what lies in the usual place: 17 or newer, each once. */
    static Set<Path> jdks() throws IOException {
        Set<Path> candidates = new LinkedHashSet<>();
        candidates.add(Path.of(System.getProperty("java.home")));
        String home = System.getenv("JAVA_HOME");
        if (home != null && !home.isEmpty()) {
            candidates.add(Path.of(home));
        }
        Path usual = Path.of("/usr/lib/jvm");
        if (Files.isDirectory(usual)) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(usual)) {
                found.forEach(candidates::add);
            }
        }
        Set<Path> jdks = new LinkedHashSet<>();
        for (Path candidate : candidates) {
            if (Files.isExecutable(candidate.resolve("bin/java")) && major(candidate) >= 17) {
                jdks.add(candidate.toRealPath());
            }
        }
        return jdks;
    }

    /** The major version in the {@code release} file of this Java; 0 if there is none. */
    private static int major(Path jdk) throws IOException {
        Path release = jdk.resolve("release");
        if (!Files.isReadable(release)) {
            return 0;
        }
        Matcher version = Pattern.compile("(?m)^JAVA_VERSION=\"(\\d+)").matcher(Files.readString(release));
        return version.find() ? Integer.parseInt(version.group(1)) : 0;
    }

    private Path fakeJdk(String name, String version) throws IOException {
        Path home = dir.resolve(name);
        Files.createDirectories(home.resolve("bin"));
        script(home.resolve("bin/java"), "#!/bin/sh\necho 'this Java must not be started'\n");
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home;
    }

    private static Path script(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }

    private static Path copyTo(Path file) throws IOException {
        return Files.copy(PACKAGED, file, StandardCopyOption.COPY_ATTRIBUTES);
    }

    private Result run(Path cwd, Map<String, String> env, String... command) throws Exception {
        Path out = Files.createTempFile(shared, "out", "");
        Path err = Files.createTempFile(shared, "err", "");
        List<String> words = new ArrayList<>(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(cwd.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(env);
        Process process = builder.start();
        process.getOutputStream().close();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("still running after 60 s: " + words);
        }
        return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    }
}
