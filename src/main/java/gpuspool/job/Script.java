package gpuspool.job;

import java.util.Arrays;

/** The exact bytes of a script: what the private snapshot of a job holds. Immutable; equal when the bytes are. */
public final class Script {

    private final byte[] bytes;

    private Script(byte[] bytes) {
        this.bytes = bytes;
    }

    public static Script of(byte[] bytes) {
        return new Script(bytes.clone());
    }

    /** A copy of the bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Script script && Arrays.equals(bytes, script.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The size only, since a script may hold secrets and this ends up in logs. */
    @Override
    public String toString() {
        return "Script[" + bytes.length + " bytes]";
    }
}
