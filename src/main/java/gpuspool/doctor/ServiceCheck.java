package gpuspool.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether systemd would kill the jobs when it restarts the watcher. */
final class ServiceCheck {
    static final String CHECK = "service";
    private static final String KEY = "KillMode=";

    private ServiceCheck() {}

    /** The systemd unit that a process was started by; empty for none. */
    static Optional<String> unit(Map<String, String> groups) {
        String group = groups.getOrDefault("name=systemd", groups.getOrDefault("", "/"));
        group = group.equals("/") ? groups.getOrDefault("", "/") : group;
        String last = group.substring(group.lastIndexOf('/') + 1);
        // A session of a user is a .scope; user@1000.service is the manager of all of a user's own.
        return last.endsWith(".service") && !last.startsWith("user@") ? Optional.of(last) : Optional.empty();
    }

    /**
     * How the unit's files set {@code KillMode}; the later ones win, and those beside a unit win over it.
     *
     * @param places where units lie, those that count less first
     * @return empty where no file of the unit was found
     */
    static Optional<String> killMode(String unit, List<Path> places) throws IOException {
        Optional<String> mode = Optional.empty();
        List<Path> files = new ArrayList<>();
        places.forEach(place -> files.add(place.resolve(unit)));
        for (Path place : places) {
            files.addAll(dropIns(place.resolve(unit + ".d")));
        }
        for (Path file : files) {
            if (Files.isRegularFile(file) && Files.isReadable(file)) {
                mode = mode.or(() -> Optional.of("control-group"));
                for (String line :
                        Files.readString(file, StandardCharsets.ISO_8859_1).split("\n", -1)) {
                    mode = line.startsWith(KEY)
                            ? Optional.of(line.substring(KEY.length()).strip())
                            : mode;
                }
            }
        }
        return mode;
    }

    private static List<Path> dropIns(Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "*.conf")) {
            entries.forEach(files::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        } catch (NoSuchFileException e) {
            return files;
        }
        Collections.sort(files);
        return files;
    }

    static List<Path> places(Map<String, String> environment) {
        String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
        return List.of(
                Path.of("/usr/lib/systemd/user"),
                Path.of("/etc/systemd/user"),
                Path.of(home, ".config/systemd/user"),
                Path.of("/usr/lib/systemd/system"),
                Path.of("/lib/systemd/system"),
                Path.of("/run/systemd/system"),
                Path.of("/etc/systemd/system"));
    }

    static Finding judge(String unit, Optional<String> killMode) {
        if (killMode.isEmpty()) {
            return Finding.note(
                    CHECK,
                    "the watcher is the service " + unit + ", whose files were not found: with another KillMode than"
                            + " process, stopping it kills the jobs",
                    "systemctl show -p KillMode " + unit);
        }
        String mode = killMode.get();
        return mode.equals("process") || mode.equals("none")
                ? Finding.ok(CHECK, "stopping " + unit + " leaves the jobs alone (KillMode=" + mode + ")")
                : Finding.problem(
                        CHECK,
                        "stopping or restarting " + unit + " kills the jobs; its KillMode is " + mode,
                        "systemctl edit " + unit + ", and write there: [Service], and below it KillMode=process");
    }
}
