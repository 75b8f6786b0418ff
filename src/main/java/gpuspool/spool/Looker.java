package gpuspool.spool;

/**
 * Who looks at a spool: only about its own host, in this boot, can a reader ask the kernel whether a process lives.
 *
 * @param host as it stands in ids
 * @param boot the kernel's boot id
 */
public record Looker(String host, String boot) {}
