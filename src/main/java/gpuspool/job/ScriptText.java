package gpuspool.job;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * A script as text, to look for its {@code #!} line, its comments and its first command. What runs are its bytes; where
 * they are not UTF-8, this text has U+FFFD instead.
 */
final class ScriptText {

    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final char REPLACEMENT = '\uFFFD';

    private final boolean hasByteOrderMark;
    private final List<String> lines;
    private final OptionalInt firstCommand;

    /** For any bytes. */
    ScriptText(byte[] bytes) {
        this(new String(bytes, StandardCharsets.UTF_8));
    }

    ScriptText(String text) {
        hasByteOrderMark = text.startsWith(BYTE_ORDER_MARK);
        lines = List.of((hasByteOrderMark ? text.substring(1) : text).split("\n", -1));
        firstCommand = IntStream.range(0, lines.size())
                .filter(i -> isCommand(lines.get(i)))
                .findFirst();
    }

    /** Whether text that must be UTF-8 was not. */
    static boolean isDamaged(String text) {
        return text.indexOf(REPLACEMENT) >= 0;
    }

    /** All lines without their newline; line 1 is element 0. */
    List<String> lines() {
        return lines;
    }

    /** How many lines stand before the first command: blank ones and comments. */
    int headLength() {
        return firstCommand.orElse(lines.size());
    }

    boolean hasShebang() {
        return Shebang.isShebang(lines.get(0));
    }

    /** The interpreter that the {@code #!} line names; see {@link Shebang#interpreter}. */
    List<String> shebang() {
        return Shebang.interpreter(lines.get(0));
    }

    /** The first line that is neither blank nor a comment; empty if there is none. */
    String commandLine() {
        return firstCommand.isPresent() ? lines.get(firstCommand.getAsInt()) : "";
    }

    /**
     * What would keep the script from running as its author meant.
     *
     * @param fileName for a remedy that can be pasted
     */
    List<Problem> problems(String fileName) {
        for (int i = 0; i < lines.size(); i++) {
            int nul = lines.get(i).indexOf('\0');
            if (nul >= 0) {
                // Not text at all, or UTF-16: whatever else could be said of it would be noise.
                Place at = Place.inLine(i + 1, lines.get(i), nul);
                return List.of(new Problem(at, "has a NUL byte", "save it as UTF-8 text"));
            }
        }
        List<Problem> problems = new ArrayList<>();
        if (hasByteOrderMark) {
            problems.add(new Problem(Place.START, "begins with a byte order mark", "save it as UTF-8 without BOM"));
        }
        addShebangProblems(problems, fileName);
        addCommandProblems(problems, fileName);
        return problems;
    }

    private void addShebangProblems(List<Problem> problems, String fileName) {
        if (!hasShebang()) {
            IntStream.range(1, headLength())
                    .filter(i -> Shebang.isShebang(lines.get(i)))
                    .mapToObj(i -> new Problem(i + 1, 1, "#! counts only in line 1", "move it there"))
                    .forEach(problems::add);
        } else if (lines.get(0).endsWith("\r")) {
            problems.add(endsInCrLf(0, "#! line", fileName));
        } else {
            try {
                shebang();
            } catch (BadValueException bad) {
                problems.add(new Problem(Place.START, bad.what(), bad.todo()));
            }
        }
    }

    private void addCommandProblems(List<Problem> problems, String fileName) {
        boolean reported = hasShebang() && lines.get(0).endsWith("\r");
        if (firstCommand.isEmpty()) {
            problems.add(new Problem(Place.START, "has no command", "write one, for example: python train.py"));
        } else if (commandLine().endsWith("\r") && !reported) {
            problems.add(endsInCrLf(firstCommand.getAsInt(), "line", fileName));
        }
    }

    private Problem endsInCrLf(int index, String what, String fileName) {
        String line = lines.get(index);
        return new Problem(
                Place.inLine(index + 1, line, line.length() - 1),
                what + " ends in CR LF (written on Windows?)",
                "run dos2unix " + ShellWords.display(List.of(fileName)));
    }

    private static boolean isCommand(String line) {
        String stripped = line.strip();
        return !stripped.isEmpty() && !stripped.startsWith("#");
    }
}
