package gpuspool.doctor;

import gpuspool.config.Settings;
import gpuspool.job.ShellWords;
import gpuspool.spool.Layout;
import gpuspool.spool.Looker;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Who asks about which spool.
 *
 * @param place the spool as the caller named it
 * @param environment the caller's
 * @param user our user id
 * @param looker this host and its boot
 * @param version of this program
 * @param settings what a watcher started from here would hold to
 */
public record Patient(
        Path place, Map<String, String> environment, long user, Looker looker, String version, Settings settings) {

    /** The same, with these settings, which may give this host another name. */
    Patient with(Settings read) {
        Looker named = new Looker(read.host().orElse(looker.host()), looker.boot());
        return new Patient(place, environment, user, named, version, read);
    }

    /** {@code gpuspool VERB} for this spool, to paste. */
    String command(String verb) {
        return "gpuspool " + verb + " --spool " + quoted(place.toAbsolutePath().normalize());
    }

    /** A path in a line to paste. */
    static String quoted(Path path) {
        return ShellWords.display(List.of(path.toString()));
    }

    /** The directories of a spool, in the order of {@code spool-layout.md}, section 1. */
    static List<Path> directories(Layout places) {
        return List.of(
                places.incoming(),
                places.held(),
                places.running(),
                places.done(),
                places.failed(),
                places.control(),
                places.hosts(),
                places.tmp());
    }
}
