package gpuspool.job;

import java.math.BigInteger;
import java.util.List;

/** A value as it stood in a file, with its place; no check was made yet. */
public sealed interface Value {

    Place at();

    /** For messages: {@code the string "2"}, {@code an integer}. */
    String kind();

    record Text(String text, Place at) implements Value {
        @Override
        public String kind() {
            return "the string " + Printable.quote(text);
        }
    }

    /** {@code written}: as it stands in the file, {@code 1_000} for example. */
    record Whole(BigInteger number, String written, Place at) implements Value {
        /** Of one that was written in the common way. */
        public Whole(BigInteger number, Place at) {
            this(number, number.toString(), at);
        }

        @Override
        public String kind() {
            return "an integer";
        }
    }

    record Array(List<Value> elements, Place at) implements Value {
        @Override
        public String kind() {
            return "an array";
        }
    }

    record Table(List<Entry> entries, Place at) implements Value {
        @Override
        public String kind() {
            return "a table";
        }
    }

    /** A float, a boolean, a date or time: of use only as it is written. */
    record Other(String kind, String written, Place at) implements Value {}

    /** One key of a table with its value; {@code at} is where the key stands. */
    record Entry(String name, Place at, Value value) {}
}
