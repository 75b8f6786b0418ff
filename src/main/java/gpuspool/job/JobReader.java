package gpuspool.job;

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
        return fileName.endsWith(".toml")
                ? new TomlJobReader(fileName, defaults).read(bytes)
                : new ScriptJobReader(fileName, defaults).read(bytes);
    }
}
