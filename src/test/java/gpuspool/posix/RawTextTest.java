package gpuspool.posix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RawTextTest {
    private static final int ROUNDS = 20_000;

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "Grüße", "日本語", "🙂", "a\uFFFDb"})
    void validUtf8_isReadAsThat(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertEquals(text, RawText.of(bytes));
        assertArrayEquals(bytes, RawText.bytes(text));
    }

    @Test
    void otherBytes_standAloneAndComeBack() {
        byte[] bytes = {'c', 'a', 'f', (byte) 0xe9, '!', (byte) 0xff, (byte) 0xc3};
        assertEquals("caf\uDCE9!\uDCFF\uDCC3", RawText.of(bytes));
        assertArrayEquals(bytes, RawText.bytes("caf\uDCE9!\uDCFF\uDCC3"));
    }

    @Test
    void anyBytes_comeBack() {
        Random random = new Random(7);
        for (int i = 0; i < ROUNDS; i++) {
            byte[] bytes = new byte[random.nextInt(12)];
            random.nextBytes(bytes);
            assertArrayEquals(bytes, RawText.bytes(RawText.of(bytes)));
        }
    }

    @Test
    void variablesJavaCanShow_areLeftAsTheyAre() throws Exception {
        Map<String, String> shown = Map.of("A", "1", "B", "Grüße", "NOT_OF_THIS_PROCESS", "\uFFFD");
        assertEquals(shown, OwnEnvironment.exact(shown));
    }
}
