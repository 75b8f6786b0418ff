package gpuspool.posix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What this process got from whoever started it, of which a JVM leaves no trace: whoever it becomes gets the same. The launcher
 * tells, before there is a JVM.
 *
 * @param descriptors those it inherited, from 3 on
 * @param ignored signals it was to ignore: bit n - 1 for signal n
 * @param blocked signals that were blocked, in the same way
 * @param core what a dump of it would hold, as core(5) has it; empty text where that is not known
 */
public record Origin(Set<Integer> descriptors, long ignored, long blocked, String core) {
    /** Variables by which the launcher tells, where it knows that they are needed. */
    static final String DESCRIPTORS = "GPUSPOOL_STUB_FDS";

    static final String IGNORED = "GPUSPOOL_STUB_SIGIGN";
    static final String CORE = "GPUSPOOL_STUB_CORE";

    private static final int FIRST_OTHER = 3;
    private static final int HEX = 16;

    /** Where the launcher did not tell, nothing but the standard streams was inherited, and what is ignored now is all that was. */
    public static Origin of(Map<String, String> environment) throws IOException {
        Set<Integer> descriptors = new HashSet<>();
        for (String word : environment.getOrDefault(DESCRIPTORS, "").split(" ")) {
            if (isNumber(word) && Integer.parseInt(word) >= FIRST_OTHER) {
                descriptors.add(Integer.valueOf(word));
            }
        }
        String told = environment.get(IGNORED);
        long ignored = told == null || told.isEmpty() ? mask("self", "SigIgn") : Long.parseUnsignedLong(told, HEX);
        // The thread that the process began with only waits for the one that runs Java: nobody has changed what it
        // blocks.
        int pid = ProcFiles.ownPid();
        return new Origin(
                Set.copyOf(descriptors),
                ignored,
                mask("self/task/" + pid, "SigBlk"),
                environment.getOrDefault(CORE, ""));
    }

    private static boolean isNumber(String word) {
        boolean is = !word.isEmpty() && word.length() < 7;
        for (int i = 0; is && i < word.length(); i++) {
            is = word.charAt(i) >= '0' && word.charAt(i) <= '9';
        }
        return is;
    }

    /** A set of signals of a process or thread; proc_pid_status(5). */
    static long mask(String process, String name) throws IOException {
        String text = Files.readString(Path.of("/proc", process, "status"), StandardCharsets.ISO_8859_1);
        int at = text.indexOf("\n" + name + ":");
        if (at < 0) {
            throw new IOException("/proc/" + process + "/status has no " + name);
        }
        int end = text.indexOf('\n', at + 1);
        return Long.parseUnsignedLong(
                text.substring(at + name.length() + 2, end).strip(), HEX);
    }
}
