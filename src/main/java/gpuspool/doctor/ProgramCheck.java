package gpuspool.doctor;

import gpuspool.supervise.SupervisorText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether the programs are there that a supervisor runs, and the shell for jobs. */
final class ProgramCheck {
    static final String CHECK = "programs";

    private ProgramCheck() {}

    /**
     * Where each program is; empty for nowhere.
     *
     * @param bash the shell for job files that name none
     */
    record Facts(Optional<String> shell, Optional<String> setsid, Optional<String> mv, Optional<String> bash) {
        static Facts ofThisMachine() {
            return new Facts(
                    executable(SupervisorText.SHELL),
                    executable(SupervisorText.program("setsid")),
                    executable(SupervisorText.program("mv")),
                    executable("/bin/bash").or(() -> executable("/usr/bin/bash")));
        }

        private static Optional<String> executable(String path) {
            return Optional.of(path).filter(name -> name.startsWith("/") && Files.isExecutable(Path.of(name)));
        }
    }

    static List<Finding> judge(Facts facts) {
        List<Finding> findings = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        facts.shell.ifPresentOrElse(found -> {}, () -> missing.add(SupervisorText.SHELL));
        facts.setsid.ifPresentOrElse(found -> {}, () -> missing.add("setsid"));
        facts.mv.ifPresentOrElse(found -> {}, () -> missing.add("mv"));
        if (!missing.isEmpty()) {
            findings.add(Finding.problem(
                    CHECK,
                    "no job can run without " + String.join(", ", missing) + "; not found in /usr/bin or /bin",
                    "install a shell, util-linux (setsid) and coreutils (mv)"));
        }
        if (facts.bash.isEmpty()) {
            findings.add(Finding.note(CHECK, "no bash here: scripts without a #! line are run by /bin/sh"));
        }
        if (findings.isEmpty()) {
            findings.add(Finding.ok(
                    CHECK,
                    String.join(
                            " ",
                            List.of(
                                    facts.shell.orElse(""),
                                    facts.setsid.orElse(""),
                                    facts.mv.orElse(""),
                                    facts.bash.orElse("")))));
        }
        return findings;
    }
}
