package gpuspool.job;

import java.util.ArrayList;
import java.util.List;

/**
 * A {@code #SBATCH} line of a script, cut into words as sbatch does it: at blanks; quotes hold a part of a word
 * together wherever they stand, a backslash takes the next character as it is, and {@code #} outside quotes begins a
 * comment.
 */
final class SbatchLine {
    private static final String MARK = "#SBATCH";

    /** Far more than people write, and little enough to be read at once. */
    private static final int LONGEST = 10_000;

    private final int number;
    private final String line;
    private final List<Word> words = new ArrayList<>();
    private StringBuilder text = new StringBuilder();
    private List<Integer> columns = new ArrayList<>();
    private int start;
    /** Whether a word has begun: quotes without anything between them are a word, too. */
    private boolean inWord;

    private SbatchLine(int number, String line) {
        this.number = number;
        this.line = line;
    }

    /**
     * A word without its quotes.
     *
     * @param start column of its first character, be that a quote
     * @param columns in which each character of the text stood
     */
    record Word(int line, String text, int start, List<Integer> columns) {
        Place at() {
            return new Place(line, start);
        }

        /** The place of a character, or of what would come behind the last. */
        Place at(int index) {
            return new Place(line, index < columns.size() ? columns.get(index) : columns.get(columns.size() - 1) + 1);
        }
    }

    /** Only this spelling, only in column 1; what follows at once may be a blank or an option. */
    static boolean isSbatchLine(String line) {
        if (!line.startsWith(MARK)) {
            return false;
        }
        return line.length() == MARK.length()
                || line.charAt(MARK.length()) == '-'
                || Character.isWhitespace(line.charAt(MARK.length()));
    }

    /** The words of a line that {@link #isSbatchLine}; none after a problem was noted. */
    static List<Word> words(int number, String line, Problems problems) {
        if (line.length() > LONGEST) {
            problems.add(
                    new Place(number, 1), "the #SBATCH line is longer than " + LONGEST + " characters", "split it");
            return List.of();
        }
        return new SbatchLine(number, line).cut(problems);
    }

    private List<Word> cut(Problems problems) {
        char quote = 0;
        int quotedAt = 0;
        boolean escaped = false;
        int column = MARK.length();
        for (int i = MARK.length(); i < line.length(); i++) {
            char c = line.charAt(i);
            column += Character.isLowSurrogate(c) ? 0 : 1;
            if (escaped) {
                take(c, column);
                escaped = false;
            } else if (c == '\\') {
                escaped = true;
            } else if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    take(c, column);
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
                quotedAt = column;
                beginWord(column);
            } else if (c == '#') {
                break;
            } else if (Character.isWhitespace(c)) {
                endWord();
            } else {
                take(c, column);
            }
        }
        endWord();
        if (quote != 0) {
            problems.add(new Place(number, quotedAt), "a quote that does not end", "close it");
            return List.of();
        }
        return checked(problems);
    }

    private void beginWord(int column) {
        start = inWord ? start : column;
        inWord = true;
    }

    private void take(char c, int column) {
        beginWord(column);
        text.append(c);
        columns.add(column);
    }

    private void endWord() {
        if (inWord) {
            words.add(new Word(number, text.toString(), start, List.copyOf(columns)));
        }
        text = new StringBuilder();
        columns = new ArrayList<>();
        inWord = false;
    }

    private List<Word> checked(Problems problems) {
        for (Word word : words) {
            if (ScriptText.isDamaged(word.text())) {
                problems.add(word.at(), "the #SBATCH line is not UTF-8", "save it as UTF-8");
                return List.of();
            }
            if (word.text().indexOf('\0') >= 0) {
                return List.of(); // Told of the file as a whole.
            }
        }
        return words;
    }
}
