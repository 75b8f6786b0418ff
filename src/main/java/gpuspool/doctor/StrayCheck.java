package gpuspool.doctor;

import gpuspool.spool.Layout;
import java.util.ArrayList;
import java.util.List;

/** What to say of the things that lie in a spool. */
final class StrayCheck {
    static final String CHECK = "contents";
    private static final int MOST_NAMES = 5;

    private StrayCheck() {}

    static List<Finding> judge(Strays strays, Layout places) {
        List<Finding> findings = new ArrayList<>();
        if (!strays.noIds().isEmpty()) {
            findings.add(Finding.problem(
                    CHECK,
                    count(strays.noIds().size(), "name") + " in running/ not made by gpuspool: " + some(strays.noIds()),
                    "move it out of " + Patient.quoted(places.running())));
        }
        for (String job : first(strays.unclear())) {
            findings.add(Finding.problem(
                    CHECK,
                    "needs attention: " + job,
                    "when you have seen what it is, move its directory from running/ to failed/: gpuspool show "
                            + job.substring(0, job.indexOf(':'))));
        }
        for (String job : first(strays.odd())) {
            findings.add(Finding.note(CHECK, job));
        }
        if (!strays.saved().isEmpty()) {
            findings.add(Finding.problem(
                    CHECK,
                    "job files in tmp/, kept from being tidied away: " + some(strays.saved()),
                    "what is still to run: mv -n " + Patient.quoted(places.tmp()) + "/NAME/FILE.job "
                            + Patient.quoted(places.incoming())));
        }
        addIncoming(strays, places, findings);
        if (strays.halfMade() > 0) {
            findings.add(Finding.note(
                    CHECK, count(strays.halfMade(), "thing") + " in tmp/; a watcher that starts tidies it"));
        }
        if (!strays.refused().isEmpty()) {
            findings.add(Finding.note(
                    CHECK,
                    count(strays.refused().size(), "request") + " in control/ refused: " + some(strays.refused()),
                    "tail -n 1 " + Patient.quoted(places.control()) + "/*.refused; then remove them"));
        }
        if (findings.isEmpty()) {
            findings.add(Finding.ok(CHECK, "nothing lies where it does not belong"));
        }
        return findings;
    }

    private static void addIncoming(Strays strays, Layout places, List<Finding> findings) {
        if (strays.empty() > 0) {
            findings.add(Finding.note(
                    CHECK,
                    count(strays.empty(), "empty job file")
                            + " in incoming/; such a file waits until something is in it",
                    "find " + Patient.quoted(places.incoming()) + " -empty"));
        }
        if (!strays.unfit().isEmpty()) {
            findings.add(Finding.problem(
                    CHECK,
                    "not regular files, so never taken, in incoming/: " + some(strays.unfit()),
                    "remove them, and copy what is to run there"));
        }
        if (!strays.noJobs().isEmpty()) {
            findings.add(Finding.note(
                    CHECK,
                    "no job files, so never taken, in incoming/: " + some(strays.noJobs()),
                    "a job file ends in .job or .toml: rename what is to run, remove the rest"));
        }
    }

    private static List<String> first(List<String> names) {
        return names.subList(0, Math.min(MOST_NAMES, names.size()));
    }

    private static String some(List<String> names) {
        int more = names.size() - MOST_NAMES;
        return String.join("; ", first(names)) + (more > 0 ? "; and " + more + " more" : "");
    }

    static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
