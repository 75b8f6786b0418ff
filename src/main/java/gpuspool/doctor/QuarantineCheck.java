package gpuspool.doctor;

import gpuspool.spool.Fs;
import gpuspool.spool.Layout;
import gpuspool.spool.QuarantineFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Which cards will get no job, where no watcher tells of them by itself. */
final class QuarantineCheck {
    static final String CHECK = "cards";

    private QuarantineCheck() {}

    /** The quarantines of hosts whose watcher, as far as is known, does not live. */
    static SortedMap<String, List<QuarantineFile.Row>> of(
            Layout places, List<WatcherCheck.Host> hosts, WatcherCheck.Here here, Fs fs) throws IOException {
        SortedMap<String, List<QuarantineFile.Row>> found = new TreeMap<>();
        for (WatcherCheck.Host host : hosts) {
            if (!host.mayLive(here)) {
                String name = host.note().host();
                found.put(name, new QuarantineFile(places, name, fs).read());
            }
        }
        return found;
    }

    static List<Finding> judge(SortedMap<String, List<QuarantineFile.Row>> found, Path spool) {
        List<Finding> findings = new ArrayList<>();
        found.forEach((host, rows) -> {
            for (QuarantineFile.Row row : rows) {
                Path request = spool.resolve("control").resolve(row.card().replace('/', '_') + ".ok");
                findings.add(Finding.problem(
                        CHECK,
                        "GPU " + row.card() + " of " + host + " is in quarantine, and gets no job: "
                                + (row.reason().isEmpty() ? "no reason is noted" : row.reason()),
                        "when it is repaired: touch " + Patient.quoted(request)));
            }
        });
        return findings;
    }
}
