package gpuspool.doctor;

import gpuspool.posix.FailureText;
import gpuspool.posix.Mount;
import gpuspool.posix.NativeCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether kernel, C library and the bridge to them (JNA) are what is needed. */
final class NativeCheck {
    static final String CHECK = "system";
    private static final int[] KERNEL = {5, 3};
    private static final int[] GLIBC = {2, 29};

    private NativeCheck() {}

    /**
     * What this machine is.
     *
     * @param trouble what keeps the C library from being called
     * @param musl whether the C library is musl
     * @param unpack where JNA may unpack its library, and what is wrong with each place
     * @param glibc its version; empty where it cannot be asked
     * @param pidFd what the kernel answered to pidfd_open; empty where it worked or could not be asked
     */
    record Facts(
            String kernel,
            String architecture,
            Optional<String> trouble,
            boolean musl,
            List<String> unpack,
            Optional<String> glibc,
            Optional<String> pidFd) {

        static Facts of(Optional<String> trouble, Map<String, String> environment, List<Mount> mounts)
                throws IOException {
            Optional<String> pidFd = Optional.empty();
            if (trouble.isEmpty()) {
                try {
                    NativeCode.tryPidFd();
                } catch (IOException e) {
                    pidFd = Optional.of(FailureText.of(e));
                }
            }
            return new Facts(
                    System.getProperty("os.version"),
                    System.getProperty("os.arch"),
                    trouble,
                    NativeCode.isMusl(),
                    unpackTroubles(environment, mounts),
                    trouble.isEmpty() ? NativeCode.glibcVersion() : Optional.empty(),
                    pidFd);
        }
    }

    private static List<String> unpackTroubles(Map<String, String> environment, List<Mount> mounts) {
        List<String> troubles = new ArrayList<>();
        for (Path place : NativeCode.unpackPlaces(environment)) {
            Path there = place.toAbsolutePath().normalize();
            while (!Files.exists(there)) {
                there = there.getParent();
            }
            if (!Files.isWritable(there)) {
                troubles.add(place + " cannot be written");
            } else if (Mount.under(mounts, there)
                    .filter(mount -> mount.has("noexec"))
                    .isPresent()) {
                troubles.add(place + " is mounted noexec");
            }
        }
        return troubles;
    }

    static List<Finding> judge(Facts facts) {
        List<Finding> findings = new ArrayList<>();
        facts.trouble.ifPresent(answer -> findings.add(unloadable(facts, answer)));
        if (isBelow(facts.kernel, KERNEL)) {
            findings.add(Finding.problem(
                    CHECK, "Linux " + facts.kernel + "; it must be 5.3 or later", "use a newer system"));
        }
        facts.pidFd.ifPresent(answer -> findings.add(Finding.problem(
                CHECK,
                "processes cannot be watched by pidfd; " + answer,
                "a container's seccomp profile may forbid it: allow pidfd_open and pidfd_send_signal")));
        if (facts.glibc.isPresent() && isBelow(facts.glibc.get(), GLIBC)) {
            findings.add(Finding.problem(
                    CHECK,
                    "glibc " + facts.glibc.get() + "; it must be 2.29 or later",
                    "use a newer system, or a container of one"));
        }
        if (findings.isEmpty()) {
            findings.add(Finding.ok(
                    CHECK,
                    "Linux " + facts.kernel + " on " + facts.architecture
                            + facts.glibc.map(version -> ", glibc " + version).orElse("")
                            + "; the C library can be called"));
        }
        return findings;
    }

    private static Finding unloadable(Facts facts, String answer) {
        String firstLine = answer.lines().findFirst().orElse("no reason given");
        String what = "the C library cannot be called by JNA, so no watcher can run; " + firstLine;
        if (facts.musl) {
            return Finding.problem(CHECK, what, "this is a musl system: use a system or a container with glibc");
        }
        if (!List.of("amd64", "aarch64").contains(facts.architecture)) {
            return Finding.problem(CHECK, what, "use a machine of x86-64 or aarch64; this is " + facts.architecture);
        }
        String places = facts.unpack.isEmpty() ? "" : " (" + String.join(", ", facts.unpack) + ")";
        return Finding.problem(
                CHECK,
                what,
                "JNA unpacks a part of itself into $XDG_CACHE_HOME, else ~/.cache, else /tmp" + places
                        + ": set XDG_CACHE_HOME to a directory that can be written and is not mounted noexec");
    }

    /** Whether a version that begins with numbers and dots is below another; one that does not is not known to be. */
    private static boolean isBelow(String version, int[] least) {
        String[] parts = version.split("[^0-9]", -1);
        for (int i = 0; i < least.length; i++) {
            if (i >= parts.length || parts[i].isEmpty()) {
                return false;
            }
            int number = Integer.parseInt(parts[i]);
            if (number != least[i]) {
                return number < least[i];
            }
        }
        return false;
    }
}
