package gpuspool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import gpuspool.config.SettingKey;
import gpuspool.job.JobKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManPagesTest {
    @TempDir
    Path directory;

    private CliSpool spool;
    private Path pages;

    @BeforeEach
    void writePages() throws IOException {
        spool = new CliSpool(directory);
        pages = spool.directory.resolve("share/man");
        CliSpool.Result written = spool.run("man", "--all", "share/man");
        assertEquals(0, written.status(), written.err());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(pages)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    @Test
    void everyVerbAndKey_hasItsPage() throws IOException {
        TreeSet<String> expected =
                new TreeSet<>(List.of("man1/gpuspool.1", "man5/gpuspool-job.5", "man5/gpuspool.toml.5"));
        Stream.of(VerbTable.values()).forEach(verb -> expected.add("man1/gpuspool-" + verb.verb + ".1"));
        TreeSet<String> found = new TreeSet<>();
        files().forEach(file -> found.add(pages.relativize(file).toString()));
        assertEquals(expected, found);
        String keys = Files.readString(pages.resolve("man5/gpuspool-job.5"));
        JobKey.forPeople().forEach(key -> assertTrue(keys.contains("\n.B \"" + key.key() + "\"\n"), key.key()));
        String settings = Files.readString(pages.resolve("man5/gpuspool.toml.5"));
        Stream.of(SettingKey.values())
                .forEach(key -> assertTrue(settings.contains("\n.B \"" + key.key() + "\"\n"), key.key()));
        String add = Files.readString(pages.resolve("man1/gpuspool-add.1"));
        assertTrue(add.contains(".B \"\\-n, \\-G, \\-\\-gpus=N\""), add);
        assertTrue(add.contains("\n.B \"69\"\n"), add);
        assertEquals(0, spool.run("man", "--all", "share/man").status(), "once more, over the old ones");
        assertEquals(expected.size(), files().size());
    }

    @Test
    void elsewhereThanOnATerminal_helpIsPrinted() throws IOException {
        assertEquals(spool.run("wait", "--help").out(), spool.run("man", "wait").out());
        assertEquals(spool.run("--help").out(), spool.run("man").out());
        assertEquals(
                new CliSpool.Result(2, "", "gpuspool man: unknown verb wiat; did you mean wait?\n"),
                spool.run("man", "wiat"));
        assertEquals(2, spool.run("man", "wait", "--all", "x").status());
    }

    private String said(List<String> command, List<Path> files) throws Exception {
        List<String> words = new ArrayList<>(command);
        files.forEach(file -> words.add(file.toString()));
        Path said = directory.resolve("said");
        ProcessBuilder builder =
                new ProcessBuilder(words).redirectError(said.toFile()).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("LC_ALL", "C.UTF-8");
        Process process = builder.start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), Files.readString(said));
        return Files.readString(said);
    }

    @Test
    void manPages_areCleanByManItself() throws Exception {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/man")) && Files.isExecutable(Path.of("/usr/bin/groff")), "man(1)");
        assertEquals("", said(List.of("man", "--warnings", "-l"), files()));
    }

    @Test
    void manPages_areCleanByMandoc() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/mandoc")), "mandoc(1)");
        assertEquals("", said(List.of("mandoc", "-T", "lint", "-W", "warning"), files()));
    }
}
