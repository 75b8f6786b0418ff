package gpuspool.gpu.smi;

import gpuspool.job.Printable;
import gpuspool.posix.Command;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The program itself: one question, its lines and what became of it. */
final class Smi {
    /** 14: the card's own memory of facts is damaged; what is printed is right all the same. */
    private static final int INFOROM_CORRUPTED = 14;

    private static final int LONGEST_QUOTE = 200;

    private final Path program;
    private final Command command;
    private final Map<String, String> environment;

    Smi(Path program, Command command, Map<String, String> environment) {
        this.program = program;
        this.command = command;
        this.environment = new HashMap<>(environment);
        // Numbers with points, words in English.
        this.environment.put("LC_ALL", "C");
    }

    /**
     * @param lines what it printed, without empty ones
     * @param sound whether its exit status says that this is all there is to say
     * @param words what it said, for people, in one line
     */
    record Answer(List<String> lines, boolean sound, String words) {}

    /** @throws IOException if it could not be started or did not end; the message names it */
    Answer ask(List<String> options) throws IOException {
        List<String> words = new ArrayList<>(List.of(program.toString()));
        words.addAll(options);
        Command.Result result = command.run(words, environment);
        List<String> lines =
                result.output().lines().filter(line -> !line.isBlank()).toList();
        boolean sound = result.status() == 0 || result.status() == INFOROM_CORRUPTED;
        return new Answer(lines, sound, describe(result));
    }

    private static String describe(Command.Result result) {
        String said = (result.output() + "\n" + result.errors())
                .lines()
                .filter(line -> !line.isBlank())
                .findFirst()
                .map(line -> Printable.cut(Printable.escape(line.strip()), LONGEST_QUOTE))
                .orElse("nothing");
        return "nvidia-smi said \"" + said + "\""
                + (result.status() == 0 ? "" : " (exit status " + result.status() + ")");
    }
}
