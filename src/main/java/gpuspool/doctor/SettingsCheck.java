package gpuspool.doctor;

import gpuspool.config.Settings;
import gpuspool.config.SettingsRead;
import gpuspool.config.SettingsReader;
import gpuspool.posix.FailureText;
import gpuspool.posix.FileFacts;
import gpuspool.spool.Fs;
import gpuspool.spool.Layout;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether the settings are understood: a watcher does not start with others. */
final class SettingsCheck {
    static final String CHECK = "settings";

    private SettingsCheck() {}

    /** @param places empty where there is no spool; the environment counts all the same */
    static SettingsRead read(SettingsReader reader, Optional<Layout> places, Fs fs) {
        if (places.isEmpty()) {
            return reader.read(new byte[0]);
        }
        Path file = places.get().settings();
        try {
            if (fs.look(file).isEmpty()) {
                return reader.read(new byte[0]);
            }
            FileFacts facts = fs.look(file.toRealPath()).orElseThrow(() -> new NoSuchFileException(file.toString()));
            // Anything else may keep whoever opens it waiting for ever.
            if (!facts.isRegular()) {
                return reader.unreadable("is " + facts.kind(), "make it a regular file, or remove it");
            }
            return facts.size() > Settings.LARGEST_FILE
                    ? reader.unreadable("is " + facts.size() + " bytes", "make it smaller")
                    : reader.read(fs.read(file, Settings.LARGEST_FILE));
        } catch (IOException e) {
            return reader.unreadable(
                    "cannot be read: " + FailureText.of(e), "make it readable for the user who runs the watcher");
        }
    }

    static List<Finding> judge(SettingsRead read, Patient patient) {
        List<Finding> findings = new ArrayList<>();
        for (SettingsRead.Mistake mistake : read.mistakes()) {
            String where = mistake.source()
                    + (mistake.inFile()
                            ? ":" + mistake.problem().line() + ":"
                                    + mistake.problem().column()
                            : "");
            findings.add(Finding.problem(
                    CHECK,
                    where + ": " + mistake.problem().what(),
                    mistake.problem().todo() + "; all that can be set: " + patient.command("check") + " --settings"));
        }
        if (findings.isEmpty()) {
            findings.add(Finding.ok(
                    CHECK,
                    read.origins().isEmpty()
                            ? "all at their defaults"
                            : StrayCheck.count(read.origins().size(), "setting") + " given, and understood"));
        }
        return findings;
    }
}
