package gpuspool.doctor;

import gpuspool.posix.Mount;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Whether the process table can be seen: by it a job's processes are found. */
final class ProcCheck {
    static final String CHECK = "processes";
    private static final Path PROC = Path.of("/proc");

    private ProcCheck() {}

    static boolean isMounted() {
        return Files.isReadable(PROC.resolve("self/mountinfo"));
    }

    static Finding notMounted() {
        return Finding.problem(
                CHECK,
                "/proc is not mounted: no process can be seen, and nothing else be asked",
                "as root: mount -t proc proc /proc");
    }

    static Finding judge(List<Mount> mounts) {
        return Mount.under(mounts, PROC).stream()
                .flatMap(mount -> mount.options().stream())
                .filter(option -> option.startsWith("hidepid=") && !option.endsWith("=0") && !option.endsWith("=off"))
                .findFirst()
                .map(option -> Finding.note(
                        CHECK,
                        "/proc shows you only your own processes (" + option
                                + "): those of others that use a card stay unseen"))
                .orElseGet(() -> Finding.ok(CHECK, "/proc shows all processes"));
    }
}
