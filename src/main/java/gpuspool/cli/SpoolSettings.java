package gpuspool.cli;

import gpuspool.config.HostName;
import gpuspool.config.SettingOption;
import gpuspool.config.Settings;
import gpuspool.config.SettingsRead;
import gpuspool.config.SettingsReader;
import gpuspool.spool.Layout;
import gpuspool.spool.SettingsFile;
import gpuspool.watch.SettingsReload;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The settings of a spool as they are when a command begins. */
record SpoolSettings(SettingsReader reader, SettingsFile.Outcome file, SettingsRead read) {
    static SpoolSettings of(Layout places, Map<String, String> environment, List<SettingOption> options)
            throws IOException {
        SettingsReader reader = new SettingsReader(environment, options, HostName.current());
        SettingsFile.Outcome file = new SettingsFile(places, Settings.LARGEST_FILE, false).read();
        return new SpoolSettings(reader, file, SettingsReload.understand(file, reader));
    }

    /** Without any option. */
    static SettingsRead read(Layout places, Map<String, String> environment) throws IOException {
        return of(places, environment, List.of()).read();
    }
}
