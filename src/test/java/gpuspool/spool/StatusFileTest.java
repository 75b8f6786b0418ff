package gpuspool.spool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.job.JobId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class StatusFileTest {
    @TempDir
    private Path temp;

    private static StatusFile parse(String text) {
        return StatusFile.parse(bytes(text));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void severalLinesWithOneKey_lastCounts() {
        StatusFile status = parse("devices = sim:0\npid = 1\ndevices = sim:1 sim:2\n");
        assertEquals(Optional.of("sim:1 sim:2"), status.get("devices"));
        assertEquals(OptionalLong.of(1), status.number("pid"));
        assertEquals(Optional.empty(), status.get("host"));
    }

    @Test
    void valueHoldsTheSeparatorOrNothing_isKept() {
        StatusFile status = parse("command = a = b\ndevices = \n");
        assertEquals(Optional.of("a = b"), status.get("command"));
        assertEquals(Optional.of(""), status.get("devices"));
    }

    @Test
    void lastLineWithoutLineFeed_doesNotCount() {
        StatusFile status = parse("ending = cancelled\nending = exi");
        assertEquals(Optional.of("cancelled"), status.get("ending"));
        assertEquals(Optional.empty(), parse("boot = abc").get("boot"));
        assertEquals(Optional.empty(), parse("").get("boot"));
    }

    @Test
    void linesThatAreNone_arePassedOver() {
        assertEquals(
                Optional.of("1"),
                parse("\n\nnonsense\n = x\nkey=value\npid = 1\n \n").get("pid"));
        assertEquals(
                1, parse("\n\nnonsense\n = x\nkey=value\npid = 1\n \n").facts().size());
    }

    @Test
    void separatorInALaterLine_makesNoFactOfThisOne() {
        assertEquals(List.of("b"), List.copyOf(parse("torn\nb = 2\n").facts().keySet()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "1.5", "99999999999999999999", "0x1", "1 "})
    void valueThatIsNoNumber_isNone(String value) {
        assertEquals(OptionalLong.empty(), parse("pid = " + value + "\n").number("pid"));
    }

    @Test
    void appendAfterATornLine_beginsALineOfItsOwn() throws Exception {
        JobDir dir = new JobDir(temp, new JobId("x", 1, "h"));
        Files.writeString(dir.status(), "boot = abc\nending = can");
        dir.append(new DiskFs(), new StatusFile.Lines().add("exit", 3).add("ending", "exited"));
        assertEquals("boot = abc\nending = can\nexit = 3\nending = exited\n", Files.readString(dir.status()));
        StatusFile status = StatusFile.read(new DiskFs(), dir.status());
        assertEquals(Optional.of("exited"), status.get("ending"));
        assertEquals(OptionalLong.of(3), status.number("exit"));
    }

    @Test
    void appendAfterAWholeLine_addsNoEmptyOne() throws Exception {
        JobDir dir = new JobDir(temp, new JobId("x", 1, "h"));
        Files.writeString(dir.status(), "");
        dir.append(new DiskFs(), new StatusFile.Lines().add("a", 1));
        dir.append(new DiskFs(), new StatusFile.Lines().add("b", "x\ny"));
        assertEquals("a = 1\nb = x\\x0ay\n", Files.readString(dir.status()));
    }

    @ParameterizedTest
    @CsvSource({
        "61620a63,         'ab\\x0ac'",
        "5c,               '\\x5c'",
        "00017f1f20,       '\\x00\\x01\\x7f\\x1f '",
        "636166e9,         'caf\\xe9'",
        "c3b6e282acf09d849e, 'ö€𝄞'",
        "c0af,             '\\xc0\\xaf'",
        "eda080,           '\\xed\\xa0\\x80'",
        "e282,             '\\xe2\\x82'",
        "f4908080,         '\\xf4\\x90\\x80\\x80'",
        "c3,               '\\xc3'",
        "5c783431,         '\\x5cx41'",
    })
    void oddBytes_standAsHexAndComeBack(String hex, String line) {
        byte[] raw = java.util.HexFormat.of().parseHex(hex);
        assertEquals(line, Escapes.escape(raw));
        assertArrayEquals(raw, Escapes.unescape(line));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\xZZ", "\\x4", "\\x", "\\", "\\y41", "\\x+1", "\\x-1", "a\\x 1", "\\xä"})
    void whatIsNoEscape_standsForItself(String line) {
        assertArrayEquals(bytes(line), Escapes.unescape(line));
    }

    @Test
    void anyBytesAtAll_roundTripInOneLine() {
        Random random = new Random(4711);
        for (int i = 0; i < 3000; i++) {
            byte[] raw = new byte[random.nextInt(40)];
            random.nextBytes(raw);
            if (i % 2 == 0) {
                for (int k = 0; k < raw.length; k++) {
                    raw[k] = "ab\\x4\n\u00c3\u00b6\u00e2 ="
                            .getBytes(StandardCharsets.ISO_8859_1)[Math.floorMod(raw[k], 11)];
                }
            }
            String line = Escapes.escape(raw);
            assertTrue(line.chars().noneMatch(c -> c < 0x20 || c == 0x7f), line);
            assertArrayEquals(raw, Escapes.unescape(line), line);
            StatusFile status = StatusFile.parse(
                    new StatusFile.Lines().addEscaped("name", line).bytes());
            assertEquals(Optional.of(line), status.get("name"));
        }
    }

    @Test
    void everyCutOfAFile_givesFactsOfItsWholeLinesOnly() {
        byte[] whole = bytes("name = größe\nboot = abc\nending = cancelled\n");
        for (int cut = 0; cut <= whole.length; cut++) {
            StatusFile status = StatusFile.parse(java.util.Arrays.copyOf(whole, cut));
            status.get("boot").ifPresent(boot -> assertEquals("abc", boot));
            status.get("ending").ifPresent(ending -> assertEquals("cancelled", ending));
            assertEquals(cut == whole.length, status.get("ending").isPresent());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "x.job, true",
        "x.toml, true",
        "a b.job, true",
        "größe.job, true",
        "-x.job, true",
        "#x.job, true",
        "x~.job, true",
        "x.tmp.job, true",
        ".job, false",
        ".x.job, false",
        ".toml, false",
        ".#x.job, false",
        "#x.job#, false",
        "x.job~, false",
        "x.job.tmp, false",
        "x.job.part, false",
        ".x.job.swp, false",
        "x.JOB, false",
        "x.job.swp, false",
        ".nfs0001.job, false",
        "x.sh, false",
        "job, false",
        "xjob, false",
        "x.job.bak, false",
    })
    void droppedNames_asTheTableSays(String name, boolean job) {
        assertEquals(job, DroppedName.isJob(name));
    }

    @Test
    void editorLocks_standBesideTheFile() {
        Path file = Path.of("/incoming/x.job");
        List<Path> locks = DroppedName.editorLocks(file);
        assertEquals(
                List.of("/incoming/.x.job.swp", "/incoming/.#x.job", "/incoming/.~lock.x.job#"),
                locks.stream().map(Path::toString).toList());
        for (Path lock : locks) {
            assertFalse(DroppedName.isJob(lock.getFileName().toString()));
            assertEquals(Optional.of(file), DroppedName.editedBy(lock));
        }
        assertEquals(Optional.empty(), DroppedName.editedBy(Path.of("/incoming/.x.txt.swp")));
        assertEquals(Optional.empty(), DroppedName.editedBy(Path.of("/incoming/.swp")));
    }

    @Test
    void noFileOfOurs_isTakenForAJob() {
        for (String ours : List.of(
                "status",
                "token",
                "started",
                "exit.0",
                "script",
                "output.log",
                "stdout.log",
                "stderr.log",
                "unspawned.1",
                "cancel",
                "reason")) {
            assertFalse(DroppedName.isJob(ours), ours);
        }
    }
}
