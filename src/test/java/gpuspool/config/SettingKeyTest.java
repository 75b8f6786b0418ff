package gpuspool.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The table tells the truth about the settings. */
class SettingKeyTest {
    @ParameterizedTest
    @EnumSource
    void everyKey_isFoundAndDocumented(SettingKey key) {
        assertEquals(key, SettingKey.named(key.key()));
        assertTrue(key.doc().endsWith(".") && !key.allowed().isEmpty());
        assertTrue(key.variable().matches("GPUSPOOL_[A-Z_]+"), key.variable());
    }

    @ParameterizedTest
    @EnumSource
    void defaultInTheTable_isTheOneInForce(SettingKey key) {
        assertEquals(key.byDefault(), Settings.DEFAULTS.shown(key));
    }
}
