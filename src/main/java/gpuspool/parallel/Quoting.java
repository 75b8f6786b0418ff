package gpuspool.parallel;

import java.util.regex.Pattern;

/** An argument as a word of the shell, in the very spelling of GNU parallel: its joblog has commands in it. */
final class Quoting {
    private static final Pattern PLAIN = Pattern.compile("[-_.+A-Za-z0-9/]+");
    private static final String EMPTY = "''";

    private Quoting() {}

    static String quote(String argument) {
        if (PLAIN.matcher(argument).matches()) {
            return argument;
        }
        if (argument.isEmpty()) {
            return EMPTY;
        }
        String quoted = "'" + argument.replace("'", "'\"'\"'") + "'";
        quoted = quoted.startsWith(EMPTY) ? quoted.substring(EMPTY.length()) : quoted;
        return quoted.endsWith(EMPTY) ? quoted.substring(0, quoted.length() - EMPTY.length()) : quoted;
    }
}
