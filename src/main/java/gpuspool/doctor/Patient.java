package gpuspool.doctor;

import gpuspool.config.HostName;
import gpuspool.config.Settings;
import gpuspool.config.SettingsReader;
import gpuspool.job.ShellWords;
import gpuspool.posix.LockPlace;
import gpuspool.posix.ProcFiles;
import gpuspool.posix.ProcessFacts;
import gpuspool.spool.Layout;
import gpuspool.spool.Looker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Who asks about which spool.
 *
 * @param place the spool as the caller named it
 * @param environment the caller's
 * @param user our user id
 * @param looker this host, under the name that counts, and its boot
 * @param version of this program
 * @param settings what holds, as far as it is understood
 */
record Patient(
        Path place, Map<String, String> environment, long user, Looker looker, String version, Settings settings) {

    /** Before its settings are read. */
    static Patient of(Path place, Map<String, String> environment, String version) throws IOException {
        long user = ProcessFacts.user(ProcessHandle.current().pid())
                .orElseThrow(() -> new IOException("/proc does not tell as which user this runs"));
        Looker looker = new Looker(HostName.current(), ProcFiles.bootId());
        return new Patient(place, environment, user, looker, version, Settings.DEFAULTS);
    }

    Patient with(Settings read) {
        Looker named = new Looker(read.host().orElse(looker.host()), looker.boot());
        return new Patient(place, environment, user, named, version, read);
    }

    SettingsReader settingsReader() {
        return new SettingsReader(environment, List.of(), looker.host());
    }

    /** Where the locks of a watcher started from here would be. */
    LockPlace.Seen locks() throws IOException {
        return LockPlace.foresee(settings.lockDir(), environment);
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
