package gpuspool.job;

/** A place in a text; line and column count from 1, columns in code points. */
public record Place(int line, int column) {

    /** Where every text begins. */
    public static final Place START = new Place(1, 1);

    /** The place of {@code text.charAt(offset)} where {@code text} is the whole of line {@code line}. */
    static Place inLine(int line, String text, int offset) {
        return new Place(line, text.codePointCount(0, offset) + 1);
    }
}
