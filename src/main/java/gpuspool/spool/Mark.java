package gpuspool.spool;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The one file in a job directory whose name tells how far the job has come, and what the supervisor wrote into it.
 *
 * @param kind by its name
 * @param exitCode from the name {@code exit.N}, else from a whole line {@code exit=N end}
 * @param pid the supervisor's process id as it wrote it
 * @param begun whether the script was about to be executed: the line {@code go}
 * @param jobPid the job's own process id, where the supervisor could tell it
 */
public record Mark(Kind kind, OptionalInt exitCode, OptionalInt pid, boolean begun, OptionalInt jobPid) {
    public static final String TOKEN = "token";
    public static final String STARTED = "started";
    public static final String EXIT = "exit.";
    /** Its cards were taken over by the process that they are for, by itself. */
    public static final String FOREGROUND = "foreground";
    /** Of a sweep: it holds no card, and its members are released one after the other. */
    public static final String GROUP = "group";

    /** Room for the supervisor's words: writing the ending then needs no new block, also on a full disk. */
    public static final int ROOM = 512;

    /** Far above what the supervisor and its shell ever have to say. */
    public static final int LARGEST = 64 * 1024;

    private static final int HIGHEST_CODE = 255;

    /** What the mark's name says. {@code SEVERAL}: more than one mark, which no step of ours makes. */
    public enum Kind {
        NONE,
        TOKEN,
        STARTED,
        FOREGROUND,
        GROUP,
        EXIT,
        SEVERAL
    }

    /** 512 blanks. */
    public static byte[] blank() {
        return " ".repeat(ROOM).getBytes(StandardCharsets.US_ASCII);
    }

    /** The name of the mark among the names of a directory; empty where there is none or more than one. */
    public static Optional<String> nameIn(List<String> names) {
        return count(names) == 1 ? Optional.of(lastOf(names)) : Optional.empty();
    }

    private static int count(List<String> names) {
        int count = 0;
        for (String name : names) {
            count += isMark(name) ? 1 : 0;
        }
        return count;
    }

    private static String lastOf(List<String> names) {
        String last = "";
        for (String name : names) {
            last = isMark(name) ? name : last;
        }
        return last;
    }

    static boolean isMark(String name) {
        return name.equals(TOKEN)
                || name.equals(STARTED)
                || name.equals(FOREGROUND)
                || name.equals(GROUP)
                || codeInName(name).isPresent();
    }

    /** The code in {@code exit.N}; the whole of the name is decided by it, {@code exit.3x} is not a mark. */
    public static OptionalInt codeInName(String name) {
        return name.startsWith(EXIT) ? code(name.substring(EXIT.length())) : OptionalInt.empty();
    }

    public static Mark parse(List<String> names, byte[] content) {
        int count = count(names);
        if (count != 1) {
            Kind kind = count == 0 ? Kind.NONE : Kind.SEVERAL;
            return new Mark(kind, OptionalInt.empty(), OptionalInt.empty(), false, OptionalInt.empty());
        }
        String name = lastOf(names);
        OptionalInt inName = codeInName(name);
        Kind kind = kind(name);
        OptionalInt exit = inName;
        OptionalInt pid = OptionalInt.empty();
        OptionalInt jobPid = OptionalInt.empty();
        boolean begun = false;
        for (String line : wholeLines(content)) {
            if (line.startsWith("pid=")) {
                pid = number(line.substring("pid=".length()));
            } else if (line.equals("go") || line.startsWith("go ")) {
                begun = true;
                jobPid = number(line.substring("go".length()).strip());
            } else if (line.startsWith("exit=") && line.endsWith(" end") && exit.isEmpty()) {
                exit = code(line.substring("exit=".length(), line.length() - " end".length()));
            }
        }
        return new Mark(kind, exit, pid, begun, jobPid);
    }

    private static Kind kind(String mark) {
        return switch (mark) {
            case TOKEN -> Kind.TOKEN;
            case STARTED -> Kind.STARTED;
            case FOREGROUND -> Kind.FOREGROUND;
            case GROUP -> Kind.GROUP;
            default -> Kind.EXIT;
        };
    }

    private static List<String> wholeLines(byte[] content) {
        String text = new String(content, StandardCharsets.UTF_8);
        int end = text.lastIndexOf('\n');
        return end < 0 ? List.of() : List.of(text.substring(0, end).split("\n"));
    }

    private static OptionalInt code(String digits) {
        OptionalInt code = number(digits);
        boolean canonical =
                code.isPresent() && Integer.toString(code.getAsInt()).equals(digits);
        return canonical && code.getAsInt() <= HIGHEST_CODE ? code : OptionalInt.empty();
    }

    private static OptionalInt number(String digits) {
        boolean plain = !digits.isEmpty() && digits.length() <= 9;
        for (int i = 0; plain && i < digits.length(); i++) {
            plain = digits.charAt(i) >= '0' && digits.charAt(i) <= '9';
        }
        return plain ? OptionalInt.of(Integer.parseInt(digits)) : OptionalInt.empty();
    }
}
