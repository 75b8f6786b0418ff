package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import gpuspool.config.SettingOption;
import gpuspool.config.Settings;
import gpuspool.config.SettingsReader;
import gpuspool.gpu.Roster;
import gpuspool.job.JobDefaults;
import gpuspool.spool.DropReader;
import gpuspool.supervise.JobEnvironment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SetupTest {
    private static Setup setup(boolean nfs) {
        Settings settings = new SettingsReader(
                        Map.of(),
                        List.of(
                                SettingOption.ofSet("settle=1ms"),
                                SettingOption.ofSet("settle_no_lease=2ms"),
                                SettingOption.ofSet("settle_nfs=3ms")),
                        "gpubox")
                .read(new byte[0])
                .settings();
        return new Setup(
                null,
                "gpubox",
                Roster.onTrust(List.of()),
                1,
                new DropReader(() -> new JobDefaults(List.of("/bin/sh")), () -> 1, false),
                nfs,
                Path.of("/"),
                new JobEnvironment(Map.of()),
                new Setup.HolderProgram(List.of("/bin/false"), Map.of()),
                () -> settings,
                new Attention(line -> {}),
                line -> {},
                JobNews.NOBODY);
    }

    @Test
    void settleTime_dependsOnLeaseAndFileSystem() {
        assertEquals(Duration.ofMillis(1), setup(false).settle(true));
        assertEquals(Duration.ofMillis(2), setup(false).settle(false));
        assertEquals(Duration.ofMillis(1), setup(true).settle(true));
        assertEquals(Duration.ofMillis(3), setup(true).settle(false));
    }
}
