package gpuspool.foreground;

import gpuspool.posix.Become;
import gpuspool.posix.Errno;
import gpuspool.posix.Lock;
import gpuspool.posix.OwnArguments;
import gpuspool.posix.OwnEnvironment;
import gpuspool.posix.SearchPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The command that this process is to become, and the environment it was started in; byte for byte. */
final class Command {
    /** Stands in a word for the numbers of its cards. */
    private static final String CARDS = "{}";

    private static final String NUMBERS = "GPUSPOOL_GPUS";

    private final String shown;
    private final List<String> words;
    private final List<String> environment;

    private Command(String shown, List<String> words, List<String> environment) {
        this.shown = shown;
        this.words = words;
        this.environment = environment;
    }

    /** @param words as Java shows them: the last that this process was started with */
    static Command of(List<String> words) throws IOException {
        return new Command(words.get(0), OwnArguments.exact(words), OwnEnvironment.ofCaller());
    }

    /** Whether it cannot be executed, which is better known before it waits for a card; says so. */
    Optional<Outcome> trouble(Teller teller) {
        boolean found = false;
        for (String file : SearchPath.files(words.get(0), environment)) {
            try {
                Path path = Path.of(file);
                boolean there = Files.exists(path);
                if (there && Files.isExecutable(path) && !Files.isDirectory(path)) {
                    return Optional.empty();
                }
                found |= there && (words.get(0).indexOf('/') >= 0 || !Files.isDirectory(path));
            } catch (InvalidPathException e) {
                // Bytes that Java cannot name; the kernel can.
                return Optional.empty();
            }
        }
        return Optional.of(found ? denied(teller, "permission denied") : notFound(teller));
    }

    private Outcome notFound(Teller teller) {
        teller.note(shown + ": command not found");
        return Outcome.NOT_FOUND;
    }

    private Outcome denied(Teller teller, String why) {
        teller.note(shown + ": cannot be executed: " + why);
        return Outcome.NOT_EXECUTED;
    }

    /**
     * Becomes it; returns only where that cannot be.
     *
     * @param variables to set; {@code GPUSPOOL_GPUS} is what {@code {}} stands for
     * @param unset names of variables to take away
     */
    Outcome become(Become process, List<Lock> locks, Map<String, String> variables, List<String> unset, Teller teller)
            throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line : environment) {
            String name = line.substring(0, Math.max(0, line.indexOf('=')));
            if (!variables.containsKey(name) && !unset.contains(name)) {
                lines.add(line);
            }
        }
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            lines.add(variable.getKey() + "=" + variable.getValue());
        }
        List<String> arguments = new ArrayList<>();
        for (String word : words) {
            arguments.add(word.replace(CARDS, variables.getOrDefault(NUMBERS, "")));
        }
        int worst = Errno.ENOENT;
        for (String file : SearchPath.files(arguments.get(0), lines)) {
            int errno = process.program(file, arguments, lines, locks);
            if (errno == Errno.EACCES) {
                worst = errno;
            } else if (errno != Errno.ENOENT && errno != Errno.ENOTDIR) {
                return denied(teller, Errno.text(errno));
            }
        }
        return worst == Errno.EACCES ? denied(teller, Errno.text(worst)) : notFound(teller);
    }
}
