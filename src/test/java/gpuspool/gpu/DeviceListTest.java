package gpuspool.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DeviceListTest {
    private static List<String> words(String text) throws BadDeviceListException {
        return DeviceList.parse(text, "--devices").stream().map(GpuId::word).toList();
    }

    private static String complaint(String text) {
        return assertThrows(BadDeviceListException.class, () -> DeviceList.parse(text, "--devices"))
                .getMessage();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0                    | 0",
                "3,1,2                | 1 2 3",
                " 0 , 1               | 0 1",
                "10,9                 | 9 10",
                "007                  | 7",
                "GPU-5f0c2a1b-77aa    | GPU-5f0c2a1b-77aa",
                "MIG-GPU-8932f937/3/0 | MIG-GPU-8932f937/3/0",
                "GPU-b,1,GPU-a        | 1 GPU-a GPU-b",
                "sim:1                | sim:0",
                "' sim:3 '            | sim:0 sim:1 sim:2",
                "sim:0002             | sim:0 sim:1",
                "''                   | ''",
                "' '                  | ''",
            })
    void validList_becomesSortedCards(String text, String words) throws Exception {
        assertEquals(words.isEmpty() ? List.of() : List.of(words.split(" ")), words(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "all         | all",
                "-1          | -1",
                "0,,1        | ''",
                "0,1,        | ''",
                "0;1         | 0;1",
                "0 1         | 0 1",
                "GPU-        | GPU-",
                "GPU-ä       | GPU-ä",
                "gpu-5f0c    | gpu-5f0c",
                "0,NoDevFiles| NoDevFiles",
                "12345       | 12345",
                "0-3         | 0-3",
                "0,sim:1     | sim:1",
                "0x1         | 0x1",
                "٣           | ٣",
            })
    void entryThatNamesNoCard_isNamed(String text, String entry) {
        assertEquals(
                "--devices: \"" + entry + "\" in \"" + text
                        + "\" names no GPU; write indices (0,1), UUIDs (GPU-…, MIG-…) or sim:N for N simulated GPUs",
                complaint(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sim:", "sim:0", "sim:1025", "sim:-1", "sim:two", "sim:4,0", "sim: 4", "sim:99999999999"})
    void badNumberOfSimulatedCards_saysWhichAreGood(String text) {
        assertEquals(
                "--devices: \"" + text
                        + "\" is no number of simulated GPUs; write sim:N with N from 1 to 1024, for example sim:4 for four simulated GPUs",
                complaint(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"0,1,0 | 0", "1,01 | 01", "GPU-a,GPU-a | GPU-a"})
    void cardNamedTwice_isNamed(String text, String entry) {
        assertEquals(
                "--devices: \"" + entry + "\" stands twice in \"" + text + "\"; name each GPU once", complaint(text));
    }

    @Test
    void mostSimulated_areAllDifferent() throws Exception {
        assertEquals(1024, words("sim:1024").stream().distinct().count());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sim:3                | 3                    | 3            | sim-abc-3.lock",
                "3                    | 3                    | 3            | gpu-index-3.lock",
                "GPU-5f0c2a1b-77aa-33 | GPU-5f0c2a1b-77aa-33 | GPU-5f0c2a1b | gpu-GPU-5f0c2a1b-77aa-33.lock",
                "MIG-GPU-89/3/0       | MIG-GPU-89/3/0       | MIG-GPU-89/3 | gpu-MIG-GPU-89_3_0.lock",
            })
    void card_hasItsNamesForProgramsPeopleAndLocks(String word, String visible, String label, String lock) {
        GpuId card = GpuId.parse(word).orElseThrow();
        assertEquals(word, card.word());
        assertEquals(visible, card.visible());
        assertEquals(label, card.label());
        assertEquals(lock, card.lockName("abc"));
        assertEquals(Optional.of(card), GpuId.parse(card.word()));
    }
}
