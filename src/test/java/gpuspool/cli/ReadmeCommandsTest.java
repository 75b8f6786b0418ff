package gpuspool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Commands that people may copy from the README and the samples: there are such verbs, and they have these options. */
class ReadmeCommandsTest {
    /** Between backticks, or a line of a block. */
    private static final Pattern COMMAND = Pattern.compile("(?m)[`\"]gpuspool ([^`\"\n]+)[`\"]|^gpuspool ([^\n#]+)");

    /** Their options end where the command begins. */
    private static final List<String> BEFORE_A_COMMAND = List.of("run", "parallel");

    private static final int SOME = 60;
    private final Map<String, String> help = new HashMap<>();

    private static List<String> commands() throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> samples = Files.list(Path.of("samples"))) {
            for (Path file :
                    Stream.concat(Stream.of(Path.of("README.md")), samples).toList()) {
                COMMAND.matcher(Files.readString(file))
                        .results()
                        .map(match -> match.group(1) != null ? match.group(1) : match.group(2))
                        .filter(command -> command.matches("[a-z].*"))
                        .forEach(command -> found.add(command.strip()));
            }
        }
        return found;
    }

    private String help(String verb) {
        return help.computeIfAbsent(
                verb, name -> Verbs.run(Path.of("."), Map.of(), name, "--help").said());
    }

    private List<String> mistakes(String command) {
        List<String> words = List.of(command.split("[\\s=]+"));
        String verb = words.get(0);
        if (VerbTable.named(verb).isEmpty()) {
            return List.of(command + ": no verb " + verb);
        }
        List<String> mistakes = new ArrayList<>();
        for (int i = 1; i < words.size(); i++) {
            String word = words.get(i);
            boolean operand = !word.startsWith("-") && !words.get(i - 1).startsWith("-");
            if (word.equals("--") || operand && BEFORE_A_COMMAND.contains(verb)) {
                break;
            }
            if (word.matches("--?[a-z].*")
                    && !Pattern.compile("(?m)[ ,]" + Pattern.quote(word) + "([ ,=\\[]|$)")
                            .matcher(help(verb))
                            .find()) {
                mistakes.add(command + ": no option " + word + " in " + help(verb));
            }
        }
        return mistakes;
    }

    @Test
    void everyCommand_isUnderstood() throws IOException {
        List<String> commands = commands();
        assertTrue(commands.size() > SOME, commands.toString());
        assertEquals(
                List.of(),
                commands.stream().flatMap(command -> mistakes(command).stream()).toList());
    }
}
