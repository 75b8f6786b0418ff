package gpuspool.posix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RawNamesTest {
    /** Latin-1, UTF-8, a replacement character of its own, half a character, blanks, per cent signs, a line feed, 0x01 and 0xff. */
    private static final List<String> NAMES = List.of(
            "plain.job",
            "a b%%20c.job",
            "caf\\351.job",
            "gr\\303\\266\\303\\237e.job",
            "lost\\357\\277\\275.job",
            "half\\342\\202.job",
            "line\\012feed.job",
            "\\001\\377.job");

    @TempDir
    private Path temp;

    private final Children children = new Children();

    @BeforeEach
    void makeFiles() throws Exception {
        for (String name : NAMES) {
            Process made = children.start(
                    "sh",
                    "-c",
                    "cd \"$1\" && : >\"$(printf \"$2\"X)\"; f=$(printf \"$2\"X); mv -- \"$f\" \"${f%X}\"",
                    "sh",
                    temp.toString(),
                    name);
            assertEquals(0, made.waitFor(), name);
        }
    }

    @AfterEach
    void killChildren() {
        children.close();
    }

    private static Set<String> expected() {
        Set<String> names = new TreeSet<>();
        for (String name : NAMES) {
            StringBuilder raw = new StringBuilder();
            for (int i = 0; i < name.length(); i++) {
                if (name.charAt(i) == '\\') {
                    raw.append((char) Integer.parseInt(name, i + 1, i + 4, 8));
                    i += 3;
                } else if (name.charAt(i) == '%') {
                    raw.append('%');
                    i++;
                } else {
                    raw.append(name.charAt(i));
                }
            }
            names.add(HexFormat.of().formatHex(raw.toString().getBytes(StandardCharsets.ISO_8859_1)));
        }
        return names;
    }

    static Set<String> listed(Path directory) throws IOException {
        Set<String> names = new TreeSet<>();
        try (var entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                names.add(HexFormat.of().formatHex(RawNames.lastName(entry)));
            }
        }
        return names;
    }

    @Test
    void namesFromAListing_keepTheirBytes() throws Exception {
        assertEquals(expected(), listed(temp));
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "C.UTF-8"})
    void otherLocales_keepTheBytesToo(String locale) throws Exception {
        Process jvm = children.jvm(Map.of("LC_ALL", locale), List.of(), ListNames.class, temp.toString());
        String output = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(String.join("\n", expected()) + "\n", output);
    }

    static final class ListNames {
        private ListNames() {}

        public static void main(String[] args) throws IOException {
            System.out.println(String.join("\n", listed(Path.of(args[0]))));
        }
    }

    @Test
    void openedByItsBytes_isTheFileThatWasListed() throws Exception {
        try (var entries = Files.newDirectoryStream(temp)) {
            for (Path entry : entries) {
                int fd = Fds.open(entry, Fds.O_RDONLY, 0);
                assertEquals(FileFacts.of(entry).orElseThrow(), FileFacts.ofOpen(fd));
                Fds.close(fd);
            }
        }
    }

    @Test
    void builtFromItsBytes_isTheFileThatWasListed() throws Exception {
        try (var entries = Files.newDirectoryStream(temp)) {
            for (Path entry : entries) {
                Path built = RawNames.entry(temp, RawNames.lastName(entry));
                assertEquals(entry, built);
                assertArrayEquals(RawNames.bytes(entry), RawNames.bytes(built));
            }
        }
        Path nowhere = temp.resolve("no such directory");
        assertEquals(nowhere.resolve("x"), RawNames.entry(nowhere, new byte[] {'x'}));
        assertArrayEquals(new byte[] {'?', (byte) 0xfe, '#'}, RawNames.lastName(RawNames.entry(nowhere, new byte[] {
            '?', (byte) 0xfe, '#'
        })));
    }

    @Test
    void paths_areNotResolvedOrNormalised() {
        assertArrayEquals(bytes("a/../b"), RawNames.bytes(Path.of("a/../b")));
        assertArrayEquals(bytes("b"), RawNames.lastName(Path.of("/a/b")));
        assertArrayEquals(bytes("b"), RawNames.lastName(Path.of("b")));
        assertArrayEquals(new byte[] {'/', 'x', 0}, RawNames.cString(Path.of("/x")));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
