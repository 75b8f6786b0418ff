package gpuspool.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.gpu.GpuProcess;
import gpuspool.gpu.Reading;
import gpuspool.spool.HostNote;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Whole screens, made of values. */
class CardPageTest {
    private static final long NOW = 1_800_000_000_000L;
    private static final String UUID = "GPU-5f0c2a1b-7d31-4c8e-9a52-00000000000";
    private static final String H200 = "NVIDIA H200";
    private static final Optional<CardView.User> NOBODY = Optional.empty();

    private static CardView card(int index, String state, String why, Optional<CardView.User> job, String used) {
        return card(index, H200, state, why, job, used, List.of());
    }

    /** {@code used}: GiB of 140.7; empty text for a card that does not tell. */
    private static CardView card(
            int index,
            String name,
            String state,
            String why,
            Optional<CardView.User> job,
            String used,
            List<CardView.Occupant> occupants) {
        long total = (long) (140.7 * (1L << 30));
        long bytes = used.isEmpty() ? 0 : (long) (Double.parseDouble(used) * (1L << 30));
        return new CardView(
                UUID + index,
                OptionalInt.of(index),
                name,
                "00000000:3B:00.0",
                !state.equals(CardView.NOT_OURS),
                state,
                why,
                job.stream().toList(),
                used.isEmpty() ? Optional.empty() : Optional.of(new Reading.Memory(total, bytes, total - bytes)),
                used.isEmpty()
                        ? Reading.Figures.NONE
                        : new Reading.Figures(
                                OptionalInt.of(index == 0 ? 100 : 0),
                                OptionalInt.of(31 + index),
                                OptionalInt.of(42_900),
                                OptionalInt.of(700_000)),
                occupants);
    }

    private static CardView.Occupant process(int pid, String user, String command, long mib) {
        return new CardView.Occupant(
                new GpuProcess(
                        pid,
                        GpuProcess.Kind.COMPUTE,
                        OptionalLong.of(mib << 20),
                        Optional.of(user),
                        Optional.of(command),
                        OptionalLong.of(1)),
                Optional.empty(),
                false);
    }

    private static Optional<CardView.User> job(String name, String user) {
        return Optional.of(new CardView.User(
                name, name + ".gpubox", user, "running", OptionalLong.of(11_520_000), OptionalLong.empty()));
    }

    private static CardHost host(CardView... cards) {
        return new CardHost(
                "gpubox",
                HostNote.Life.ALIVE,
                OptionalLong.of(4711),
                OptionalLong.empty(),
                "NVIDIA 570.86.15",
                Optional.empty(),
                Optional.empty(),
                List.of(cards));
    }

    private static String page(int width, boolean uuid, boolean utf8, CardHost... hosts) {
        return CardPage.text(
                new CardBoard(NOW, Optional.of(Path.of("/data/spool")), false, List.of(hosts)), width, uuid, utf8);
    }

    private static final CardHost BUSY = host(
            card(0, "used", "", job("exp1.2", "alice"), "134.1"),
            card(1, "free", "", NOBODY, "0.6"),
            card(
                    2,
                    H200,
                    "foreign",
                    "mallory's python (pid 4712) computes on it, 70.3 GiB; 256.0 MiB more are in use than anybody accounts for",
                    NOBODY,
                    "70.9",
                    List.of(process(4712, "mallory", "python", 71_987))),
            card(3, "sick", "lost (fallen off the bus): XID 79; to be reset", NOBODY, ""));

    @Test
    void eightyColumns_areEnough() {
        assertEquals("""
                gpubox: watcher pid 4711; NVIDIA 570.86.15; all NVIDIA H200
                GPU  UUID          MEMORY                        UTIL  TEMP    POWER  STATE
                0    GPU-5f0c2a1b  [##########] 134.1/140.7 GiB  100%   31C  42/700W  used
                     exp1.2 of alice, running for 3h12m
                1    GPU-5f0c2a1b  [··········]   0.6/140.7 GiB    0%   32C  42/700W  free
                2    GPU-5f0c2a1b  [#####·····]  70.9/140.7 GiB    0%   33C  42/700W  foreign
                     mallory's python (pid 4712) computes on it, 70.3 GiB; 256.0 MiB more are in
                     use than anybody accounts for
                3    GPU-5f0c2a1b  -                                -     -        -  sick
                     lost (fallen off the bus): XID 79; to be reset
                """, page(80, false, true, BUSY));
    }

    @Test
    void cardThatIsShared_eachJobIsNamedWithItsPart() {
        CardView one = card(0, "used", "", job("exp1.2", "alice"), "34.1");
        List<CardView.User> sharers = List.of(
                new CardView.User(
                        "a.1", "a.1.gpubox", "alice", "running", OptionalLong.of(60_000), OptionalLong.of(20L << 30)),
                new CardView.User(
                        "b.1", "b.1.gpubox", "bob", "claimed", OptionalLong.of(1), OptionalLong.of(8L << 30)));
        CardView shared = new CardView(
                one.word(),
                one.index(),
                one.name(),
                one.pci(),
                true,
                one.state(),
                "",
                sharers,
                one.memory(),
                one.figures(),
                List.of());
        String page = page(120, false, true, host(shared));
        assertTrue(
                page.contains("     a.1 of alice, running for 1m00s, 20 GiB of it; b.1 of bob, claimed, 8 GiB of it\n"),
                page);
    }

    @Test
    void noLine_isLongerThanTheTerminal() {
        for (int width : new int[] {80, 100, 120}) {
            page(width, false, true, BUSY).lines().forEach(line -> assertTrue(line.length() <= width, line));
        }
    }

    @Test
    void uuids_areWholeWhereThereIsRoomOrTheyAreAskedFor() {
        String whole = "0    " + UUID + "0  [##########] 134.1/140.7 GiB  100%   31C  42/700W  used\n";
        assertTrue(page(120, false, true, BUSY).contains(whole), page(120, false, true, BUSY));
        assertTrue(page(80, true, true, BUSY).contains(whole), page(80, true, true, BUSY));
        assertFalse(page(104, false, true, BUSY).contains(UUID), page(104, false, true, BUSY));
        assertTrue(page(105, false, true, BUSY).contains(whole), page(105, false, true, BUSY));
    }

    @Test
    void localeWithoutUtf8_getsAsciiAlone() {
        String page = page(80, false, false, BUSY);
        assertTrue(page.contains("  [#####.....]  70.9/140.7 GiB  "), page);
        assertTrue(page.chars().allMatch(c -> c < 0x7f), page);
    }

    @Test
    void strangersOnAJobsCard_areNamed() {
        CardHost host = host(card(
                0,
                H200,
                "used",
                "",
                job("exp1.2", "alice"),
                "70.9",
                List.of(
                        new CardView.Occupant(process(1, "alice", "python", 1).process(), Optional.of("exp1.2"), false),
                        process(4712, "mallory", "miner", 1024))));
        String page = page(80, false, true, host);
        assertTrue(
                page.endsWith("\n     exp1.2 of alice, running for 3h12m; mallory's miner (pid 4712), 1.0 GiB\n"),
                page);
    }

    @Test
    void severalKindsOfCards_areNamedOneByOne() {
        CardHost host = host(
                card(0, "NVIDIA A100", "free", "", NOBODY, "1", List.of()),
                card(1, "NVIDIA H200", CardView.NOT_OURS, "", NOBODY, "1", List.of(process(7, "bob", "sh", 1))));
        assertEquals("""
                gpubox: watcher pid 4711; NVIDIA 570.86.15
                GPU  UUID          MEMORY                        UTIL  TEMP    POWER  STATE
                0    GPU-5f0c2a1b  [··········]   1.0/140.7 GiB  100%   31C  42/700W  free
                     NVIDIA A100
                1    GPU-5f0c2a1b  [··········]   1.0/140.7 GiB    0%   32C  42/700W  not ours
                     NVIDIA H200; bob's sh (pid 7), 1.0 MiB
                """, page(80, false, true, host));
    }

    @Test
    void otherHost_isShownAsItWasWrittenDown() {
        CardHost other = new CardHost(
                "other",
                HostNote.Life.NOT_KNOWN,
                OptionalLong.of(9),
                OptionalLong.of(NOW - 90_000),
                "",
                Optional.empty(),
                Optional.empty(),
                List.of(card(0, "", "settling", "bob's sh has just left", NOBODY, "", List.of())));
        assertEquals(
                """
                gpubox: no watcher
                GPUs not known: NVML: Driver/library version mismatch

                other: watcher pid 9 (so it wrote; cannot be asked from here); as of 1m30s ago
                GPU  UUID                                      STATE
                0    GPU-5f0c2a1b-7d31-4c8e-9a52-000000000000  settling
                     bob's sh has just left
                """,
                page(
                        80,
                        false,
                        true,
                        new CardHost(
                                "gpubox",
                                HostNote.Life.GONE,
                                OptionalLong.empty(),
                                OptionalLong.empty(),
                                "",
                                Optional.of("NVML: Driver/library version mismatch"),
                                Optional.empty(),
                                List.of()),
                        other));
    }

    @Test
    void namesThatWouldRuleTheTerminal_areEscaped() {
        CardHost host = host(card(
                0,
                "NVIDIA\u001b[2J",
                "foreign",
                "bad\nline",
                NOBODY,
                "1",
                List.of(process(9, "eve\u202e", "a\nb\u001b]0;x\u0007", 1))));
        String page = page(80, false, true, host);
        assertTrue(page.contains("; NVIDIA\\u{1b}[2J\n"), page);
        assertTrue(page.contains("bad\\u{a}line; eve\\u{202e}'s a\\u{a}b\\u{1b}]0;x\\u{7} (pid 9)"), page);
        assertEquals(4, page.lines().count(), page);
    }

    @Test
    void letGo_isSaidFirst() {
        String page = CardPage.text(new CardBoard(NOW, Optional.empty(), true, List.of(BUSY)), 80, false, true);
        assertTrue(page.startsWith("LET GO: watchers let go of the GPU driver"), page);
    }

    @Test
    void theUsersLocale_decidesWhatIsDrawn() {
        assertTrue(Encoding.isUtf8(Map.of("LANG", "de_DE.UTF-8")));
        assertTrue(Encoding.isUtf8(Map.of("LANG", "C", "LC_CTYPE", "C.utf8")));
        assertFalse(Encoding.isUtf8(Map.of("LANG", "C.UTF-8", "LC_ALL", "POSIX")));
        assertFalse(Encoding.isUtf8(Map.of()));
        Map<String, String> launched = Map.of("GPUSPOOL_STUB_ENV", "JAVA_HOME LC_ALL", "LC_ALL", "C.UTF-8");
        assertFalse(Encoding.isUtf8(launched), "the launcher's own");
    }
}
