package gpuspool.posix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** User ids of names: by {@code /etc/passwd}, and where that has no such name by {@code getent}, which asks directories too. */
public final class Accounts {
    private static final Path PASSWD = Path.of("/etc/passwd");
    private static final Path GETENT = Path.of("/usr/bin/getent");
    private static final Duration LIMIT = Duration.ofSeconds(5);
    /** The third field of NAME:x:UID:… */
    private static final int UID = 2;

    private final Command command = new Command(LIMIT);

    /**
     * The uid of a name; empty where nobody has it.
     *
     * @throws IOException if it cannot be told
     */
    public OptionalInt uid(String name) throws IOException {
        OptionalInt local = Files.isReadable(PASSWD)
                ? find(name, new String(Files.readAllBytes(PASSWD), StandardCharsets.UTF_8))
                : OptionalInt.empty();
        if (local.isPresent() || name.startsWith("-") || !Files.isExecutable(GETENT)) {
            return local;
        }
        Command.Result told = command.run(List.of(GETENT.toString(), "passwd", name), Map.of("LC_ALL", "C"));
        return find(name, told.output());
    }

    private static OptionalInt find(String name, String lines) {
        for (String line : lines.split("\n")) {
            String[] fields = line.split(":", -1);
            if (fields.length > UID && fields[0].equals(name)) {
                return number(fields[UID]);
            }
        }
        return OptionalInt.empty();
    }

    /** A uid in decimal, as it stands in {@code st_uid}; empty for any other text. */
    public static OptionalInt number(String text) {
        try {
            return OptionalInt.of(Integer.parseUnsignedInt(text));
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }
}
