package gpuspool.job;

import java.util.Optional;

/**
 * Reads job files. Whatever the bytes are, the answer is a {@link JobFile}, never an exception: what is dropped into a
 * spool comes from anybody.
 */
public final class JobReader {

    private JobReader() {}

    /**
     * Reads a job file of either kind.
     *
     * @param fileName its last part only; one that ends in {@code .toml} is TOML, every other a script
     * @param bytes the whole file; not kept
     */
    public static JobFile read(String fileName, byte[] bytes, JobDefaults defaults) {
        return isToml(fileName)
                ? new TomlJobReader(fileName, defaults).read(bytes)
                : new ScriptJobReader(fileName, defaults).read(bytes);
    }

    /**
     * Reads the file of a sweep, to write its members; empty for any other file.
     *
     * @param fileName as for {@link #read}
     */
    public static Optional<SweepFile> readSweep(String fileName, byte[] bytes, JobDefaults defaults) {
        if (isToml(fileName)) {
            TomlJobReader reader = new TomlJobReader(fileName, defaults);
            return reader.read(bytes) instanceof JobFile.Valid valid
                    ? reader.sweepFile(valid.spec())
                    : Optional.empty();
        }
        ScriptJobReader reader = new ScriptJobReader(fileName, defaults);
        return reader.read(bytes) instanceof JobFile.Valid valid ? reader.sweepFile(valid.spec()) : Optional.empty();
    }

    private static boolean isToml(String fileName) {
        return fileName.endsWith(".toml");
    }
}
