package gpuspool.job;

import java.util.List;

/**
 * The {@code #!} line, read as the Linux kernel reads it: a program, then at most one argument, which is all the rest
 * of the line without blanks at its ends.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/execve.2.html">execve(2), Interpreter scripts</a>
 */
final class Shebang {

    private static final String MARK = "#!";

    private Shebang() {}

    static boolean isShebang(String line) {
        return line.startsWith(MARK);
    }

    /**
     * Program and argument of a line that {@link #isShebang}.
     *
     * @throws BadValueException if it names no program, or not by an absolute path
     */
    static List<String> interpreter(String line) {
        String rest = line.substring(MARK.length()).strip();
        if (rest.isEmpty()) {
            throw new BadValueException("#! names no program", "write for example #!/bin/bash");
        }
        if (ScriptText.isDamaged(rest)) {
            throw new BadValueException("the #! line is not UTF-8", "save it as UTF-8");
        }
        String[] parts = rest.split("[ \t]+", 2);
        if (!parts[0].startsWith("/")) {
            String name = parts[0].substring(parts[0].lastIndexOf('/') + 1);
            throw new BadValueException(
                    "#! program " + Printable.quote(parts[0]) + " is not an absolute path",
                    "write for example #!/usr/bin/env " + (name.isEmpty() ? "bash" : Printable.cut(name, 60)));
        }
        return List.of(parts);
    }
}
