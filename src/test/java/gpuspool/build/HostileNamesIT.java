package gpuspool.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.chaos.Tree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Names that no locale can show, dropped under every locale, for the packed program under every JDK there is. A name is given
 * as its bytes, a character each.
 */
class HostileNamesIT {
    private static final Path PACKAGED = Path.of(System.getProperty("gpuspool.packaged", "target/gpuspool"));

    /** Name → the stem it gets. */
    private static final Map<String, String> NAMES = Map.of(
            "caf\u00e9.job", "caf_",
            "gr\u00c3\u00b6\u00c3\u009fe.job", "gr____e",
            "\u00ff\u00fe.job", "__",
            "\u001b[31mred\n.job", "__31mred_",
            "-rf.job", "job-rf");

    private static final List<Map<String, String>> LOCALES = List.of(
            Map.of("LC_ALL", "C"),
            Map.of("LC_ALL", "POSIX", "LANG", "de_DE.UTF-8"),
            Map.of("LANG", "C"),
            Map.of("LC_ALL", "C.UTF-8"));

    @TempDir
    private Path dir;

    private Path jdk;
    private Map<String, String> locale;

    @ParameterizedTest
    @MethodSource("gpuspool.build.PackagedLauncherIT#jdks")
    void everyName_runsAndIsFoundAgainUnderEveryLocale(Path java) throws Exception {
        jdk = java;
        int run = 0;
        for (Map<String, String> each : LOCALES) {
            locale = each;
            run++;
            gpuspool("init");
            for (String name : NAMES.keySet()) {
                drop(name);
            }
            gpuspool("watch", "--once", "--devices", "sim:1", "--lock-dir", dir + "/locks");
            for (Map.Entry<String, String> name : NAMES.entrySet()) {
                assertRanAs(name.getKey(), name.getValue() + "." + run);
            }
            String status = gpuspool("status");
            assertTrue(status.contains("__31mred_." + run), status);
            assertFalse(status.codePoints().anyMatch(c -> c < 0x20 && c != '\n'), status);
        }
        // By the bytes of its name, by what a listing shows of it, and by what became of it.
        for (String word : List.of("gr\u00c3\u00b6\u00c3\u009fe", "gr\u00c3\u00b6\u00c3\u009fe.job", "gr____e")) {
            assertEquals(expectedOutput("gr____e." + run), gpuspool("log", word));
        }
        assertEquals(expectedOutput("caf_." + run), gpuspool("log", "caf\\xe9.job"));
        gpuspool("wait", "caf\\xe9.job");
        drop("caf\u00e9.job");
        assertTrue(gpuspool("show", "caf\\xe9.job").contains("state  queued"));
        gpuspool("cancel", "caf\\xe9.job");
        assertEquals(List.of(), Tree.list(dir.resolve("spool/incoming")));
        assertEquals(1, Tree.list(dir.resolve("spool/failed")).size());
    }

    private void drop(String name) throws IOException {
        Path draft = Files.writeString(
                dir.resolve("draft"), "#GPUSPOOL gpus=0\necho \"$GPUSPOOL_JOB ${LANG-unset} ${LC_ALL-unset}\"\n");
        Files.move(draft, Tree.rawPath(dir.resolve("spool/incoming"), name));
    }

    private void assertRanAs(String name, String run) throws IOException {
        Path filed = Tree.list(dir.resolve("spool/done")).stream()
                .filter(path -> path.getFileName().toString().startsWith(run + "."))
                .findFirst()
                .orElseThrow(() -> new AssertionError(run + " is not in done/ under " + locale));
        assertTrue(Files.exists(Tree.rawPath(filed, name)), filed.toString());
        assertEquals(name, Tree.status(filed).get("name"));
        assertEquals(expectedOutput(run), Files.readString(filed.resolve("output.log")), locale.toString());
    }

    private String expectedOutput(String run) {
        return run.substring(0, run.lastIndexOf('.')) + " " + locale.getOrDefault("LANG", "unset") + " "
                + locale.getOrDefault("LC_ALL", "unset") + "\n";
    }

    /** What the packed program prints, as UTF-8; it must end with 0. Words are given as their bytes, like names. */
    private String gpuspool(String... words) throws Exception {
        StringBuilder line = new StringBuilder("exec \"$0\"");
        for (String word : words) {
            // By way of printf: not even this JVM's locale stands between the bytes and the program.
            line.append(" \"$(printf '");
            for (byte b : word.getBytes(StandardCharsets.ISO_8859_1)) {
                line.append(String.format("\\%03o", b & 0xff));
            }
            line.append("')\"");
        }
        Path output = Files.createTempFile(dir, "out", "");
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(
                        "/bin/sh",
                        "-c",
                        line.toString(),
                        PACKAGED.toAbsolutePath().toString())))
                .directory(dir.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        Map<String, String> environment = new LinkedHashMap<>(locale);
        environment.put("JAVA_HOME", jdk.toString());
        environment.put("PATH", "/usr/local/bin:/usr/bin:/bin");
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it hangs: " + List.of(words));
        assertEquals(0, process.exitValue(), List.of(words) + "\n" + Files.readString(output));
        return Files.readString(output);
    }
}
