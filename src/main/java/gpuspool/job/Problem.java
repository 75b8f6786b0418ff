package gpuspool.job;

import java.util.Comparator;

/**
 * One thing wrong with a file: where, what, and what its author can do about it.
 *
 * <p>Lines and columns count from 1, columns in characters (code points), as editors show them. The texts are made
 * safe to print: control characters and other invisible ones appear as escapes, whatever the file held.
 *
 * @param what what is wrong, without a full stop: {@code unknown key "gpu"}
 * @param todo what to do: {@code did you mean "gpus"?}
 */
public record Problem(int line, int column, String what, String todo) {

    static final Comparator<Problem> IN_FILE_ORDER =
            Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column);

    public Problem {
        if (line < 1 || column < 1) {
            throw new IllegalArgumentException("line and column count from 1: " + line + ":" + column);
        }
        what = Printable.escape(what);
        todo = Printable.escape(todo);
    }

    Problem(Place at, String what, String todo) {
        this(at.line(), at.column(), what, todo);
    }

    /** The whole message, as compilers write theirs: {@code exp1.toml:3:8: unknown key "gpu"; did you mean "gpus"?} */
    public String at(String file) {
        return Printable.escape(file) + ":" + line + ":" + column + ": " + what + "; " + todo;
    }
}
