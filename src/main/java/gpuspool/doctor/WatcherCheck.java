package gpuspool.doctor;

import static gpuspool.doctor.StrayCheck.count;

import gpuspool.posix.MachineId;
import gpuspool.spool.HostNote;
import gpuspool.spool.Layout;
import gpuspool.spool.Looker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who watches, and whether what runs is looked after. */
final class WatcherCheck {
    static final String CHECK = "watchers";
    private static final int MOST_LINES = 10;

    private WatcherCheck() {}

    /**
     * One host that has, or had, a watcher.
     *
     * @param livesHere whether its watcher is a process of this machine that lives
     * @param attention what it wants the operator to know
     * @param machine which machine watched under that name last
     */
    record Host(HostNote note, boolean livesHere, List<String> attention, Optional<String> machine) {
        static List<Host> readAll(Layout places, Looker looker) throws IOException {
            List<Host> hosts = new ArrayList<>();
            for (HostNote note : HostNote.readAll(places, looker)) {
                hosts.add(new Host(
                        note,
                        note.livesIn(looker.boot()),
                        note.attention().stream().limit(MOST_LINES).toList(),
                        note.machine()));
            }
            return hosts;
        }

        boolean isKnown() {
            return !note.watcher().facts().isEmpty();
        }

        /** Whether it was this machine, under another name. */
        boolean isUnderOldName(Here here) {
            return !livesHere
                    && !note.host().equals(here.host())
                    && here.machine.isPresent()
                    && here.machine.equals(machine);
        }

        /** Another machine's cannot be asked from here, and counts as living. */
        boolean mayLive(Here here) {
            return livesHere || isKnown() && !note.host().equals(here.host()) && !isUnderOldName(here);
        }

        /** Its process id, where {@link #livesHere}. */
        long pid() {
            return note.watcher().number("pid").orElseThrow();
        }

        Optional<Path> lockDirectory() {
            return note.watcher().get("lockdir").map(Path::of);
        }
    }

    /**
     * Us, to be compared with.
     *
     * @param machine what {@code hosts/HOST/watcher} calls this machine; empty where that is not known
     * @param locks the lock directory that a watcher started from here would use, its real path
     */
    record Here(Patient patient, Optional<String> machine, Path locks) {
        static Here of(Patient patient) throws IOException {
            Path locks = patient.locks().directory();
            return new Here(patient, MachineId.current(), Files.exists(locks) ? locks.toRealPath() : locks);
        }

        String host() {
            return patient.looker().host();
        }
    }

    static List<Finding> judge(List<Host> hosts, Strays strays, Here here) {
        List<Finding> findings = new ArrayList<>();
        for (Host host : hosts) {
            if (host.isKnown() || host.isUnderOldName(here)) {
                judge(host, strays, here, findings);
            }
        }
        addUnwatched(hosts, strays, here, findings);
        return findings;
    }

    private static void judge(Host host, Strays strays, Here here, List<Finding> findings) {
        String name = host.note.host();
        if (host.livesHere) {
            findings.add(Finding.ok(CHECK, "watcher on " + name + facts(host.note)));
            compare(host, here, findings);
        } else if (name.equals(here.host())) {
            findings.add(Finding.note(
                    CHECK,
                    "the last watcher of this machine was killed, or went down with it" + facts(host.note)
                            + "; its jobs are not lost",
                    here.patient.command("watch")));
        } else if (host.isUnderOldName(here)) {
            findings.add(renamed(name, strays.running().getOrDefault(name, 0), here));
        } else {
            findings.add(Finding.ok(
                    CHECK, "watcher on " + name + facts(host.note) + " (so it wrote; cannot be asked from here)"));
        }
        boolean current = host.livesHere || !name.equals(here.host());
        for (String line : current ? host.attention : List.<String>of()) {
            findings.add(
                    Finding.problem(CHECK, "the watcher on " + name + " says: " + line, "what it says, on " + name));
        }
    }

    private static String facts(HostNote note) {
        return ": pid " + note.watcher().get("pid").orElse("?") + ", since "
                + note.watcher().get("since").orElse("?") + ", version "
                + note.watcher().get("version").orElse("?") + ", "
                + cards(note);
    }

    private static void compare(Host host, Here here, List<Finding> findings) {
        String version = host.note.watcher().get("version").orElse("?");
        if (!version.equals(here.patient.version())) {
            findings.add(Finding.note(
                    CHECK,
                    "that watcher is version " + version + ", and this program " + here.patient.version(),
                    "start it anew: kill " + host.note.watcher().get("pid").orElse("PID") + ", then "
                            + here.patient.command("watch") + "; jobs run on"));
        }
        host.lockDirectory()
                .filter(locks -> !locks.equals(here.locks))
                .ifPresent(locks -> findings.add(Finding.problem(
                        CHECK,
                        "that watcher's locks are in " + locks + "; one started from here would have them in "
                                + here.locks + ", and two watchers could give one card to two jobs",
                        "export GPUSPOOL_LOCK_DIR=" + Patient.quoted(locks))));
    }

    private static Finding renamed(String name, int jobs, Here here) {
        String what = "this machine once watched under the name " + name + " and is " + here.host() + " now";
        return jobs == 0
                ? Finding.note(CHECK, what + "; nothing of that name is left in running/")
                : Finding.problem(
                        CHECK,
                        what + "; " + count(jobs, "job") + " of that name in running/, looked after by nobody",
                        "GPUSPOOL_HOST=" + Patient.quoted(Path.of(name)) + " " + here.patient.command("watch"));
    }

    private static void addUnwatched(List<Host> hosts, Strays strays, Here here, List<Finding> findings) {
        List<String> toldOf = hosts.stream()
                .filter(host -> host.mayLive(here) || host.isUnderOldName(here))
                .map(host -> host.note.host())
                .toList();
        strays.running().forEach((host, jobs) -> {
            if (!toldOf.contains(host)) {
                findings.add(Finding.problem(
                        CHECK,
                        count(jobs, "job") + " of " + host + " in running/, and no watcher there: nobody looks after "
                                + (jobs == 1 ? "it" : "them"),
                        host.equals(here.host())
                                ? here.patient.command("watch")
                                : "on " + host + ": " + here.patient.command("watch")));
            }
        });
        if (hosts.stream().anyMatch(host -> host.mayLive(here))) {
            return;
        }
        findings.add(
                strays.queued() > 0
                        ? Finding.problem(
                                CHECK,
                                "no watcher, and " + count(strays.queued(), "job") + " in incoming/: nothing starts",
                                here.patient.command("watch"))
                        : Finding.note(CHECK, "no watcher: nothing starts", here.patient.command("watch")));
    }

    private static String cards(HostNote note) {
        if (!note.knowsDevices()) {
            return "cards not known";
        }
        return note.devices().isEmpty() ? "no cards" : "cards " + String.join(" ", note.devices());
    }
}
